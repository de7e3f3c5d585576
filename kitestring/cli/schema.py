"""Is the database's schema the one this version wants? Answered without loading Django, so that starting is quick.

After migrating, the fingerprint of all migrations is written into the database itself: a backup carries the one that
belongs to it, and every machine on the same database sees the same.
"""

from __future__ import annotations

import psycopg


def noted(connection: psycopg.Connection) -> str | None:
    """The fingerprint this database was last migrated to; None if never."""
    row = connection.execute("SELECT to_regclass('kitestring_schema')").fetchone()
    if row is None or row[0] is None:
        return None
    found = connection.execute("SELECT fingerprint FROM kitestring_schema").fetchone()
    return str(found[0]) if found else None


def note(connection: psycopg.Connection, mark: str) -> None:
    connection.execute("CREATE TABLE IF NOT EXISTS kitestring_schema (fingerprint text NOT NULL)")
    connection.execute("DELETE FROM kitestring_schema")
    connection.execute("INSERT INTO kitestring_schema VALUES (%s)", [mark])
