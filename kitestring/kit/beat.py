"""Short looks that each worker takes by itself, all the time, beside its jobs.

For what must not wait until a job wakes somebody: a job may be lost, and its worker may be dead. A beat is cheap and
harmless to take twice, for every worker takes it.
"""

from __future__ import annotations

import asyncio
import logging
import math
import random
from collections.abc import Awaitable, Callable
from typing import Final
from weakref import WeakKeyDictionary

from kitestring.kit.clock import now

# What people plan has its hour at the beginning of a second, and that moment is left to it. Each worker looks at a place
# of its own in what remains, so that many workers do not all ask at once.
IN_A_SECOND: Final = (0.25, 0.85)
log = logging.getLogger(__name__)
Beat = Callable[[], Awaitable[None]]
Leave = Callable[[], None]
_beats: list[tuple[float, Beat]] = []
_leaves: list[Leave] = []
_beside: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, asyncio.Task[None]]] = WeakKeyDictionary()


def each(seconds: float) -> Callable[[Beat], Beat]:
    """Have every worker call it again and again, so many seconds apart. Used where tasks are registered, at import."""

    def registered(beat: Beat) -> Beat:
        _beats.append((seconds, beat))
        return beat

    return registered


def at_leaving(leave: Leave) -> Leave:
    """Have it called, on the event loop, the moment a worker is asked to stop. Used where tasks are registered."""
    _leaves.append(leave)
    return leave


def leaving() -> None:
    """This worker was asked to stop: what is under way is brought to its end, nothing new is begun."""
    for leave in _leaves:
        leave()


async def beat_on() -> None:
    """All of them, until cancelled, and with them what they began. One that fails is told of and goes on: what is wrong
    may pass.
    """
    begun = _beside.setdefault(asyncio.get_running_loop(), {})
    try:
        await asyncio.gather(*(_again(seconds, beat) for seconds, beat in _beats))
    finally:
        for task in begun.values():
            task.cancel()
        await asyncio.gather(*begun.values(), return_exceptions=True)


def beside(name: str, work: Callable[[], Awaitable[object]]) -> bool:
    """For a beat: begin `work` beside it, unless one of that name is under way. It needs no place among the jobs."""
    begun = _beside.setdefault(asyncio.get_running_loop(), {})
    if name in begun and not begun[name].done():
        return False
    begun[name] = asyncio.create_task(_to_the_end(name, work), name=name)
    return True


async def _to_the_end(name: str, work: Callable[[], Awaitable[object]]) -> None:
    try:
        await work()
    except Exception:
        log.warning("What a look began came to no good end: %s", name, exc_info=True)


class Twice:
    """Whether something was so at this look and at the one before."""

    def __init__(self) -> None:
        self._before = False

    def so(self, now_so: bool) -> bool:
        before, self._before = self._before, now_so
        return before and now_so


async def _again(seconds: float, beat: Beat) -> None:
    told, place = False, random.uniform(*IN_A_SECOND)  # noqa: S311 - nobody gains by guessing it
    while True:
        try:
            await beat()
            told = False
        except Exception:
            if not told:
                log.warning("A look of the worker failed: %s", beat.__name__, exc_info=True)
            told = True
        await asyncio.sleep(pause(seconds, place, now().timestamp()))


def pause(seconds: float, place: float, moment: float) -> float:
    """How long from `moment` (seconds) until the next look: at most `seconds`, to that place within a second.

    Looks that are less than a second apart have no place.
    """
    if seconds < 1:
        return seconds
    return math.floor(moment + seconds - place) + place - moment
