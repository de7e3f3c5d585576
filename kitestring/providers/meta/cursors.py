"""How far an inbox is read: a moment by name, kept as JSON. A list is asked for again from a while before it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

# Meta's lists are a little late; the engine knows each message by its id.
LATE: Final = timedelta(minutes=10)
NEVER: Final = datetime(2004, 1, 1, tzinfo=UTC)
DATED: Final = timedelta(days=200)  # what was not spoken of for so long is read anew


class Read:
    """`since(name)`: from when on a list is to be read; `reached(name, moments)`: it was read up to the newest of these."""

    def __init__(self, cursor: str) -> None:
        self._to: dict[str, str] = _opened(cursor)

    def since(self, name: str) -> datetime:
        try:
            return datetime.fromisoformat(self._to[name]) - LATE
        except (KeyError, ValueError):
            return NEVER

    def reached(self, name: str, moments: Iterable[datetime]) -> None:
        newest = max(moments, default=None)
        if newest is not None and newest > self.since(name) + LATE:
            self._to[name] = newest.isoformat()

    def cursor(self) -> str:
        newest = max(self._to.values(), default="")
        if not newest:
            return ""
        oldest = (datetime.fromisoformat(newest) - DATED).isoformat()
        kept = {name: moment for name, moment in self._to.items() if moment >= oldest}
        return json.dumps(kept, separators=(",", ":"))


def _opened(cursor: str) -> dict[str, str]:
    try:
        found: Any = json.loads(cursor or "{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(name): str(moment) for name, moment in found.items() if _is_moment(moment)}


def _is_moment(value: object) -> bool:
    try:
        return datetime.fromisoformat(str(value)).tzinfo is not None
    except ValueError:
        return False


def moment(row: Mapping[str, Any], field: str = "created_time") -> datetime:
    """When it was, as the API writes it (2024-09-12T23:17:39+0000); long ago where it does not say."""
    try:
        found = datetime.fromisoformat(str(row.get(field) or ""))
    except ValueError:
        return NEVER
    return found if found.tzinfo else found.replace(tzinfo=UTC)
