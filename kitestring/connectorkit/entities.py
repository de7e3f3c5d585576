"""Mentions, lists, hashtags and cashtags by the letter of twitter-text: what becomes a link there, and what does not.

`links.spans` is kinder (names with dots, Chinese names, a hashtag right behind a Chinese letter): use it where the question is
what must stay whole. Indices are code points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import regex

from kitestring.connectorkit.links import ACCENTS, MARKS, SPACES, TAG_LETTERS, TAG_SIGNS, Span, links

_TAG = rf"(?:[{TAG_SIGNS}]*+[{TAG_LETTERS}][{TAG_LETTERS}{TAG_SIGNS}]*+)"
_HASHTAG = regex.compile(
    rf"(?<![{TAG_LETTERS}{TAG_SIGNS}&--\uFE0E\uFE0F])[#＃](?!\uFE0F|\u20E3)({_TAG})", regex.V1
)
_NOT_AFTER_HASHTAG = regex.compile("[#＃]|://")
_MENTION = regex.compile(
    r"(?<![A-Za-z0-9_!#$%&*@＠])[@＠]([A-Za-z0-9_]{1,20})(/[A-Za-z][A-Za-z0-9_\-]{0,24})?"
    r"|(?<![A-Za-z0-9_+~.\-])[rR][tT]:?[@＠]([A-Za-z0-9_]{1,20})(/[A-Za-z][A-Za-z0-9_\-]{0,24})?"
)
_NOT_AFTER_MENTION = regex.compile(rf"[@＠{ACCENTS}]|://")
_REPLY = regex.compile(rf"[{SPACES}{MARKS}]*+[@＠]([A-Za-z0-9_]{{1,20}})")
_CASHTAG = regex.compile(
    rf"(?:(?<=[{SPACES}{MARKS}])|^)\$([a-z]{{1,6}}(?:[._][a-z]{{1,2}})?)(?=$|\s|[!'#%&()*+,\\\-./:;<=>?@\[\]^_{{|}}~$])",
    regex.IGNORECASE,
)


@dataclass(frozen=True)
class Entity:
    """`text[start:end]` with its sign; `name` without it. `list_of`: of a list "/list", which follows the name of its owner."""

    start: int
    end: int
    name: str
    list_of: str = ""


def mentions(text: str, *, lists: bool = False) -> list[Entity]:
    """Everybody mentioned. `lists`: "@owner/list" is a list and spans it; else it mentions its owner."""
    return list(_mentions(text, lists))


def _mentions(text: str, lists: bool) -> Iterator[Entity]:
    for match in _MENTION.finditer(text):
        # A list's name that runs on is followed by what it is followed by; so is a name.
        if _NOT_AFTER_MENTION.match(text, match.end()):
            continue
        group = 1 if match.group(1) else 3
        name, slug = match.group(group), match.group(group + 1) or ""
        start = match.start(group) - 1
        if lists and slug:
            yield Entity(start, match.end(), name, slug)
        else:
            yield Entity(start, match.end(group), name)


def replied_to(text: str) -> str:
    """Whose post the text answers: the name it begins with; "" when with none."""
    match = _REPLY.match(text)
    return match.group(1) if match and not _NOT_AFTER_MENTION.match(text, match.end()) else ""


def hashtags(text: str) -> list[Entity]:
    """Every hashtag that is not part of a link; one of figures only is none."""
    found = (
        Entity(match.start(), match.end(), match.group(1))
        for match in _HASHTAG.finditer(text)
        if not _NOT_AFTER_HASHTAG.match(text, match.end())
    )
    return _outside(found, links(text))


def cashtags(text: str) -> list[Entity]:
    """Every "$NAME" of a share that is not part of a link."""
    found = (Entity(m.start(1) - 1, m.end(), m.group(1)) for m in _CASHTAG.finditer(text))
    return _outside(found, links(text))


def _outside(found: Iterable[Entity], taken: list[Span]) -> list[Entity]:
    kept, at = [], 0
    for one in found:
        while at < len(taken) and taken[at].end <= one.start:
            at += 1
        if at == len(taken) or one.end <= taken[at].start:
            kept.append(one)
    return kept


def is_mention(text: str) -> bool:
    """Whether the whole text is one "@name"."""
    return [(one.start, one.end) for one in mentions(text)] == [(0, len(text))] and "/" not in text


def is_list(text: str) -> bool:
    """Whether the whole text is one "@owner/list"."""
    return [(one.end, one.list_of != "") for one in mentions(text, lists=True)] == [
        (len(text), True)
    ] and text[0] in "@＠"


def is_hashtag(text: str) -> bool:
    """Whether the whole text is one hashtag."""
    return [(one.start, one.end) for one in hashtags(text)] == [(0, len(text))]
