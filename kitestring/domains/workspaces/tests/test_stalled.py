"""Jobs of a worker that died are done again: once, by somebody else, and not for ever."""

from __future__ import annotations

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager

from kitestring.kit.jobs import MOST_STARTS, retry_stalled

pytestmark = pytest.mark.django_db

WORKER = """
INSERT INTO procrastinate_workers (last_heartbeat) VALUES (ks_now() - make_interval(secs => %s)) RETURNING id
"""
JOB = """
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args, status, attempts, queueing_lock, worker_id)
VALUES ('default', 'publishing.drain', 0, '{}', %s, %s, %s, %s) RETURNING id
"""
STANDS = "SELECT status, attempts FROM procrastinate_jobs WHERE id = %s"


def one(statement: str, *values: str | int | None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.fetchone()[0])


def stands(job: int) -> tuple[object, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(STANDS, [job])
        return cursor.fetchone()


def retry() -> int:
    return async_to_sync(retry_stalled)(JobManager(DjangoConnector()))


def test_a_dead_workers_job_waits_again() -> None:
    job = one(JOB, "doing", 0, None, one(WORKER, 60))
    forgotten = one(JOB, "doing", 0, None, None)
    assert retry() == 2
    assert stands(job) == ("todo", 1)
    assert stands(forgotten) == ("todo", 1), "its worker's row is gone already"
    assert retry() == 0


def test_it_is_due_though_the_databases_clock_is_behind() -> None:
    """The queue goes by the database's clock, which may be ten minutes behind that of the machine which found the job."""
    job = one(JOB, "doing", 0, None, one(WORKER, 60))
    assert retry() == 1
    assert one(
        "SELECT (scheduled_at < ks_now() - interval '10 minutes')::int FROM procrastinate_jobs WHERE id = %s",
        job,
    )


def test_a_living_workers_job_is_left_to_it() -> None:
    job = one(JOB, "doing", 0, None, one(WORKER, 5))
    assert retry() == 0
    assert stands(job) == ("doing", 0)


@pytest.mark.django_db(transaction=True)
def test_a_job_that_waits_anew_under_the_same_name_is_enough() -> None:
    waiting = one(JOB, "todo", 0, "publishing.sweep", None)
    dead = one(JOB, "doing", 0, "publishing.sweep", one(WORKER, 60))
    other = one(JOB, "doing", 0, None, None)
    assert retry() == 1
    assert stands(waiting) == ("todo", 0)
    assert stands(dead) is None
    assert stands(other) == ("todo", 1), "one that cannot wait again holds up no other"


def test_a_job_that_kills_every_worker_is_given_up() -> None:
    job = one(JOB, "doing", MOST_STARTS, None, one(WORKER, 60))
    assert retry() == 0
    assert (stands(job) or ("",))[0] == "failed"
