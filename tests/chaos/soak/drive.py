"""Puts a run together, once the product's settings are found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from kitestring.kit.clock import now
from tests.chaos.soak import report
from tests.chaos.soak.database import move_clock, patiently, share_clock
from tests.chaos.soak.fleet import Fleet
from tests.chaos.soak.ground import ZONE, Ground
from tests.chaos.soak.killing import Killing
from tests.chaos.soak.meddling import Meddling
from tests.chaos.soak.run import Run
from tests.chaos.soak.script import Script
from tests.chaos.soak.timetable import all_of, killers, timetable
from tests.chaos.soak.watch import Watch

ACCOUNTS: Final = 36  # on each way of safety


def drive(fleet: Fleet, seed: str, deliveries: int, away: float, say: Callable[[str], None]) -> int:
    """The run and its report; the exit code."""
    share_clock()
    script = Script(deliveries)
    # The clocks of the brand's country change in the middle of what is laid.
    patiently(
        move_clock, next_change(ZONE, now()) - now() - timedelta(seconds=script.seconds / 2), fleet.clock
    )
    ground, watch = patiently(Ground, ACCOUNTS), Watch()
    run = Run(fleet, ground, watch, seed)
    killing = Killing(fleet, watch, run.chance, run.to_next_burst, away)
    meddling = Meddling(fleet, ground, watch, run.chance, run.to_next_burst)
    last = ("kill -9 of a worker, for good", killing.worker_for_good)
    script.stories = timetable(all_of(killing, meddling), killers(killing), last, script.seconds, seed)
    run.go(script, say)
    return report.tell(run, seed, say)


def next_change(zone: str, after: datetime) -> datetime:
    """When the clocks of a zone are changed next."""
    there, moment = ZoneInfo(zone), after.replace(minute=0, second=0, microsecond=0)
    while moment.astimezone(there).utcoffset() == (moment - timedelta(hours=1)).astimezone(there).utcoffset():
        moment += timedelta(hours=1)
    return moment
