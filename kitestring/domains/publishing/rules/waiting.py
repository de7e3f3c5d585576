"""How long to wait: backoff with jitter, the first look, and how late is too late. Seconds everywhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

LEASE: Final = 120.0
START_BY: Final = 0.8  # of the lease: nothing starts later
STOP_AT: Final = 0.95  # of the lease: what still runs is cut, and is unclear
CALL_TIMEOUT: Final = 20.0  # under a fifth of the lease
UNHEARD: Final = 2 * CALL_TIMEOUT  # a call that lasts longer has most likely lost its worker
FIRST_WAIT: Final = 5.0
LONGEST_WAIT: Final = 900.0
FIRST_LOOK: Final = 3.0
LOOK_HORIZON: Final = 3600.0
UNCLEAR_LIMIT: Final = 3
WOKEN_BEFORE: Final = 5.0  # a slot, before its second: time to be found by a poll, and to open its accounts
PROCESSING_DEADLINE: Final = 3600.0


def backoff(attempt: int, chance: float, asked: float | None = None) -> float:
    """The wait after try number `attempt` (1, 2, ...): doubling, capped, between half and the whole by `chance` (0..1).

    `asked` is what the channel said (Retry-After): never less than that, and only a little more.
    """
    if asked is not None:
        return max(0.0, asked) + chance
    whole = min(LONGEST_WAIT, FIRST_WAIT * float(2 ** min(max(attempt, 1) - 1, 20)))
    return whole * (0.5 + chance / 2)


def lateness(due_at: datetime, at: datetime) -> float:
    """How long ago it was due; 0 when it is not yet."""
    return max(0.0, (at - due_at).total_seconds())


def too_late(due_at: datetime, at: datetime, tolerance: float) -> bool:
    return lateness(due_at, at) > tolerance


def look_wait(in_doubt: float, settle: float) -> float:
    """When to look again, counted from now, after a look that found nothing `in_doubt` seconds into the doubt.

    One early look may find it soon; after that only the settled one counts, so we wait for it. A clock that was put back
    makes the doubt begin in the future (`in_doubt` below 0): it is looked at after a settle time all the same, for the clock
    may be put on again at any moment.
    """
    return max(FIRST_LOOK, settle - max(0.0, in_doubt) + 0.5)


def look_horizon(settle: float) -> float:
    """How long we go on asking a channel that does not answer, before a person is told."""
    return max(LOOK_HORIZON, settle * 10)


def unheard_of(since: datetime, at: datetime) -> bool:
    """Whether a call that began then should have ended by now."""
    return (at - since).total_seconds() > UNHEARD


def wake_at(due_at: datetime) -> datetime:
    """When the slot of a due second is woken: a little before, the rest is awaited in the process."""
    return due_at.replace(microsecond=0) - timedelta(seconds=WOKEN_BEFORE)
