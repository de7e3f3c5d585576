"""How far a thread or a talk was read: its newest moment, the ids of the days before it, and from when on they count.

{"to": moment, "ids": [...], "from": moment}; cursors of before have no "from".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from kitestring.connectors.mastodon.incoming import at_of

# Words written on other servers may arrive late under an early date: those of this span are known by their ids.
LATE: Final = timedelta(days=3)
MOST_KNOWN: Final = 2000


def is_new(status: dict[str, Any], before: dict[str, Any]) -> bool:
    if str(status["id"]) in before["ids"]:
        return False
    floor = _floor(before)
    return floor is None or at_of(status) > floor


def _floor(before: dict[str, Any]) -> datetime | None:
    if told := before.get("from"):
        return datetime.fromisoformat(told)
    return datetime.fromisoformat(before["to"]) - LATE if before["to"] else None


def reached(read: Sequence[dict[str, Any]], before: dict[str, Any]) -> dict[str, Any]:
    """How far it is read with these. Of more than can be kept by id, the older ones count as read by their moment."""
    if not read:
        return before
    ordered = sorted(read, key=at_of)
    newest = at_of(ordered[-1])
    young = [status for status in ordered if at_of(status) > newest - LATE]
    cut, kept = young[:-MOST_KNOWN], young[-MOST_KNOWN:]
    floor = at_of(cut[-1]) if cut else newest - LATE
    return {
        **before,
        "to": newest.isoformat(),
        "ids": [str(one["id"]) for one in kept],
        "from": floor.isoformat(),
    }
