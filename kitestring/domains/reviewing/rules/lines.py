"""What differs between two texts: line by line, and within a line by words. It costs a bounded number of steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from kitestring.domains.reviewing.rules.matching import STEPS, Budget, blocks
from kitestring.domains.reviewing.rules.pairing import replaced
from kitestring.domains.reviewing.rules.pieces import Line, Piece, shortened, whole

MOST: Final = 20_000  # lines of two texts that are still told one by one
CONTEXT: Final = 1  # unchanged lines that stand around a change
Differ = Callable[[str, str, Budget], list[Line]]


class Comparing:
    """All the texts of one page: they share one budget, and a pair that comes again is not compared again."""

    def __init__(self, how: Differ, steps: int = STEPS) -> None:
        self.how, self.budget = how, Budget(steps)
        self.known: dict[tuple[str, str], list[Line]] = {}

    def __call__(self, before: str, after: str) -> list[Line]:
        if (before, after) not in self.known:
            self.known[before, after] = self.how(before, after, self.budget)
        return self.known[before, after]


def differing(before: str, after: str, budget: Budget | None = None) -> list[Line]:
    """The later text with its changes marked; nothing where both are the same.

    Beyond the budget whole lines are gone and new.
    """
    if before == after:
        return []
    budget = budget or Budget()
    old, new = _split(before), _split(after)
    if len(old) + len(new) > MOST:
        sides: list[Line] = [*whole([before], "gone"), *whole([after], "new")]
        return [replace(line, count=n) for line, n in zip(sides, (len(old), len(new)), strict=True) if n]
    found: list[Line] = []
    for same, a, b, c, d in blocks(old, new, budget):
        found += whole(new[c:d], "same") if same else replaced(old[a:b], new[c:d], budget)
    return list(_folded(found))


def outlined(before: str, after: str, budget: Budget | None = None) -> list[Line]:
    """Only what changed, each run of lines beside that in its place, to be counted: no look at the words."""
    if before == after:
        return []
    budget = budget or Budget()
    old, new = _split(before), _split(after)
    found = blocks(old, new, budget)
    if not budget.short:
        return [_beside(old[a:b], new[c:d]) for same, a, b, c, d in found if not same]
    # Without their order: what the one text has more of than the other.
    gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    sizes = ([text for text in side.elements() if text.strip()] for side in (gone, come))
    return [replace(_beside([before], [after]), count=max(1, *map(len, sizes)))]


def count(lines: Sequence[Line]) -> int:
    """How many lines were changed, added or taken out."""
    return sum(line.count for line in lines if line.op in ("changed", "gone", "new"))


def _split(text: str) -> list[str]:
    return text.split("\n") if text else []


def _beside(old: Sequence[str], new: Sequence[str]) -> Line:
    """Empty lines count as one, and only where nothing else changed."""
    lines = max(sum(1 for text in side if text.strip()) for side in (old, new))
    return Line("changed", (Piece("gone", "\n".join(old)), Piece("new", "\n".join(new))), max(1, lines))


def _folded(lines: Sequence[Line]) -> Iterator[Line]:
    """Runs of unchanged lines that no change stands beside are one."""
    near = {
        other
        for at, line in enumerate(lines)
        if line.op != "same"
        for other in range(at - CONTEXT, at + CONTEXT + 1)
    }
    far: list[Line] = []
    for at, line in enumerate(lines):
        if at in near:
            yield from _run(far)
            far = []
            yield line if line.op != "same" else _short(line)
        else:
            far.append(line)
    yield from _run(far)


def _short(line: Line) -> Line:
    return Line("same", tuple(shortened(line.pieces[0].text, first=False, last=False)))


def _run(far: list[Line]) -> list[Line]:
    if len(far) < 2:
        return far
    return [Line("cut", tuple(line.pieces[0] for line in far), len(far))]
