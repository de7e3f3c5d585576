"""The soak's own way to the database: it goes away in the middle of things, and comes back."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import psycopg
from django.db import Error, InterfaceError, OperationalError, connection

from kitestring.kit import clock

T = TypeVar("T")
PATIENCE: Final = 300.0  # seconds; a server that recovers beside much else takes its time
AWAY: Final = (OperationalError, InterfaceError, psycopg.OperationalError)

# The queue asks PostgreSQL's own clock when a job's time has come; outside tests that is the same as ours.
QUEUE_CLOCK: Final = """DO $$ DECLARE one text; BEGIN
    FOR one IN SELECT pg_get_functiondef(p.oid) FROM pg_proc p
        WHERE p.proname LIKE 'procrastinate_fetch_job%' AND p.prosrc ILIKE '%scheduled_at <= now()%' LOOP
        EXECUTE replace(one, 'scheduled_at <= now()', 'scheduled_at <= ks_now()');
    END LOOP;
END $$"""


def patiently(work: Callable[..., T], *given: Any) -> T:
    """Do it, again if the database is away meanwhile; only for what may be done twice."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return work(*given)
        except AWAY:
            connection.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def rows(sql: str, *given: Any) -> list[tuple[Any, ...]]:
    """What a question answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, given or None)
        return list(cursor.fetchall()) if cursor.description else []


def glance(sql: str, *given: Any) -> list[tuple[Any, ...]] | None:
    """The same, or None when the database is away this moment."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, given or None)
            return list(cursor.fetchall())
    except (Error, psycopg.Error):
        connection.close()
        return None


def share_clock() -> None:
    """Let the queue's own question for the hour be the product's, so that both move together."""
    patiently(rows, QUEUE_CLOCK)


def move_clock(by: timedelta, clock_file: Path) -> None:
    """Move the product's clock in every process and every session at once, while they run; the machine's stays."""
    seconds = by.total_seconds()
    rows(f"ALTER SYSTEM SET kitestring.clock_offset = '{seconds} seconds'")
    draft = clock_file.with_suffix(".new")
    draft.write_text(str(seconds))
    rows("SELECT pg_reload_conf()")
    draft.rename(clock_file)
    clock.move(by)
