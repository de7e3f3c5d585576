"""Whether the database is as this version wants it, and whether a worker lives: read for whoever watches the instance."""

from __future__ import annotations

from typing import Final

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

HEARTBEAT: Final = "SELECT extract(epoch FROM ks_now() - max(last_heartbeat)) FROM procrastinate_workers"
WAITING: Final = """
    SELECT count(*) FROM procrastinate_jobs
    WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= ks_now())
"""


def pending_migrations() -> int:
    """How many migrations have not run yet. Raises DatabaseError when nobody answers."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def heartbeat_age() -> float | None:
    """Seconds since a worker was last heard of; None when there never was one."""
    with connection.cursor() as cursor:
        cursor.execute(HEARTBEAT)
        row = cursor.fetchone()
    return None if row is None or row[0] is None else float(row[0])


def jobs_due() -> int:
    """How many jobs wait whose moment has come."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        (due,) = cursor.fetchone()
    return int(due)
