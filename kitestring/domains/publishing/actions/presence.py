"""Who sends is seen to be there: a lock of the database's session says so, and is gone the moment its process is.

Only an account's turn is freed by it, never a delivery: a call of the one who is gone may still be under way, and its
lease alone says when it no longer can be.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID
from weakref import WeakSet

from django.db import connection, transaction

from kitestring.kit.clock import elapsed

TWICE: Final = 0.1  # seconds between two looks that must both miss a lock: whoever changes its connection is back by then
# A lane taken this very moment may belong to somebody whose lock we cannot have seen yet.
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

_shown: WeakSet[Presence] = WeakSet()
_missed: dict[UUID, float] = {}  # the owners whose lock was not there when we last looked, and since when


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
        _shown.add(self)

    def leave(self) -> None:
        """Let it go: nothing is under way any more."""
        if self._on is not None and self._on is connection.connection:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [lock_of(self._owner)])
        self._on = None
        _shown.discard(self)


def hold_on() -> None:
    """Whoever sends here is seen on the connection as it is now, wherever the one before went."""
    for one in list(_shown):
        one.show()


def free_lanes() -> int:
    """Let the accounts go on whose sender is gone, as two looks in a row say; returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(OWNERS)
        owners = [row[0] for row in cursor.fetchall()]
        if not owners:
            _missed.clear()
            return 0
        # After the owners: who came meanwhile is not among them, and who left meanwhile has left its lanes.
        cursor.execute(PRESENT)
        present = {row[0] for row in cursor.fetchall()}
        gone = _missed_twice([owner for owner in owners if lock_of(owner) not in present])
        if gone:
            cursor.execute(FREED, {"gone": gone})
            return int(cursor.rowcount)
        return 0


def anybody_missed() -> bool:
    """Whether a second look might free something."""
    return bool(_missed)


def _missed_twice(owners: list[UUID]) -> list[UUID]:
    """Those of them that an earlier look missed too."""
    moment = elapsed()
    since = {owner: min(_missed.get(owner, moment), moment) for owner in owners}
    _missed.clear()
    _missed.update(since)
    return [owner for owner in owners if moment - since[owner] >= TWICE]
