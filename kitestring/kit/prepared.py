"""Runs one large statement many times: planned once by the server instead of anew each time.

On Django's own connection and in its transaction; parameters are bound by the server, so each needs a type the statement
gives it. For statements whose planning costs more than their work.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connection


def fetch(statement: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of the statement. Raises Django's database errors."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, given, prepare=True)
        return cursor.fetchall()
