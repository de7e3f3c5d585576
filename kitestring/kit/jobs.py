"""Wakes the worker: a job by name, written in the caller's own transaction.

The queue is never the truth. A job may vanish or run twice; rows and sweeps make that harmless.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager

# Inside a worker the app speaks through a pool of its own; a job must be written by the caller's connection, or it
# would be there although the caller rolled back.
_OWN = JobManager(DjangoConnector())


def enqueue(task: str, *, at: datetime | None = None, once: str | None = None, **args: Any) -> None:
    """Ask for `task` (its registered name) with JSON-able `args`, not before `at`.

    `once`: a name under which only one such job waits; a second call is silently the first. Defer these last in a
    transaction: the name is a unique index and another new one waits for this commit.
    """
    job = app.configure_task(task, schedule_at=at, queueing_lock=once, allow_unknown=True)
    job.job_manager = _OWN
    if once is None:
        job.defer(**args)
        return
    try:
        with transaction.atomic():
            job.defer(**args)
    except AlreadyEnqueued:
        return
