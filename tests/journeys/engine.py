"""The worker beside the browser: what is due goes out, what came in is fetched, and the clock goes where a test says.

Each step runs in a thread of its own, because the test's thread belongs to the browser's event loop.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from asgiref.sync import async_to_sync, sync_to_async
from django.db import connection, connections
from django.db.backends.signals import connection_created
from procrastinate.contrib.django import app

from kitestring.domains.analytics.tasks import read_what_is_due
from kitestring.domains.inbox.tasks import ask_everybody
from kitestring.domains.publishing.actions.deliver import ask_around, drain
from kitestring.domains.publishing.actions.sweep import sweep
from kitestring.kit import clock

T = TypeVar("T")
SET = "SELECT set_config('kitestring.clock_offset', %s, false)"


def aside(deed: Callable[[], T]) -> T:
    """Do it in another thread, with database connections that are closed afterwards; raises what it raises."""
    said: list[Any] = []

    def run() -> None:
        try:
            said.append((True, deed()))
        except BaseException as error:  # noqa: BLE001 - raised again where it was asked for
            said.append((False, error))
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    fine, value = said[0]
    if not fine:
        raise value
    return value


class Engine:
    """One worker, which works when told."""

    def __init__(self) -> None:
        sql("TRUNCATE procrastinate_jobs CASCADE")
        connection_created.connect(self._set_clock)

    def stop(self) -> None:
        connection_created.disconnect(self._set_clock)
        self._move(timedelta(0))
        sql("TRUNCATE procrastinate_jobs CASCADE")

    def go_to(self, moment: datetime) -> None:
        """Let it be `moment` for Python and for the database, in every connection from now on."""
        self._move(clock.offset() + (moment - clock.now()))

    def work(self) -> None:
        """Sweep, send, ask, and do every job that waits."""

        async def run() -> None:
            await sync_to_async(sweep)()
            await drain()
            await ask_around()
            await drain()
            await jobs()

        aside(async_to_sync(run))

    def collect(self) -> None:
        """Fetch what people said, and do what follows from it."""
        aside(lambda: (ask_everybody(0), async_to_sync(jobs)()))

    def measure(self) -> None:
        """Read the numbers that are due."""
        aside(lambda: (read_what_is_due(0), async_to_sync(jobs)()))

    def _move(self, by: timedelta) -> None:
        clock.move(by)
        with connection.cursor() as cursor:
            cursor.execute(SET, [_interval(by)])

    def _set_clock(self, connection: Any, **_more: Any) -> None:
        if clock.offset():
            with connection.cursor() as cursor:
                cursor.execute(SET, [_interval(clock.offset())])


async def jobs() -> None:
    """A worker of the real queue until nothing waits; the clocks of periodic work stand still."""
    connector: Any = app.connector.get_worker_connector()
    with app.replace_connector(connector):
        async with app.open_async():
            kept = app.periodic_registry.periodic_tasks
            app.periodic_registry.periodic_tasks = {}
            try:
                await app.run_worker_async(
                    wait=False, install_signal_handlers=False, listen_notify=False, task_middleware=[_closing]
                )
            finally:
                app.periodic_registry.periodic_tasks = kept


def _closing(call_next: Callable[[], Any], _context: object, _worker: object) -> Any:
    try:
        return call_next()
    finally:
        connections.close_all()


def _interval(by: timedelta) -> str:
    return f"{by.total_seconds()} seconds" if by else ""


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
