"""Runs one large statement many times: planned once by the server instead of anew each time.

On Django's own connection and in its transaction; parameters are bound by the server, so each needs a type the statement
gives it. For statements whose planning costs more than their work.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import psycopg
from django.db import connection
from django.db.backends.signals import connection_created
from psycopg.types.datetime import TimestamptzLoader

NEVER_BY_ITSELF: Final = 2**31


def plan_once(connection: Any, **_more: Any) -> None:
    """Else the server may find a plan for these very values worth its planning, and plan each time after all.

    Told as soon as a connection stands: said within a transaction it would be forgotten when that is rolled back.
    """
    if connection.vendor == "postgresql":
        connection.connection.execute("SET plan_cache_mode = force_generic_plan")


connection_created.connect(plan_once, dispatch_uid="kit.prepared")


def fetch(statement: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of the statement. Raises Django's database errors."""
    connection.ensure_connection()
    raw = connection.connection
    if raw.prepare_threshold is None:
        # Django turns preparing off, and with it what is asked for by name. Nothing else reaches this threshold.
        raw.prepare_threshold = NEVER_BY_ITSELF
    with connection.wrap_database_errors, psycopg.Cursor(raw) as cursor:
        # Django's own reads each moment in Python, to put it into the zone that the session is in anyhow.
        cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
        cursor.execute(statement, given, prepare=True)
        return cursor.fetchall()
