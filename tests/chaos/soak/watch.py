"""Sees when each delivery comes to rest, and how long that took after a kill; by the machine's clock, which nobody moves."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from kitestring.kit.clock import now
from tests.chaos.scene import AT_REST
from tests.chaos.soak.database import glance
from tests.chaos.soak.ground import Duty

OPEN: Final = "SELECT id FROM publishing_delivery WHERE NOT state = ANY(%s::text[])"
SESSIONS: Final = (
    "SELECT count(*), current_setting('max_connections')::int FROM pg_stat_activity WHERE datname IS NOT NULL"
)
HELD: Final = "SELECT id FROM publishing_delivery WHERE state = 'sending'"
WAITING: Final = """
SELECT d.id FROM publishing_delivery d
WHERE d.state = 'scheduled' AND d.due_at <= ks_now() AND d.attempts = 0
  AND NOT EXISTS (SELECT 1 FROM publishing_delivery x WHERE x.account_id = d.account_id AND x.id <> d.id
    AND (x.state IN ('sending', 'unknown', 'processing') OR x.state = 'scheduled' AND x.attempts > 0))"""


@dataclass
class Kill:
    """One kill: whom, when (by the machine's clock and by the product's), what was being sent then, and what was due on
    accounts that had nothing else under way.
    """

    what: str
    at: float
    hour: datetime
    sending: frozenset[UUID]
    waiting: frozenset[UUID]


@dataclass
class Watch:
    """`rested`: when each delivery was seen at rest for the first time."""

    duties: dict[UUID, Duty] = field(default_factory=dict)
    rested: dict[UUID, float] = field(default_factory=dict)
    asked_to_cancel: set[UUID] = field(default_factory=set)
    kills: list[Kill] = field(default_factory=list)
    changed: float = field(default_factory=time.monotonic)
    most_sessions: tuple[int, int] = (0, 0)  # at once on the server, and how many it allows

    def add(self, duties: Iterable[Duty]) -> None:
        self.duties.update((duty.id, duty) for duty in duties)

    def look(self) -> int | None:
        """How many are not at rest; None while the database is away."""
        found = glance(OPEN, sorted(AT_REST))
        if found is None:
            return None
        still, moment = {row[0] for row in found}, time.monotonic()
        self.most_sessions = max(self.most_sessions, *map(tuple, glance(SESSIONS) or ()))
        for one in self.duties.keys() - self.rested.keys() - still:
            self.rested[one] = self.changed = moment
        return len(still)

    def before_kill(self, what: str) -> Kill:
        """Note what is in the air, the moment before."""
        sending, waiting = _ids(glance(HELD)), _ids(glance(WAITING))
        kill = Kill(what, time.monotonic(), now(), frozenset(sending), frozenset(waiting))
        self.kills.append(kill)
        return kill


def _ids(found: Sequence[tuple[Any, ...]] | None) -> set[UUID]:
    return {row[0] for row in found or ()}
