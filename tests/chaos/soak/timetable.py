"""Which troubles of ours come when: all of them in an order drawn from the seed, again and again in a long run."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from tests.chaos.soak.killing import ASLEEP, Killing
from tests.chaos.soak.meddling import Meddling
from tests.chaos.soak.script import Story, Telling

FIRST: Final = 6.0  # seconds after the first wave
EVERY: Final = 12.0  # seconds between two troubles, in a long run
QUIET: Final = 35.0  # seconds after one whose recovery is measured alone
ROOM_FOR_ONE: Final = 100.0  # seconds of laying for each that stands alone


def killers(killing: Killing) -> list[Telling]:
    return [
        ("kill -9 of every worker", killing.every_worker),
        ("kill -9 of a worker", killing.worker_once),
        ("kill -9 of the supervisor", killing.supervisor),
        ("kill -9 of PostgreSQL", killing.postgres),
    ]


def all_of(killing: Killing, meddling: Meddling) -> list[Telling]:
    return [
        ("the queue's table emptied", meddling.queue_emptied),
        ("several workers told to send one batch", meddling.one_batch),
        ("cancelled at the instant of the claim", meddling.cancelled_at_the_claim),
        ("the clock ten minutes back, then on", meddling.clock_back_and_on),
        ("the disk full while pictures are drawn", meddling.disk_full),
        *killers(killing),
        ("kill -9 of a worker, five times", killing.worker_five_times),
        (f"a worker asleep for {ASLEEP:.0f} s", killing.worker_asleep),
        (f"PostgreSQL gone for {killing.away:.0f} s", killing.postgres_away),
        ("upgrade: old and new worker overlap", killing.upgrade),
        ("upgrade of the whole instance", killing.upgrade_whole),
    ]


def timetable(
    tellings: list[Telling], alone: list[Telling], last: Telling, seconds: float, seed: str
) -> list[tuple[float, str, Callable[[], Story]]]:
    """At least each of them once, about every `EVERY` seconds if there is time; the `last` one at the end, for good.

    Before them, as far as there is time, each of those `alone` with nothing else of ours until all of it must be over.
    """
    chance = random.Random(f"{seed} timetable")
    first = alone[: int(seconds / ROOM_FOR_ONE)]
    stories = [(FIRST + n * QUIET, *telling) for n, telling in enumerate(first)]
    begin = FIRST + len(first) * QUIET
    times = max(len(tellings), int((seconds - begin) / EVERY))
    gap = (seconds - begin) / (times + 1)
    drawn: list[Telling] = []
    while len(drawn) < times:
        drawn += chance.sample(tellings, len(tellings))
    stories += [(begin + n * gap, *telling) for n, telling in enumerate(drawn[:times])]
    return [*stories, (begin + times * gap, *last)]
