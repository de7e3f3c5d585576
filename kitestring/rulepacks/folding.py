"""Makes ways to write the same thing the same: width, case, traditional Chinese, invisible letters, signs between letters.

In the folded text a blank stands for anything that is no letter or number, a full stop for the end of a sentence; "#" and
"%" stay. Every place in it leads back to the original. All of it is linear in the text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, cached_property
from itertools import accumulate
from pathlib import Path
from typing import Final

import regex

KEPT: Final = "#%"
# What a folded text holds besides letters, numbers and blanks.
SIGNS: Final = "." + KEPT
ENDS: Final = "。！？!?\n｡"
# A full stop inside "No.1" or between Chinese letters ends nothing: decided once the neighbours are folded.
DOT: Final = "\x1f"
_DOTS = re.compile(r"(?<!\x1f)\x1f++(?=[^ .\x1f])")
_CLUSTER = regex.compile(r"\P{M}\p{M}*|\p{M}+")
HAN: Final = "\u2e80-\u9fff"
# Letters that are drawn as nothing, though Unicode counts them as letters: fillers of Korean syllables.
FILLERS: Final = "\u115f\u1160\u3164\uffa0"
# Cyrillic and Greek letters drawn like Latin ones, and those; no rule is written in either script.
ALIKE: Final = str.maketrans(
    "асеорхуіјѕһԛԁАВЕКМНОРСТУХІЈЅνοαιυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aceopxyijshqdabekmhopctyxijsvoaiuabezhikmnoptyx",
)


@cache
def simplified() -> dict[int, int]:
    """Traditional letters that stand in our rules' words, and the simplified ones for them."""
    lines = (Path(__file__).parent / "simplified.txt").read_text("utf-8").split("\n")
    pairs = [line.split() for line in lines if line and not line.startswith("#")]
    return {
        ord(old): ord(new)
        for old, new in (pair for line in pairs for pair in zip(line[0], line[1], strict=True))
    }


class _Table(dict[int, str]):
    """A translation table that learns each letter when it first comes; `uneven` are those that are not one for one."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        self[code] = folded = _fold_letter(letter)
        if len(folded) != 1:
            self.uneven.add(letter)
        return folded


def _fold_letter(letter: str) -> str:
    if letter in KEPT:
        return letter
    if letter in ENDS:
        return "."
    if letter in ".…":
        return DOT
    kind = unicodedata.category(letter)
    if kind in ("Cf", "Mn", "Me") or letter in FILLERS:
        return ""
    plain = unicodedata.normalize("NFKC", letter)
    if plain != letter:
        return "".join(_fold_letter(one) for one in plain)
    if kind[0] not in "LN":
        return " "
    return letter.translate(ALIKE).lower().translate(simplified())


_TABLE = _Table()


class Folded:
    """`text`, folded from `original`; `span` leads back (code points, end excluded)."""

    def __init__(self, original: str) -> None:
        self.original = original
        composed = unicodedata.is_normalized("NFC", original)
        self._clusters = None if composed else _clusters(original)
        base = original if self._clusters is None else "".join(self._clusters)
        text = base.translate(_TABLE)
        if DOT in text:
            text = _DOTS.sub(lambda found: " " * len(found[0]), text).replace(DOT, ".")
        self.text = text

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original that `text[start:end]` came from."""
        if self._even:
            return start, end
        folded, ends = self._ends
        first, last = bisect_right(folded, start), bisect_right(folded, end - 1)
        return ends[first - 1] if first else 0, ends[last]

    @cached_property
    def _even(self) -> bool:
        return self._clusters is None and _TABLE.uneven.isdisjoint(self.original)

    @cached_property
    def _ends(self) -> tuple[list[int], Sequence[int]]:
        """Where each piece ends, in the folded text and in the original; what folds to nothing ends where it began."""
        if self._clusters is None:
            letters = map(len, map(_TABLE.__getitem__, map(ord, self.original)))
            return list(accumulate(letters)), range(1, len(self.original) + 1)
        sizes = (len(piece.translate(_TABLE)) for piece in self._clusters)
        widths = (len(found[0]) for found in _CLUSTER.finditer(self.original))
        return list(accumulate(sizes)), list(accumulate(widths))


def _clusters(text: str) -> list[str]:
    """Each letter with its marks, composed: how the text reads in NFC."""
    return [unicodedata.normalize("NFC", found[0]) for found in _CLUSTER.finditer(text)]


_GAP = re.compile(rf"(?<=[{HAN}]) +| +(?=[{HAN}])")


def canonical(words: str) -> str:
    """Words as rules and claims name them: folded, one blank between Latin words, none beside Chinese letters."""
    return _GAP.sub("", " ".join(Folded(words).text.split()))


def unmarked(word: str) -> str:
    """The word as written on a keyboard without marks: "nhất" is "nhat"."""
    bare = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(letter for letter in bare if unicodedata.category(letter) != "Mn")
