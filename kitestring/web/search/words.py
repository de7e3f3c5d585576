"""What a person typed, as conditions on texts: every word somewhere; a run of Chinese also cut where it makes words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeVar

from django.db.models import Model, Q, QuerySet

from kitestring.kit.text import clean

M = TypeVar("M", bound=Model)
MOST: Final = 6
LONGEST: Final = 100
# Chinese words have two to four characters; a run longer than this is only looked for as it stands.
PIECE: Final = (2, 3, 4)
RUN: Final = 10
HAN: Final = re.compile(r"[㐀-鿿]+|[^\s㐀-鿿]+")


def words_of(typed: str) -> list[str]:
    """At most six words. Chinese needs no spaces: its runs stand apart from other letters by themselves."""
    return HAN.findall(clean(typed)[:LONGEST])[:MOST]


def with_words(rows: QuerySet[M], words: list[str], *fields: str) -> QuerySet[M]:
    """The rows that have every word in one of the fields, whatever the case."""
    for word in words:
        rows = rows.filter(_anywhere(word, fields))
    return rows


def _anywhere(word: str, fields: tuple[str, ...]) -> Q:
    found = Q()
    for pieces in _cuts(word):
        together = Q()
        for piece in pieces:
            here = Q()
            for field in fields:
                here |= Q(**{f"{field}__icontains": piece})
            together &= here
        found |= together
    return found


def _cuts(word: str) -> Iterator[list[str]]:
    """The word as it stands; of a Chinese run also every way to cut it into words: 周五咖啡 is 周五 and 咖啡."""
    yield [word]
    if "㐀" <= word[0] <= "鿿" and len(word) <= RUN:
        yield from (pieces for pieces in _pieces(word) if len(pieces) > 1)


def _pieces(run: str) -> Iterator[list[str]]:
    if not run:
        yield []
    for length in PIECE:
        if len(run) >= length:
            yield from ([run[:length], *rest] for rest in _pieces(run[length:]))
