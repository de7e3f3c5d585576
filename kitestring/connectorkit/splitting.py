"""Cuts a long text into a thread: at sentence ends if it can, then clauses, then words, never inside anything.

A grapheme or link is never cut; a mention, hashtag or number only where it is longer than a part. Only white space at the cuts is
dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import regex

from kitestring.connectorkit import graphemes
from kitestring.connectorkit.counting import count
from kitestring.connectorkit.manifest import Unit
from kitestring.connectorkit.uncut import whole

PARAGRAPH, SENTENCE, CLAUSE, WORD, LETTER = 4, 3, 2, 1, 0
WORTH = 0.4  # a better cut is taken when it leaves the piece at least this full

_SENTENCE_END = regex.compile(r"[。！？!?….](?:[\"'”’」』）)】]*)$")
_CLAUSE_END = regex.compile(r"[，、；：,;:—–](?:[\"'”’」』）)】]*)$")
_WIDE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\u3000-\u303F\uFF00-\uFFEF]")
_WHOLE = regex.compile(r"[@＠#＃]?[\p{L}\p{N}]{2}")  # how a piece begins that is not cut
_NOT_FIRST = regex.compile(r"[。！？!?…，、；：,;:.”’」』）)】》〉％%]")
_NOT_LAST = regex.compile(r"[“‘「『（(【《〈$€£¥]")


class Unsplittable(ValueError):
    """One thing that may not be cut (a link, say) is longer than the whole limit. `text` is that thing."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text[:80]!r} does not fit into one part")
        self.text = text


@dataclass(frozen=True)
class _Atom:
    text: str
    after: int
    """How good a cut behind it is (PARAGRAPH ... LETTER; -1: none)."""


def split(
    text: str,
    limit: int,
    unit: Unit,
    *,
    url_weight: int | None = None,
    mentions_without_host: bool = False,
    also_bytes: int | None = None,
    words: Callable[[str], Sequence[str]] | None = None,
    keep_longer: bool = False,
) -> list[str]:
    """The text in parts of at most `limit` units (and `also_bytes` bytes), in order, none empty.

    `url_weight` and `mentions_without_host` as for `counting.count`.
    `words` segments a stretch without spaces (Chinese) into words; without it any two letters there may part.
    `keep_longer`: what may not be cut and is longer than a part makes a part of its own. Else raises Unsplittable.
    """

    def fits(piece: str) -> bool:
        if also_bytes is not None and len(piece.encode("utf-8", "surrogatepass")) > also_bytes:
            return False
        found = count(piece, unit, url_weight=url_weight, mentions_without_host=mentions_without_host)
        return found <= limit

    atoms = _atoms(text, words, fits)
    parts: list[str] = []
    start = 0
    while start < len(atoms):
        if atoms[start].text.isspace():
            start += 1
            continue
        end = _longest(atoms, start, fits)
        if end == start:
            if not keep_longer:
                raise Unsplittable(atoms[start].text)
            end = start + 1
        elif end < len(atoms):
            end = _best_cut(atoms, start, end)
        parts.append(_joined(atoms, start, end))
        start = end
    return parts


def _atoms(
    text: str, words: Callable[[str], Sequence[str]] | None, fits: Callable[[str], bool]
) -> list[_Atom]:
    pieces = _pieces(text, fits)
    borders = _word_borders(text, words) if words else None
    atoms, at, behind = [], 0, ""
    for number, piece in enumerate(pieces):
        at += len(piece)
        behind = (behind + piece)[-8:]
        after = pieces[number + 1] if number + 1 < len(pieces) else ""
        atoms.append(_Atom(piece, _rank(piece, after, behind, borders is None or at in borders)))
    return atoms


def _pieces(text: str, fits: Callable[[str], bool]) -> list[str]:
    """Graphemes, and in one piece all those that a link, mention, hashtag or number touches."""
    kept = whole(text, fits)
    pieces: list[str] = []
    start, at = 0, 0
    for end in graphemes.ends(text):
        while at < len(kept) and kept[at][1] <= end:
            at += 1
        if at == len(kept) or kept[at][0] >= end:
            pieces.append(text[start:end])
            start = end
    return pieces


def _word_borders(text: str, words: Callable[[str], Sequence[str]]) -> set[int]:
    borders, at = set(), 0
    for word in words(text):
        at += len(word)
        borders.add(at)
    return borders


def _rank(piece: str, after: str, behind: str, border: bool) -> int:
    if not after:
        return PARAGRAPH
    if "\n" in piece and "\n" in (after + behind[:-1]):
        return PARAGRAPH
    if "\n" in piece:
        return SENTENCE
    if _NOT_FIRST.match(after) or (_NOT_LAST.match(piece[-1:]) and not piece.isspace()):
        return -1
    before = behind.rstrip()
    closed = piece.isspace() or _WIDE.match(piece[-1:]) is not None
    if closed and _SENTENCE_END.search(before):
        return SENTENCE
    if closed and _CLAUSE_END.search(before):
        return CLAUSE
    if piece.isspace():
        return WORD
    if after.isspace():
        return -1
    wide = _WIDE.match(piece[-1:]) and (_WIDE.match(after) or _WHOLE.match(after))
    return WORD if wide and border else LETTER


def _joined(atoms: list[_Atom], start: int, end: int) -> str:
    """The run without the white space that closes it; a blank that carries a mark is none."""
    while end > start and atoms[end - 1].text.isspace():
        end -= 1
    return "".join(atom.text for atom in atoms[start:end])


def _longest(atoms: list[_Atom], start: int, fits: Callable[[str], bool]) -> int:
    """The end (exclusive) of the longest run from `start` that fits, by doubling then halving; `start` where none does."""

    def run_fits(end: int) -> bool:
        return fits(_joined(atoms, start, end))

    if not run_fits(start + 1):
        return start
    low, step = start + 1, 64
    while low + step <= len(atoms) and run_fits(low + step):
        low += step
        step *= 2
    high = min(low + step, len(atoms) + 1)
    while low + 1 < high:
        middle = (low + high) // 2
        if run_fits(middle):
            low = middle
        else:
            high = middle
    return low


def _best_cut(atoms: list[_Atom], start: int, end: int) -> int:
    """The best place to cut at or before `end`: the highest rank that leaves the piece worth having."""
    least = start + max(1, int((end - start) * WORTH))
    for rank in (PARAGRAPH, SENTENCE, CLAUSE):
        for cut in range(end, least - 1, -1):
            if atoms[cut - 1].after >= rank:
                return cut
    for rank in (WORD, LETTER):
        for cut in range(end, start, -1):
            if atoms[cut - 1].after >= rank:
                return cut
    return end
