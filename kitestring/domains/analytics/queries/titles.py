"""What a post is called in a line."""

from __future__ import annotations

from typing import Final

from kitestring.domains.publishing.models import Delivery

LONGEST: Final = 48


def title_of(delivery: Delivery, longest: int = LONGEST) -> str:
    """The post's title or its first words, at most `longest` letters."""
    post = delivery.revision.post if delivery.revision else None
    given = delivery.payload.get("title") or delivery.payload.get("text") or ""
    text = (post.title if post else "") or str(given)
    line = " ".join(text[:400].split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
