"""Which troubles of ours come when: all of them in an order drawn from the seed, again and again in a long run."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from tests.chaos.soak.killing import Killing
from tests.chaos.soak.meddling import Meddling
from tests.chaos.soak.script import Story, Telling

FIRST: Final = 6.0  # seconds after the first wave


def all_of(killing: Killing, meddling: Meddling) -> list[Telling]:
    return [
        ("the queue's table emptied", meddling.queue_emptied),
        ("several workers told to send one batch", meddling.one_batch),
        ("cancelled at the instant of the claim", meddling.cancelled_at_the_claim),
        ("the clock ten minutes back, then on", meddling.clock_back_and_on),
        ("the disk full while pictures are drawn", meddling.disk_full),
        ("kill -9 of a worker", killing.worker_once),
        ("kill -9 of a worker, five times", killing.worker_five_times),
        ("kill -9 of the supervisor", killing.supervisor),
        ("kill -9 of PostgreSQL", killing.postgres),
        (f"PostgreSQL gone for {killing.away:.0f} s", killing.postgres_away),
        ("upgrade: old and new worker overlap", killing.upgrade),
        ("upgrade of the whole instance", killing.upgrade_whole),
    ]


def timetable(
    tellings: list[Telling], last: Telling, seconds: float, every: float, seed: str
) -> list[tuple[float, str, Callable[[], Story]]]:
    """At least each of them once, about `every` seconds if there is time; the `last` one at the end, for good."""
    chance = random.Random(f"{seed} timetable")
    times = max(len(tellings), int((seconds - FIRST) / every))
    gap = (seconds - FIRST) / (times + 1)
    drawn: list[Telling] = []
    while len(drawn) < times:
        drawn += chance.sample(tellings, len(tellings))
    stories = [(FIRST + n * gap, *telling) for n, telling in enumerate(drawn[:times])]
    return [*stories, (FIRST + times * gap, *last)]
