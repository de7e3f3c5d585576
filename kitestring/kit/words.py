"""What a person typed, as conditions on texts: every word somewhere; a run of Chinese also cut where it makes words.

Vietnamese is often typed without its marks: such words are found with any marks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
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


def _bases() -> dict[str, str]:
    """Vietnamese letters and the ones without marks under them. They are all composed: so texts are stored."""
    marks = ("", "\u0302", "\u0306", "\u031b")
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    found = {"đ": "d", "Đ": "D"}
    for base in "aeiouyAEIOUY":
        for mark in marks:
            for tone in tones:
                letter = unicodedata.normalize("NFC", base + mark + tone)
                if len(letter) == 1 and letter != base:
                    found[letter] = base
    return found


BASES: Final = _bases()
FOLD: Final = str.maketrans(BASES)


def folded(text: str) -> str:
    """The text without Vietnamese marks, letter by letter: places in it are places in the text."""
    return text.translate(FOLD)


@lru_cache(maxsize=256)
def _any_marks(piece: str) -> str:
    """An expression for the piece in both cases and with any marks: as quick in PostgreSQL as the plain comparison.

    It has no `unaccent` here, and `translate` over whole texts takes eighty times as long.
    """
    return "".join(_class(letter) for letter in piece.lower())


def _class(letter: str) -> str:
    if not letter.isalpha():
        return re.escape(letter)
    return f"[{letter}{letter.upper()}{''.join(k for k, base in BASES.items() if base.lower() == letter)}]"


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
                here |= _holds(field, piece)
            together &= here
        found |= together
    return found


def _holds(field: str, piece: str) -> Q:
    """With marks only what has them; without, either. Only words of Latin letters are looked for with any marks."""
    if piece.isascii() and any(letter.isalpha() for letter in piece):
        return Q(**{f"{field}__regex": _any_marks(piece)})
    return Q(**{f"{field}__icontains": piece})


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
