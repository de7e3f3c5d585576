"""Wakes the worker: a job by name, written in the caller's own transaction.

The queue is never the truth. A job may vanish or run twice; rows and sweeps make that harmless.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from django.db import OperationalError, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Status
from procrastinate.manager import JobManager
from psycopg.errors import LockNotAvailable

log = logging.getLogger(__name__)

LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
MOST_STARTS: Final = 6  # of a job whose worker died each time: perhaps it was the job

# Inside a worker the app speaks through a pool of its own; a job must be written by the caller's connection, or it
# would be there although the caller rolled back.
_OWN = JobManager(DjangoConnector())


def enqueue(task: str, *, at: datetime | None = None, once: str | None = None, **args: Any) -> None:
    """Ask for `task` (its registered name) with JSON-able `args`, not before `at`.

    `once`: a name under which only one such job waits; a second call is silently the first. Defer these last in a
    transaction: the name is a unique index and another new one waits for this commit. Raises OperationalError.
    """
    job = app.configure_task(task, schedule_at=at, queueing_lock=once, allow_unknown=True)
    job.job_manager = _OWN
    try:
        if once is None:
            job.defer(**args)
            return
        with transaction.atomic():
            job.defer(**args)
    except AlreadyEnqueued:
        return
    except ConnectorException as error:
        # Whoever waits for a database that is away waits for this one too.
        raise OperationalError(str(error)) from error


def wake(task: str, name: str) -> bool:
    """Ask for `task` now, once under this `name`, for whoever asks again soon; outside transactions.

    False where somebody else is just writing that name and has not come to an end within a second: then it is theirs to
    commit, and who stands still in the middle of it holds up nobody else. Raises OperationalError.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '1s'")
            enqueue(task, once=name)
    except OperationalError as error:
        if any(isinstance(one, LockNotAvailable) for one in causes(error)):
            return False
        raise
    return True


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it came from, the newest first."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def waiting_names(names: Iterable[str]) -> set[str]:
    """Which of these names a job waits under."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT queueing_lock FROM procrastinate_jobs WHERE status = 'todo' AND queueing_lock = ANY(%s)",
            [list(names)],
        )
        return {name for (name,) in cursor.fetchall()}


async def retry_stalled(manager: JobManager) -> int:
    """Let the jobs of workers that gave no sign of life for half a minute wait again; returns how many.

    A worker that was only held up may do its job too: like any other, it must bear running twice.
    """
    again = 0
    for job in await manager.get_stalled_jobs():
        try:
            if job.attempts >= MOST_STARTS:
                log.error("Job %s (%s) was given up: its worker died each time.", job.id, job.task_name)
                await manager.finish_job(job, Status.FAILED, delete_job=False)
                continue
            # Due by any clock: the queue goes by the database's, and that may be set back behind this machine's.
            await manager.retry_job(job, retry_at=LONG_AGO)
            again += 1
        except UniqueViolation:
            # The next one of its name waits already, and is as good.
            await manager.finish_job(job, Status.FAILED, delete_job=True)
        except ConnectorException:
            log.info("Job %s was taken over by another worker just now.", job.id)
    return again
