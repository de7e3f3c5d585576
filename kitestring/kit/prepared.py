"""Runs one large statement many times: planned once by the server instead of anew each time.

On Django's own connection and in its transaction; parameters are bound by the server, so each needs a type the statement
gives it. For statements whose planning costs more than their work.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from weakref import WeakSet

import psycopg
from django.db import connection, transaction
from psycopg.types.datetime import TimestamptzLoader

NEVER_BY_ITSELF: Final = 2**31
_told: WeakSet[psycopg.Connection[Any]] = WeakSet()  # the connections that keep what `_plan_once` said


def fetch(statement: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of the statement. Raises Django's database errors."""
    connection.ensure_connection()
    raw = connection.connection
    if raw not in _told:
        _plan_once(raw)
    with connection.wrap_database_errors, psycopg.Cursor(raw) as cursor:
        # Django's own reads each moment in Python, to put it into the zone that the session is in anyhow.
        cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
        cursor.execute(statement, given, prepare=True)
        return cursor.fetchall()


def _plan_once(raw: psycopg.Connection[Any]) -> None:
    """Have the server plan each statement once; said again until a transaction in which it was said is kept."""
    # Django turns preparing off, and with it what is asked for by name. Nothing else reaches this threshold.
    raw.prepare_threshold = NEVER_BY_ITSELF
    # Else the server may find a plan for these very values worth its planning, and plan each time after all.
    raw.execute("SET plan_cache_mode = force_generic_plan")
    transaction.on_commit(partial(_told.add, raw))  # at once, where there is no transaction
