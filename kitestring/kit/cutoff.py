"""A moment at which what still runs is cut off: one timer for all that share it.

`asyncio.timeout_at` has a timer for each, and what is taken together is sent together and has to end together.
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Final
from weakref import WeakKeyDictionary


class _Cutoff:
    """All tasks of an event loop that are cut off at one moment. `late`: those that were."""

    def __init__(self, moment: float, known: dict[float, _Cutoff]) -> None:
        self.tasks: set[asyncio.Task[object]] = set()
        self.late: set[asyncio.Task[object]] = set()
        self._moment, self._known = moment, known
        self._timer = asyncio.get_running_loop().call_at(moment, self._cut)

    def _cut(self) -> None:
        self.forget()
        self.late |= self.tasks
        for task in self.tasks:
            task.cancel()

    def forget(self) -> None:
        """Whoever comes later under this moment begins anew."""
        self._timer.cancel()
        self._known.pop(self._moment, None)


class cut_off_at:
    """`with cut_off_at(moment):` (the loop's time, seconds) is cancelled then and raises TimeoutError, as `timeout_at` does.

    Not within itself for the same moment.
    """

    __slots__ = ("_before", "_cutoff", "_moment", "_task")

    def __init__(self, moment: float) -> None:
        self._moment = moment

    def __enter__(self) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("only a task can be cut off")
        known = _known.setdefault(asyncio.get_running_loop(), {})
        cutoff = known.get(self._moment)
        if cutoff is None:
            cutoff = known[self._moment] = _Cutoff(self._moment, known)
        self._task, self._cutoff, self._before = task, cutoff, task.cancelling()
        cutoff.tasks.add(task)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        task, cutoff = self._task, self._cutoff
        cutoff.tasks.discard(task)
        if task in cutoff.late:
            cutoff.late.discard(task)
            # Somebody else who cancels it meanwhile is heard.
            if task.uncancel() <= self._before and kind is asyncio.CancelledError:
                raise TimeoutError from error
        elif not cutoff.tasks:
            cutoff.forget()


_known: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, dict[float, _Cutoff]]] = WeakKeyDictionary()
