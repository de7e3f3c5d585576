"""Sees when each delivery comes to rest, and how long that took after a kill; by the machine's clock, which nobody moves."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from tests.chaos.scene import AT_REST
from tests.chaos.sequences import ROLES
from tests.chaos.soak.database import glance, patiently, rows
from tests.chaos.soak.ground import Duty
from tests.chaos.soak.plan import is_sequence, of_part

OPEN: Final = "SELECT id FROM publishing_delivery WHERE NOT state = ANY(%s::text[])"
HELD: Final = "SELECT id FROM publishing_delivery WHERE state = 'sending'"
WAITING: Final = """
SELECT d.id FROM publishing_delivery d
WHERE d.state = 'scheduled' AND d.due_at <= ks_now() AND d.attempts = 0
  AND NOT EXISTS (SELECT 1 FROM publishing_delivery x WHERE x.account_id = d.account_id AND x.id <> d.id
    AND (x.state IN ('sending', 'unknown', 'processing') OR x.state = 'scheduled' AND x.attempts > 0))"""
LOST: Final = "SELECT DISTINCT delivery_id FROM publishing_attempt WHERE reason = 'lease_ran_out'"


@dataclass
class Kill:
    """One kill: whom, when, what was being sent then, and what was due on accounts that had nothing else under way."""

    what: str
    at: float
    sending: frozenset[UUID]
    waiting: frozenset[UUID]


@dataclass(frozen=True)
class Recovery:
    """How long after a kill everything of it was at rest to which the platform did nothing wrong besides, and what was due
    but not in the air; None: there was none.
    """

    kill: Kill
    in_flight: int
    all_out: float | None
    others: int
    others_out: float | None


@dataclass
class Watch:
    """`rested`: when each delivery was seen at rest for the first time."""

    seed: str
    duties: dict[UUID, Duty] = field(default_factory=dict)
    rested: dict[UUID, float] = field(default_factory=dict)
    asked_to_cancel: set[UUID] = field(default_factory=set)
    kills: list[Kill] = field(default_factory=list)
    changed: float = field(default_factory=time.monotonic)

    def add(self, duties: Iterable[Duty]) -> None:
        self.duties.update((duty.id, duty) for duty in duties)

    def look(self) -> int | None:
        """How many are not at rest; None while the database is away."""
        found = glance(OPEN, sorted(AT_REST))
        if found is None:
            return None
        still, moment = {row[0] for row in found}, time.monotonic()
        for one in self.duties.keys() - self.rested.keys() - still:
            self.rested[one] = self.changed = moment
        return len(still)

    def before_kill(self, what: str) -> Kill:
        """Note what is in the air, the moment before."""
        sending, waiting = _ids(glance(HELD)), _ids(glance(WAITING))
        plain = {
            one for one in waiting if one in self.duties and untroubled(self.seed, self.duties[one].number)
        }
        kill = Kill(what, time.monotonic(), frozenset(sending), frozenset(plain))
        self.kills.append(kill)
        return kill

    def recoveries(self) -> list[Recovery]:
        """A lease that ran out counts for the last kill that its delivery was in the air at."""
        lost, told = _ids(patiently(rows, LOST)), []
        for kill in reversed(self.kills):
            told.append(self._recovery(kill, lost))
            lost -= kill.sending
        return told[::-1]

    def _recovery(self, kill: Kill, lost: set[UUID]) -> Recovery:
        hit = kill.sending & lost
        others = kill.waiting - lost
        # What the platform does wrong besides has its own waits, which say nothing about the kill.
        plain = [one for one in hit if one in self.duties and untroubled(self.seed, self.duties[one].number)]
        return Recovery(kill, len(hit), self._after(kill, plain), len(others), self._after(kill, others))

    def _after(self, kill: Kill, some: Iterable[UUID]) -> float | None:
        took = [self.rested[one] - kill.at for one in some if one in self.rested]
        return max(took) if took else None


def untroubled(seed: str, number: int) -> bool:
    """Whether nothing goes wrong there with a duty: of a sequence with none of its parts."""
    places = range(len(ROLES)) if is_sequence(number) else (0,)
    plans = [of_part(seed, number, place) for place in places]
    return not any(plan.store or plan.prepare for plan in plans)


def _ids(found: Sequence[tuple[Any, ...]] | None) -> set[UUID]:
    return {row[0] for row in found or ()}
