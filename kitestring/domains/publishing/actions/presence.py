"""Who sends is seen to be there: a lock of the database's session says so, and is gone the moment its process is.

Only an account's turn is freed by it, never a delivery: a call of the one who is gone may still be under way, and its
lease alone says when it no longer can be.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

# A lane taken this very moment may belong to somebody whose lock we cannot have seen yet, or who only lost its connection
# and has another in a moment; most calls are answered by then.
FREED: Final = """
UPDATE publishing_lane SET owner = NULL, lease_until = NULL
WHERE owner = ANY(%(gone)s) AND filled_at < ks_now() - interval '0.3 seconds'"""
OWNERS: Final = (
    "SELECT DISTINCT owner FROM publishing_lane WHERE owner IS NOT NULL AND lease_until >= ks_now()"
)
PRESENT: Final = """
SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks
WHERE locktype = 'advisory' AND objsubid = 1 AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


def lock_of(owner: UUID) -> int:
    """The lock that an owner holds while it is there: 62 of its random bits."""
    return owner.int & ((1 << 62) - 1)


class Presence:
    """An owner's lock on whatever connection it works over; taken anew where that was replaced."""

    def __init__(self, owner: UUID) -> None:
        self._owner = owner
        self._on: Any = None

    def show(self) -> None:
        """Hold it from now on. Costs a statement only where the connection is another one."""
        if self._on is not None and self._on is connection.connection:
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [lock_of(self._owner)])
        self._on = connection.connection

    def leave(self) -> None:
        """Let it go: nothing is under way any more."""
        if self._on is not None and self._on is connection.connection:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [lock_of(self._owner)])
        self._on = None


def free_lanes() -> int:
    """Let the accounts go on whose sender is gone; returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(OWNERS)
        owners = [row[0] for row in cursor.fetchall()]
        if not owners:
            return 0
        # After the owners: who came meanwhile is not among them, and who left meanwhile has left its lanes.
        cursor.execute(PRESENT)
        present = {row[0] for row in cursor.fetchall()}
        gone = [owner for owner in owners if lock_of(owner) not in present]
        if gone:
            cursor.execute(FREED, {"gone": gone})
            return int(cursor.rowcount)
        return 0
