"""Whether anything was asked of anybody meanwhile: what was refused before a call began was refused by ourselves."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final, Self

_counting: Final[ContextVar[counted | None]] = ContextVar("counting", default=None)


class counted:
    """`calls`: how many calls were begun inside, those of tasks that were begun inside too."""

    __slots__ = ("_before", "calls")

    def __init__(self) -> None:
        self.calls = 0

    def __enter__(self) -> Self:
        self._before = _counting.set(self)
        return self

    def __exit__(self, *_raised: object) -> None:
        _counting.reset(self._before)


def count() -> None:
    """A call begins."""
    if (here := _counting.get()) is not None:
        here.calls += 1
