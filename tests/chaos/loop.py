"""An event loop whose time is simulated: a wait of a minute takes no time, and the ledger's clock moves with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from tests.chaos.points import Killed

# What a dead process held. It is kept, because a coroutine that is collected runs its last lines.
GRAVEYARD: list[Any] = []


@contextmanager
def outside() -> Iterator[None]:
    """As in a thread of its own: rows are not read inside a loop."""
    loop = asyncio.get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(loop)


class SimulatedLoop(asyncio.SelectorEventLoop):
    """`moved(seconds)` is told of every jump."""

    def __init__(self, moved: Callable[[float], None]) -> None:
        super().__init__()
        self._moved = moved
        self._simulated = 0.0

    def time(self) -> float:
        return self._simulated

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:
            wait = self._scheduled[0].when() - self._simulated
            if wait > 0:
                self._simulated += wait
                with outside():
                    self._moved(wait)
        super()._run_once()


def run(moved: Callable[[float], None], *steps: Callable[[], Coroutine[Any, Any, Any]]) -> bool:
    """Run the steps one after the other; False when the process was killed on the way."""
    loop = SimulatedLoop(moved)
    try:
        for step in steps:
            loop.run_until_complete(step())
    except Killed:
        GRAVEYARD.append((loop, asyncio.all_tasks(loop)))
        return False
    loop.close()
    return True
