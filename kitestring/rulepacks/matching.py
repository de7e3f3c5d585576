"""Finds all words of all rules in one pass: a trie, walked only from where a word may begin.

Between Chinese letters any blanks may stand; Latin words stand on word borders, and Vietnamese ones are found with all their
marks or with none. Linear in the text: from each place no more is read than the longest word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise, product
from pathlib import Path
from typing import Final

from kitestring.rulepacks.folding import HAN, SIGNS, canonical, unmarked

_IS_HAN = re.compile(rf"[{HAN}]")
_LETTER: Final = rf"[^\W{HAN}]"
_LATIN = re.compile(_LETTER)
_RUN = re.compile(rf"{_LETTER}+")
# The first run of letters of a word, and the second where only a blank stands between them.
_RUNS = re.compile(rf"({_LETTER}+)(?: ({_LETTER}+))?")
END: Final = ""
# Words with marks in one phrase of which any may have lost them.
MIXED: Final = 4

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
    if _IS_HAN.search(whole):
        yield whole
    else:
        yield from sorted({" ".join(chosen) for chosen in _bared(whole.split(" "))})


def _bared(parts: list[str]) -> Iterator[tuple[str, ...]]:
    """Each word with its marks or without; of a long phrase all, none, and one unlike the others: they double with each word."""
    bare = [unmarked(part) for part in parts]
    marked = [at for at, part in enumerate(parts) if part != bare[at]]
    if len(marked) <= MIXED:
        yield from product(*(sorted({part, plain}) for part, plain in zip(parts, bare, strict=True)))
        return
    for most, other in ((parts, bare), (bare, parts)):
        yield tuple(most)
        yield from ((*most[:at], other[at], *most[at + 1 :]) for at in marked)


def _runs(text: str) -> list[str]:
    """The runs of letters in a folded text, where all but letters is a blank or one of three signs."""
    if _IS_HAN.search(text):
        return _RUN.findall(text)
    for sign in SIGNS:
        text = text.replace(sign, " ")
    return text.split()


class Finder:
    """Looks for a fixed set of words (in canonical form).

    Where one may begin is told in few steps of C: Latin words by the runs of letters they are made of, all others by
    their first two letters. Both are read off the words, and every word has them; what is walked from there decides.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._root: Node = {}
        self._alone: set[str] = set()
        self._pairs: set[tuple[str, str]] = set()
        self._begins: set[tuple[str, str]] = set()
        for word in words:
            node = self._root
            for letter in word:
                node = node.setdefault(letter, {})
            # The word itself, as a walk need not put it together again.
            node[END] = {word: {}}
            self._note(word)
        firsts, seconds = ("".join(sorted({pair[at] for pair in self._begins})) for at in (0, 1))
        self._others = (
            re.compile(f"([{re.escape(firsts)}])(?= *([{re.escape(seconds)}]))") if seconds else None
        )
        # A word of one Chinese letter is nothing that a pair of letters could tell.
        lone = sorted(one for one, node in self._root.items() if END in node and not _LATIN.match(one))
        self._lone = re.compile(f"[{re.escape(''.join(lone))}]") if lone else None
        self.patterns = [one for one in (_RUN, self._others, self._lone) if one is not None]

    def _note(self, word: str) -> None:
        runs = _RUNS.match(word)
        if runs is None:
            self._begins |= {(word[0], letter) for letter in word[1:].lstrip(" ")[:1]}
        elif runs[2]:
            self._pairs.add((runs[1], runs[2]))
        else:
            self._alone.add(runs[1])

    def find(self, text: str) -> list[Found]:
        """(word, start, end) of every one in the folded text, also inside one another, in order of start."""
        starts = self._latin_starts(text)
        if self._others is not None:
            begins = self._begins
            starts |= {found.start() for found in self._others.finditer(text) if found.groups() in begins}
        if self._lone is not None:
            starts |= {found.start() for found in self._lone.finditer(text)}
        return [found for start in sorted(starts) for found in self._walk(text, start)]

    def _latin_starts(self, text: str) -> set[int]:
        """Where a run of letters begins that a word may begin with."""
        runs = _runs(text)
        firsts = self._alone.intersection(runs)
        firsts.update(pair[0] for pair in self._pairs.intersection(pairwise(runs)))
        starts = set()
        for first in firsts:
            at = text.find(first)
            while at >= 0:
                end = at + len(first)
                if not (at and _LATIN.match(text[at - 1])) and not (
                    end < len(text) and _LATIN.match(text[end])
                ):
                    starts.add(at)
                at = text.find(first, end)
        return starts

    def _walk(self, text: str, start: int) -> list[Found]:
        """The words that begin there. Most walks end after a few letters, and each of these steps is taken at every one."""
        found: list[Found] = []
        node, at, size = self._root, start, len(text)
        while True:
            if END in node and not (_LATIN.match(text[at - 1]) and at < size and _LATIN.match(text[at])):
                found += [(word, start, at) for word in node[END]]
            letter = text[at] if at < size else " "
            if letter != " ":
                if letter not in node:
                    return found
                node, at = node[letter], at + 1
                continue
            ahead = at
            while ahead < size and text[ahead] == " ":
                ahead += 1
            if ahead == size:
                return found
            letter = text[ahead]
            if letter in node and (_IS_HAN.match(letter) or _IS_HAN.match(text[at - 1])):
                node, at = node[letter], ahead + 1
            elif " " in node:
                node, at = node[" "], ahead
            else:
                return found
