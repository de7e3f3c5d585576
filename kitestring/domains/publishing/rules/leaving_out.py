"""Which deliveries of a series do not go out any more: an hour that was missed is not made up for. Pure.

A long stop must not end in a burst. What is late is missed, and of several that are due at once only the newest may go.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

MISSED: Final = "missed"
NOTICE: Final = "missed_last"
TOO_CLOSE: Final = "too_close"


@dataclass(frozen=True)
class Due:
    """A delivery of a series whose hour has come, with nothing sent. `late`: beyond its tolerance.

    `near`: which other post is too near, for its words (see `near_words`); None when none is. `name`: its own.
    """

    id: UUID
    series: UUID
    account: UUID
    state: str
    reason: str
    missed: int
    due_at: datetime
    late: bool
    near: Mapping[str, Any] | None = None
    name: str = ""

    @property
    def asks(self) -> bool:
        """A person is asked about it already."""
        return self.state == "needs_attention"

    @property
    def told(self) -> bool:
        """It is the notice of what was missed."""
        return self.asks and self.reason == NOTICE


@dataclass(frozen=True)
class LeftOut:
    """`told` above 0: this one stays before a person as the one notice of so many; the others are cancelled.

    `params`: what the words of `reason` want to be given.
    """

    id: UUID
    state: str
    reason: str
    told: int = 0
    params: Mapping[str, Any] = field(default_factory=dict)


def left_out(due: Iterable[Due]) -> list[LeftOut]:
    """What becomes of these; what is not named stays as it is."""
    lines: Mapping[tuple[UUID, UUID], list[Due]] = defaultdict(list)
    for one in due:
        lines[one.series, one.account].append(one)
    return [out for line in lines.values() for out in _of_line(sorted(line, key=lambda d: (d.due_at, d.id)))]


def _of_line(line: list[Due]) -> list[LeftOut]:
    """One series on one account, the oldest first."""
    late = [one for one in line if one.late and not one.asks]
    fresh = [one for one in line if not one.late and not one.asks]
    asked = [one for one in line if one.asks]
    out = []
    if late:
        # One notice: it takes over what an older one has told.
        notices = [one for one in asked if one.told]
        count = len(late) + sum(one.missed for one in notices)
        out += [LeftOut(one.id, one.state, MISSED) for one in (*notices, *late[:-1])]
        out.append(LeftOut(late[-1].id, late[-1].state, NOTICE, told=count))
    newest = fresh[-1] if fresh else (late[-1] if late else None)
    if newest is not None:
        # What waits for a person's word about an older one is overtaken: its next time has come.
        out += [
            LeftOut(one.id, one.state, MISSED)
            for one in asked
            if not one.told and (one.due_at, one.id) < (newest.due_at, newest.id)
        ]
    out += [
        LeftOut(one.id, one.state, TOO_CLOSE, params=one.near or _newer(one, fresh[-1]))
        for one in fresh
        if one is not fresh[-1] or one.near
    ]
    return out


def _newer(one: Due, newest: Due) -> Mapping[str, Any]:
    """Of several that are due at once: the newest stands in its place."""
    gap = int((newest.due_at - one.due_at).total_seconds())
    return {"near": str(newest.id), "post": newest.name, "gap": gap, "wants": 0, "by": "newer"}
