"""Short looks that each worker takes by itself, all the time, beside its jobs.

For what must not wait until a job wakes somebody: a job may be lost, and its worker may be dead. A beat is cheap and
harmless to take twice, for every worker takes it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)
Beat = Callable[[], Awaitable[None]]
_beats: list[tuple[float, Beat]] = []


def each(seconds: float) -> Callable[[Beat], Beat]:
    """Have every worker call it again and again, so many seconds apart. Used where tasks are registered, at import."""

    def registered(beat: Beat) -> Beat:
        _beats.append((seconds, beat))
        return beat

    return registered


async def beat_on() -> None:
    """All of them, until cancelled. One that fails is told of and goes on: what is wrong may pass."""
    await asyncio.gather(*(_again(seconds, beat) for seconds, beat in _beats))


async def _again(seconds: float, beat: Beat) -> None:
    told = False
    while True:
        try:
            await beat()
            told = False
        except Exception:
            if not told:
                log.warning("A look of the worker failed: %s", beat.__name__, exc_info=True)
            told = True
        await asyncio.sleep(seconds)
