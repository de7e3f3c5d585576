"""What a law found, and how it is told: the place, what is wrong, and the right form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One breach at a place. `line` counts from 1; 0 means the file as a whole."""

    path: str
    line: int
    wrong: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"  {place}: {self.wrong}"


def keep(found: Iterable[Finding], *, right: str) -> None:
    """Fail with every breach and the right form; pass when there is none."""
    breaches = sorted(set(found))
    if breaches:
        lines = "\n".join(str(breach) for breach in breaches)
        raise AssertionError(f"{len(breaches)} breach(es):\n{lines}\n\nThe right form: {right}")
