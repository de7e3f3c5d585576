"""Stretches of a text, end excluded, and what they have to do with each other; each question is one search in a sorted list."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

Span = tuple[int, int]
Kept = TypeVar("Kept")


class Spans:
    """Some stretches, in order of start."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._starts = [start for start, _end in spans]
        self._furthest = list(accumulate((end for _start, end in spans), max))
        self._by_end = sorted(spans, key=lambda span: span[1])
        self._ends = [end for _start, end in self._by_end]
        self._spans = spans

    def cover(self, span: Span) -> bool:
        """Whether one of them holds the whole of `span`."""
        before = bisect_right(self._starts, span[0])
        return before > 0 and self._furthest[before - 1] >= span[1]

    def near(self, span: Span, text: str, within: int, *, either: bool) -> Span | None:
        """From `span` to the next of them, at most `within` letters on; `either`: or from one that ends so far before."""
        after = bisect_left(self._starts, span[1])
        if after < len(self._starts) and self._starts[after] - span[1] <= within:
            return span[0], self._spans[after][1]
        before = bisect_right(self._ends, span[0]) - 1
        if either and before >= 0 and span[0] - self._ends[before] <= within:
            return self._by_end[before][0], span[1]
        return None


def outermost(spans: Sequence[tuple[Span, Kept]]) -> list[tuple[Span, Kept]]:
    """In order, without those that lie within another: of "最好" and "最好喝" the longer."""
    kept: list[tuple[Span, Kept]] = []
    furthest = -1
    for span, more in sorted(spans, key=lambda each: (each[0][0], -each[0][1])):
        if span[1] > furthest:
            kept.append((span, more))
            furthest = span[1]
    return kept
