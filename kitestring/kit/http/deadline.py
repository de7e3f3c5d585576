"""When everything that is being done now must have ended: no call begun inside goes on longer.

A call that is merely cancelled goes on inside the library, and what is sent then nobody hears of. So whoever would cancel
calls at some moment says so before they begin.
"""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from math import inf
from typing import Final

_until: Final[ContextVar[float]] = ContextVar("until", default=inf)


class ends_by:
    """Calls made inside end by `moment` (the loop's time, seconds); an earlier one that stands already still holds."""

    __slots__ = ("_before", "_moment")

    def __init__(self, moment: float) -> None:
        self._moment = moment

    def __enter__(self) -> None:
        self._before = _until.set(min(self._moment, _until.get()))

    def __exit__(self, *_raised: object) -> None:
        _until.reset(self._before)


def time_left() -> float:
    """Seconds until then; infinity where nothing was said."""
    until = _until.get()
    return until if until == inf else until - asyncio.get_running_loop().time()
