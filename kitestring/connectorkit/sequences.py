"""Makes the parts of a sequence of one text: where the writer drew a line of only ---, and where a part is still too long.

The first part leaves as the post's own kind, the others as replies: each is cut to the limit of what it leaves as.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import regex

from kitestring.connectorkit.counting import count, measure
from kitestring.connectorkit.links import links
from kitestring.connectorkit.manifest import Manifest, PublishKind, TextLimit
from kitestring.connectorkit.splitting import split

Role = Literal["head", "part", "comment"]

_LINE = regex.compile(r"^[ \t]*---[ \t]*$", regex.MULTILINE)
# Cutting costs a second for so many letters, which would be felt at every save. What makes more than twice the parts that
# a channel carries is not cut either: nobody is helped by being told of all of them.
MOST_CUT = 20_000
WIDEST_NUMBER = "\n\n99/99"


@dataclass(frozen=True)
class Part:
    """One of the posts of a sequence: what it is to the others, and its words."""

    role: Role
    text: str

    def frozen(self) -> dict[str, str]:
        """As a revision keeps it."""
        return {"role": self.role, "text": self.text}


def has_lines(text: str) -> bool:
    """Whether the writer drew a line of only --- anywhere."""
    return "---" in text and _LINE.search(text) is not None


def parts_of(
    manifest: Manifest,
    kind: PublishKind,
    text: str,
    *,
    link: str = "",
    pictures: bool = False,
    numbered: bool = False,
) -> list[str]:
    """The texts of the parts in order; one where it fits into one or the channel carries no sequences.

    `link`, `pictures`: what else the head carries. `numbered`: each ends with its place, "2/3", for which room is kept. A
    single thing that is too long for any part (a link) stays whole in a part of its own.
    """
    fact = manifest.sequence
    if fact is None or manifest.reply is None:
        return [text]
    needed = link if fact.link == "always" or (fact.link == "with_media" and pictures) else ""
    later = manifest.reply.text
    if len(text) > min(MOST_CUT, 2 * fact.most * max(kind.text.limit, later.limit)):
        return _sections(text) or [text]
    return list(_cut(text, kind.text, later, needed, numbered)) or [text]


def comes_apart(payload: Mapping[str, Any]) -> list[Part]:
    """The parts a frozen variant holds; none where it is one post."""
    return [Part(part["role"], part["text"]) for part in payload.get("parts") or ()]


def comment_of(payload: Mapping[str, Any]) -> str:
    """The first comment of a frozen variant, "" without one."""
    return next((part.text for part in comes_apart(payload) if part.role == "comment"), "")


def _sections(text: str) -> list[str]:
    """What stands between the lines the writer drew."""
    return [section.strip() for section in _LINE.split(text) if section.strip()]


@lru_cache(maxsize=256)
def _cut(text: str, head: TextLimit, later: TextLimit, link: str, numbered: bool) -> tuple[str, ...]:
    """The same words are cut again and again: while somebody types, when they are frozen, and to be shown."""
    sections = _sections(text)
    whole = len(sections) == 1 and measure(sections[0], _less(head, _room(link, sections[0], head))).fits
    if not sections or whole:
        return tuple(sections)
    if numbered:
        head, later = (_less(limit, count(WIDEST_NUMBER, limit.unit)) for limit in (head, later))
    first = _pieces(sections[0], head, later)
    if room := _room(link, first[0], head):
        first = _pieces(sections[0], _less(head, room), later)
    found = [*first, *(piece for section in sections[1:] for piece in _pieces(section, later, later))]
    if not numbered:
        return tuple(found)
    return tuple(f"{piece}\n\n{place}/{len(found)}" for place, piece in enumerate(found, start=1))


def _room(link: str, text: str, limit: TextLimit) -> int:
    """What the link takes where it closes the head; nothing where the head names it already."""
    if not link or any(span.text == link for span in links(text, any_host=True)):
        return 0
    return count(f"\n\n{link}", limit.unit, url_weight=limit.url_weight)


def _less(limit: TextLimit, room: int) -> TextLimit:
    fewer = {"limit": max(1, limit.limit - room)}
    if limit.also_bytes is not None:
        fewer["also_bytes"] = max(1, limit.also_bytes - 4 * room)
    return limit.model_copy(update=fewer)


def _pieces(text: str, first: TextLimit, later: TextLimit) -> list[str]:
    """A section in pieces: one if it fits, else the first within its own limit and the rest within theirs."""
    if measure(text, first).fits:
        return [text]
    pieces = _split(text, first)
    if first == later:
        return pieces
    rest = text[len(pieces[0]) :].strip()
    return [pieces[0], *(_split(rest, later) if rest else ())]


def _split(text: str, limit: TextLimit) -> list[str]:
    return split(
        text,
        limit.limit,
        limit.unit,
        url_weight=limit.url_weight,
        mentions_without_host=limit.mentions_without_host,
        also_bytes=limit.also_bytes,
        keep_longer=True,
    )
