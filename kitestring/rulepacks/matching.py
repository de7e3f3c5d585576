"""Finds all words of all rules in one pass: a trie, with a regular expression made of it to skip what cannot begin a word.

Between Chinese letters any blanks may stand; Latin words stand on word borders, and Vietnamese ones are found with all their
marks or with none. Linear in the text: from each place no more is read than the longest word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Final

from kitestring.rulepacks.folding import HAN, canonical, unmarked

_IS_HAN = re.compile(rf"[{HAN}]")
_LETTER: Final = rf"[^\W{HAN}]"
_LATIN = re.compile(_LETTER)
END: Final = ""
# So many letters are looked at before walking on letter by letter.
LOOK: Final = 4

Node = dict[str, "Node"]
Found = tuple[str, int, int]


@cache
def disguises() -> dict[str, tuple[str, ...]]:
    """What our Chinese words are written with, and what people write for it to pass a filter."""
    lines = (Path(__file__).parent / "disguises.txt").read_text("utf-8").split("\n")
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return {row[0]: tuple(row[1:]) for row in rows}


def forms(word: str) -> Iterator[str]:
    """The canonical word, each way to leave the marks of whole words away, and its disguises."""
    whole = canonical(word)
    for plain, others in disguises().items():
        if plain in whole:
            yield from (whole.replace(plain, other) for other in others)
    choices = [{part, unmarked(part)} if not part.isascii() else {part} for part in whole.split(" ")]
    for chosen in product(*(choices if not _IS_HAN.search(whole) else [{whole}])):
        yield " ".join(chosen)


class Finder:
    """Looks for a fixed set of words (in canonical form)."""

    def __init__(self, words: Iterable[str]) -> None:
        self._root: Node = {}
        for word in words:
            node = self._root
            for letter in word:
                node = node.setdefault(letter, {})
            node[END] = {}
        latin = [letter for letter in self._root if _LATIN.match(letter)]
        others = self._root.keys() - latin
        # The search skips to Chinese words by their first letters, to Latin ones by their borders.
        self.patterns = [
            re.compile(f"{border}(?:{self._any_of(firsts)})")
            for border, firsts in (("", others), (rf"(?<!{_LETTER})", latin))
            if firsts
        ]

    def _any_of(self, firsts: Iterable[str]) -> str:
        return "|".join(f"{re.escape(one)}(?={_begins(self._root[one], one)})" for one in sorted(firsts))

    def find(self, text: str) -> list[Found]:
        """(word, start, end) of every one in the folded text, also inside one another, in order of start."""
        starts = [found.start() for begins in self.patterns for found in begins.finditer(text)]
        return [found for start in sorted(starts) for found in self._walk(text, start)]

    def _walk(self, text: str, start: int) -> Iterator[Found]:
        node, at, word, size = self._root, start, "", len(text)
        while True:
            if END in node and not (_LATIN.match(word[-1]) and at < size and _LATIN.match(text[at])):
                yield word, start, at
            ahead = at
            while ahead < size and text[ahead] == " ":
                ahead += 1
            if ahead == size:
                return
            letter = text[ahead]
            loose = ahead == at or bool(_IS_HAN.match(letter) or (word and _IS_HAN.match(word[-1])))
            if loose and letter in node:
                node, at, word = node[letter], ahead + 1, word + letter
            elif ahead > at and " " in node:
                node, at, word = node[" "], ahead, word + " "
            else:
                return


def _begins(node: Node, before: str, depth: int = 1) -> str:
    """How words go on after the letter `before`, as far as it is worth looking before one walks there."""
    if END in node or depth == LOOK:
        return ""
    return f"(?:{'|'.join(_next(node[one], before, one, depth) for one in sorted(node))})"


def _next(node: Node, before: str, letter: str, depth: int) -> str:
    if letter == " ":
        return " +" + _begins(node, letter, depth + 1)
    gap = " *" if _IS_HAN.match(before) or _IS_HAN.match(letter) else ""
    return gap + re.escape(letter) + _begins(node, letter, depth + 1)
