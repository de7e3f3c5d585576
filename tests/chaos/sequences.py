"""Texts that are cut into a sequence of four: a head, two parts and a comment. Stands for the composer's own cutting."""

from __future__ import annotations

from typing import Any, Final

from kitestring.domains.publishing.actions.claim import Claimed
from kitestring.domains.publishing.actions.close import Result
from kitestring.domains.publishing.rules.answers import Live
from kitestring.domains.publishing.rules.next_step import Next
from kitestring.domains.publishing.rules.sequence import in_sequence, parts_of, under

ROLES: Final = ("head", "part", "part", "comment")
CUT: Final = "\n---\n"


def in_parts(text: str) -> str:
    """The text four times over, each time with other words before it."""
    return CUT.join(f"{role} {place} {text}" for place, role in enumerate(ROLES))


def said(claimed: Claimed) -> tuple[str, str]:
    """The text of what was claimed, and what it is put under."""
    parts = parts_of(claimed.payload)
    text = parts[claimed.part]["text"] if parts else claimed.payload["text"]
    return text, under(claimed.payload, claimed.part, claimed.before, claimed.head) if claimed.part else ""


def proof(claimed: Claimed, live: Live) -> Result:
    """What its sender would write down."""
    step = in_sequence(Next("published", live=live), claimed.part, claimed.parts, restored=None)
    return Result(
        claimed.id, claimed.account_id, claimed.attempt, "sending", step, 0.0, claimed.part, claimed.parts
    )


def cut(content: dict[str, Any]) -> dict[str, Any]:
    """What the composer freezes of a text with cuts in it."""
    texts = content["text"].split(CUT)
    if len(texts) > 1:
        content["parts"] = [{"role": role, "text": text} for role, text in zip(ROLES, texts, strict=True)]
    return content
