"""Which items of two rows are the same, found in a bounded number of steps however long the rows are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher
from itertools import accumulate
from typing import Final, NamedTuple

STEPS: Final = 200_000  # of a whole comparison: pairs laid side by side, about a tenth of a second


class Block(NamedTuple):
    """`old[a:b]` stands where `new[c:d]` stands now; `same` when nothing changed in it."""

    same: bool
    a: int
    b: int
    c: int
    d: int


class Budget:
    """Steps that one comparison may still take. What is not afforded is not looked at: it counts as different."""

    def __init__(self, steps: int = STEPS) -> None:
        self.left = steps
        self.short = False

    def affords(self, steps: int) -> bool:
        if steps > self.left:
            self.short = True
            return False
        self.left -= steps
        return True


class _Matcher(SequenceMatcher[str]):
    """Asks the price of each search first: the pairs of equal items it would meet."""

    def __init__(self, old: Sequence[str], new: Sequence[str], budget: Budget) -> None:
        super().__init__(None, old, new, autojunk=False)
        times = Counter(new)
        self.prices = list(accumulate((1 + times[one] for one in old), initial=0))
        self.ends = (len(old), len(new))
        self.budget = budget

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        ahi, bhi = (self.ends[0] if ahi is None else ahi), (self.ends[1] if bhi is None else bhi)
        if not self.budget.affords(self.prices[ahi] - self.prices[alo]):
            return Match(alo, blo, 0)
        return super().find_longest_match(alo, ahi, blo, bhi)


def blocks(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[Block]:
    """In order, none empty, the same and the different by turns.

    What both begin and end with is found at no price. Blanks (spaces between words, empty lines) are no ground to lay two
    things side by side; they follow what stands around them.
    """
    head, tail = _ends(old, new)
    a, c = len(old) - tail, len(new) - tail
    found: list[Block] = []
    _add(found, True, 0, head, 0, head)
    at_old, at_new = head, head
    for p, q in [*_twins(old, new, (head, a), (head, c), budget), (a, c)]:
        first, last = _ends(old[at_old:p], new[at_new:q])
        _add(found, True, at_old, at_old + first, at_new, at_new + first)
        _add(found, False, at_old + first, p - last, at_new + first, q - last)
        _add(found, True, p - last, p, q - last, q)
        if p < a and q < c:
            _add(found, True, p, p + 1, q, q + 1)
        at_old, at_new = p + 1, q + 1
    _add(found, True, a, len(old), c, len(new))
    return found


def _twins(
    old: Sequence[str], new: Sequence[str], here: tuple[int, int], there: tuple[int, int], budget: Budget
) -> Iterator[tuple[int, int]]:
    """Places of the same item in both, in order, between these bounds; never of a blank."""
    if not budget.affords(here[1] - here[0] + there[1] - there[0]):
        return
    before = [n for n in range(*here) if old[n].strip()]
    after = [n for n in range(*there) if new[n].strip()]
    matcher = _Matcher([old[n] for n in before], [new[n] for n in after], budget)
    for a, c, size in matcher.get_matching_blocks():
        yield from zip(before[a : a + size], after[c : c + size], strict=True)


def _add(found: list[Block], same: bool, a: int, b: int, c: int, d: int) -> None:
    """A block that is not empty; with the one before it, if that is of its kind."""
    if a == b and c == d:
        return
    if found and found[-1].same == same:
        earlier = found.pop()
        a, c = earlier.a, earlier.c
    found.append(Block(same, a, b, c, d))


def _ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many items both begin with, and how many of the others they end with."""
    least = min(len(old), len(new))
    head = next((n for n in range(least) if old[n] != new[n]), least)
    return head, next((n for n in range(least - head) if old[-1 - n] != new[-1 - n]), least - head)
