"""Which hour a form suggests: a full quarter that is still to come, for nobody plans for 14:03."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

SOON: Final = timedelta(minutes=10)  # time to press the button, and to think again


def wished(planned_for: datetime | None, moment: datetime) -> datetime:
    """The hour of what is not scheduled yet: the wish on the calendar, else the next full quarter in an hour's time."""
    if planned_for and planned_for > moment:
        return planned_for
    return _quarter(moment + timedelta(hours=1))


def still_to_come(due_at: datetime, moment: datetime, waits: datetime | None = None) -> datetime:
    """Its own hour while that lies ahead; else the next full quarter, once the account may send again (`waits`)."""
    if due_at > moment:
        return due_at
    return _quarter(max(moment + SOON, waits or moment))


def _quarter(at: datetime) -> datetime:
    late = at.minute % 15 * 60 + at.second + at.microsecond / 1e6
    return at + timedelta(seconds=-late % 900)
