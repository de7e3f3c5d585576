"""Where a process may die, or something else may happen: every statement, every commit and every step of a call, counted.

A run without `at` counts and names its points. A run with `at` n does its deed at point n; without a deed the process dies
there, exactly as a process does: what was committed stays, what was not is gone, and nothing of it runs again.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import OperationalError, connection

SAVEPOINT: Final = re.compile(r'^(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT) ("[^"]+")$')


class Killed(SystemExit):
    """The process is gone. No handler of the product may catch it, as none can catch kill -9."""


@contextmanager
def outside() -> Iterator[None]:
    """As in a thread of its own: rows are not read inside a loop."""
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(loop)


@dataclass
class Server:
    """The database, as a process sees it. `away`: it answers nobody. `deaf`: one commit is done, and its answer is lost."""

    away: Callable[[], bool] = lambda: False
    deaf: bool = False

    def ask(self) -> None:
        if self.away():
            raise OperationalError("the server closed the connection unexpectedly")


SERVER = Server()


@dataclass
class Points:
    """One process: the points it passed so far, by name. `free`: those of them at which no transaction is open.

    `locks`: what its session holds, and loses with it.
    """

    at: int | None = None
    deed: Callable[[], None] | None = None
    passed: list[str] = field(default_factory=list)
    free: list[int] = field(default_factory=list)
    dead: bool = False
    doing: bool = False
    locks: set[int] = field(default_factory=set)
    _open: list[str] = field(default_factory=list)

    def reach(self, name: str) -> None:
        """Pass a point, or die there. Who is dead already does nothing more at any later one."""
        if self.dead:
            raise Killed(name)
        if self.doing:
            return
        if not self._open:
            self.free.append(len(self.passed))
        self.passed.append(name)
        if self.at is None or len(self.passed) != self.at + 1:
            return
        if self.deed is None:
            self.dead = True
            self._undo()
            with outside():
                for lock in self.locks:
                    connection.connection.execute("SELECT pg_advisory_unlock(%s)", [lock])
            raise Killed(name)
        self.doing = True
        try:
            with outside():
                self.deed()
        finally:
            self.doing = False

    def statement(self, execute: Callable[[], Any], sql: str) -> Any:
        """The moment before a statement reaches the database, and what becomes of its transaction."""
        if self.doing:
            return execute()
        found = SAVEPOINT.match(sql)
        verb, name = found.groups() if found else ("", "")
        if verb.startswith("R") and name not in self._open:
            return None  # it went down with its process or with the connection
        if verb.startswith("ROLLBACK"):
            execute()
            return self._closed(name)
        self.reach(f"before {verb or ' '.join(sql.split())[:48]}")
        try:
            SERVER.ask()
        except OperationalError:
            self._undo()
            raise
        answer = execute()
        if verb == "SAVEPOINT":
            self._open.append(name)
        elif verb:
            self._open.remove(name)
            if not self._open and SERVER.deaf:
                SERVER.deaf = False
                raise OperationalError("the server closed the connection unexpectedly")
        return answer

    def _closed(self, name: str) -> None:
        """Rolled back to: of no use any more."""
        connection.connection.execute(f"RELEASE SAVEPOINT {name}")
        del self._open[self._open.index(name) :]

    def _undo(self) -> None:
        """What was not committed is gone, at once."""
        if self._open:
            connection.connection.execute(f"ROLLBACK TO SAVEPOINT {self._open[0]}")
            self._closed(self._open[0])


_here: ContextVar[Points | None] = ContextVar("process", default=None)


def being(points: Points) -> None:
    """From here on the running context is this process."""
    _here.set(points)


def holds(lock: int, *, still: bool) -> None:
    """The session of whoever runs now took a lock, or let it go."""
    if (points := _here.get()) is not None:
        (points.locks.add if still else points.locks.discard)(lock)


def reach(name: str) -> None:
    """A point of whoever runs now; none when nobody counts."""
    if (points := _here.get()) is not None:
        points.reach(name)


def statement(sql: str, execute: Callable[[], Any]) -> Any:
    points = _here.get()
    return execute() if points is None else points.statement(execute, sql)


def on_django(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """As Django's `execute_wrapper` wants it."""
    return statement(sql, lambda: execute(sql, params, many, context))
