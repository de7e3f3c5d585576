"""An article as Zalo takes it: cover, summary, and a body of parts, texts in HTML and pictures by address, in turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from kitestring.connectorkit.articles import to_html
from kitestring.connectorkit.contract import Outgoing, Session
from kitestring.connectorkit.marked import pieces, unplaced, without_pictures

DESCRIPTION: Final = 250  # letters: public code met refusals below the stated 300


def made(
    session: Session, outgoing: Outgoing, pictures: Sequence[str], names: Sequence[str], *, shown: bool
) -> dict[str, Any]:
    """The body of create and update. `pictures`: public addresses, the cover first; `names`: how the text calls them."""
    text = outgoing.text.strip()
    if outgoing.link and outgoing.link not in text:
        text = f"{text}\n\n{outgoing.link}"
    return {
        "type": "normal",
        "title": outgoing.title.strip(),
        "author": outgoing.options.get("author", "").strip() or session.handle[:50],
        "cover": {"cover_type": "photo", "photo_url": pictures[0], "status": "show"},
        "description": outgoing.options.get("description", "").strip() or beginning(outgoing.text),
        "body": _parts(text, pictures, names),
        "status": "show" if shown else "hide",
        "comment": "show",
    }


def _parts(text: str, pictures: Sequence[str], names: Sequence[str]) -> list[dict[str, str]]:
    """Words and pictures in turn: those that the text places where it has them, the others below."""
    known = list(names) + [""] * (len(pictures) - len(names))
    address = dict(zip(known, pictures, strict=True))
    parts: list[dict[str, str]] = []
    for words, name in pieces(text):
        if words:
            parts.append({"type": "text", "content": to_html(words)})
        elif name in address:
            parts.append({"type": "image", "url": address[name]})
    return parts + [{"type": "image", "url": pictures[place]} for place in unplaced(known, text)]


def beginning(text: str) -> str:
    """The first words of a text, as much as a summary holds, cut between words."""
    plain = " ".join(without_pictures(text).replace("#", " ").replace("*", " ").split())
    if len(plain) <= DESCRIPTION:
        return plain
    cut = plain[: DESCRIPTION - 1]
    return (cut.rpartition(" ")[0] or cut) + "…"
