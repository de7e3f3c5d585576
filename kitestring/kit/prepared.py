"""Runs one large statement many times: planned once by the server instead of anew each time.

On Django's own connection and in its transaction; parameters are bound by the server, so each needs a type the statement
gives it. For statements whose planning costs more than their work.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import psycopg
from django.db import connection

NEVER_BY_ITSELF: Final = 2**31


def fetch(statement: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of the statement. Raises Django's database errors."""
    connection.ensure_connection()
    raw = connection.connection
    if raw.prepare_threshold is None:
        # Django turns preparing off, and with it what is asked for by name. Nothing else reaches this threshold.
        raw.prepare_threshold = NEVER_BY_ITSELF
    with connection.wrap_database_errors, psycopg.Cursor(raw) as cursor:
        cursor.execute(statement, given, prepare=True)
        return cursor.fetchall()
