"""Where a process may die: every statement, every commit and every step of a call, counted and enumerable.

A run without `kill_at` counts and names its points; a run with `kill_at` n dies at point n exactly as a process does:
what was committed stays, what was not is gone, and nothing of the process runs again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

TRANSACTION_ENDS: Final = re.compile(r"(?:ROLLBACK TO|RELEASE) SAVEPOINT (.+)$")
SAVEPOINT: Final = re.compile(r' "s\d+_x\d+"$')


class Killed(SystemExit):
    """The process is gone. No handler of the product may catch it, as none can catch kill -9."""


@dataclass
class Points:
    """The points passed so far, by name; `kill_at`: the one to die at."""

    kill_at: int | None = None
    passed: list[str] = field(default_factory=list)
    dead: bool = False

    def reach(self, name: str) -> None:
        """Pass a point, or die there. Who is dead already does nothing more at any later one."""
        if self.dead:
            raise Killed(name)
        self.passed.append(name)
        if self.kill_at is not None and len(self.passed) > self.kill_at:
            self.dead = True
            raise Killed(name)

    def statement(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        """As Django's `execute_wrapper` wants it: the moment before a statement reaches the database.

        Whoever dies before its transaction ends has written nothing of it: here each is a savepoint, taken back at once.
        """
        try:
            self.reach(f"before {_first_words(sql)}")
        except Killed:
            if end := TRANSACTION_ENDS.match(sql):
                execute(f"ROLLBACK TO SAVEPOINT {end[1]}", None, False, context)
            raise
        return execute(sql, params, many, context)


NOWHERE = Points()
_here = NOWHERE


def reach(name: str) -> None:
    """A point of whoever runs now; none when nobody counts."""
    if _here is not NOWHERE:
        _here.reach(name)


@contextmanager
def counted(points: Points) -> Iterator[None]:
    global _here
    _here = points
    try:
        yield
    finally:
        _here = NOWHERE


def _first_words(sql: str) -> str:
    return SAVEPOINT.sub("", " ".join(sql.split()))[:48]
