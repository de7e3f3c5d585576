"""Texts that are cut into a sequence of four: a head, two parts and a comment. Stands for the composer's own cutting."""

from __future__ import annotations

from typing import Any, Final

ROLES: Final = ("head", "part", "part", "comment")
CUT: Final = "\n---\n"


def in_parts(text: str) -> str:
    """The text four times over, each time with other words before it."""
    return CUT.join(f"{role} {place} {text}" for place, role in enumerate(ROLES))


def cut(content: dict[str, Any]) -> dict[str, Any]:
    """What the composer freezes of a text with cuts in it."""
    texts = content["text"].split(CUT)
    if len(texts) > 1:
        content["parts"] = [{"role": role, "text": text} for role, text in zip(ROLES, texts, strict=True)]
    return content
