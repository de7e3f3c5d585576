"""An event loop whose time is simulated: a wait of a minute takes no time, and the ledger's clock moves with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import Context, copy_context
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

from kitestring.kit import clock
from tests.chaos.points import Killed, Points, being, outside


@dataclass
class Timeline:
    """The only time there is here: the machine's own clock is not looked at, in Python nor in the database.

    `elapsed`: seconds that passed for everybody. `jumped`: how far the clocks were set away from that.
    """

    elapsed: float = 0.0
    jumped: float = 0.0

    def pass_(self, seconds: float) -> None:
        self.elapsed += seconds
        self.tell()

    def jump(self, seconds: float) -> None:
        """The clocks are set; no time passes."""
        self.jumped += seconds
        self.tell()

    def tell(self) -> None:
        moved = timedelta(seconds=self.elapsed + self.jumped)
        clock.move(moved)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('kitestring.clock_offset', %s, false)",
                [f"{moved.total_seconds():.6f} seconds"],
            )


class SimulatedLoop(asyncio.SelectorEventLoop):
    """`each_turn` is called before every turn of it."""

    def __init__(self, timeline: Timeline, each_turn: Callable[[], None]) -> None:
        super().__init__()
        self._timeline = timeline
        self._each_turn = each_turn
        self.set_exception_handler(lambda _loop, _context: None)  # what the dead leave is nobody's news

    def time(self) -> float:
        return self._timeline.elapsed

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:
        """A thread's work is done at once, at the same place in every run."""
        done: asyncio.Future[Any] = self.create_future()
        try:
            with outside():
                done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - handed on, as a thread hands it on
            done.set_exception(error)
        return done

    def _run_once(self) -> None:
        self._each_turn()
        if not self._ready:
            wait = min((one.when() for one in self._scheduled if not one.cancelled()), default=0.0)
            wait -= self._timeline.elapsed
            if wait > 0:
                with outside():
                    self._timeline.pass_(wait)
        super()._run_once()


def run(timeline: Timeline, crew: list[Points], work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
    """Let every process of the crew do the work, in turn; who joins while it runs begins at once, who dies is dead."""
    tasks: list[asyncio.Task[Any]] = []
    contexts: list[Context] = []

    def begin() -> None:
        for points in crew[len(tasks) :]:
            contexts.append(copy_context())
            contexts[-1].run(being, points)
            tasks.append(loop.create_task(work(), context=contexts[-1]))

    loop = SimulatedLoop(timeline, begin)
    begin()
    while alive := [t for t, points in zip(tasks, crew, strict=False) if not (points.dead or t.done())]:
        with suppress(Killed):
            loop.run_until_complete(asyncio.wait(alive, return_when=asyncio.FIRST_COMPLETED))
    for points, context in zip(crew, contexts, strict=True):
        if points.dead:
            _bury(loop, context)
    loop.close()
    for task, points in zip(tasks, crew, strict=True):
        if not points.dead:
            task.result()


def _bury(loop: asyncio.AbstractEventLoop, context: Context) -> None:
    """End the coroutines of who is dead, as who is dead: no last line of theirs reaches anything."""
    for task in asyncio.all_tasks(loop):
        task._log_destroy_pending = False
        with suppress(BaseException):
            context.run(task.get_coro().close)
