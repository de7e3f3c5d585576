"""Puts a run together, once the product's settings are found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.chaos.soak import report
from tests.chaos.soak.database import patiently, share_clock
from tests.chaos.soak.fleet import Fleet
from tests.chaos.soak.ground import Ground
from tests.chaos.soak.killing import Killing
from tests.chaos.soak.run import Run
from tests.chaos.soak.script import Script
from tests.chaos.soak.timetable import all_of, timetable
from tests.chaos.soak.watch import Watch

ACCOUNTS: Final = 36  # on each way of safety
EVERY: Final = 12.0  # seconds between two troubles of ours, in a long run


def drive(fleet: Fleet, seed: str, deliveries: int, away: float, say: Callable[[str], None]) -> int:
    """The run and its report; the exit code."""
    share_clock()
    watch = Watch(seed)
    run = Run(fleet, patiently(Ground, ACCOUNTS), watch, seed)
    killing = Killing(fleet, watch, run.chance, run.to_next_burst, away)
    script = Script(deliveries)
    last = ("kill -9 of a worker, for good", killing.worker_for_good)
    script.stories = timetable(all_of(killing), last, script.seconds, EVERY, seed)
    run.go(script, say)
    return report.tell(run, seed, say)
