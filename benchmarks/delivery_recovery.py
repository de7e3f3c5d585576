"""2,000 posts due in one second, kill -9 in the middle: what nobody had in the air leaves within 2 s, the rest after its lease.

Real workers, the real lease of two minutes, the ground and the platform of delivery_burst. Three deaths, each in a burst of
its own: of one of two workers' process, of the only worker's process, and of one of two workers with the process that
keeps it (a machine that is gone). `others_s`: how long after the kill the last post was answered that was due and not in
the air when it came. `in_flight_s`: the same of those in the air, from lease, settle time and look-ups; its limit is
lease + settle time + 10 s. `doubled`, `lost`: over all three. Argument: how many times each (1).
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
IN_THE_MIDDLE = 700  # posts out when the kill comes
OTHERS = 2.0
PATIENCE = 300.0
LEAD = 6.0
DEATHS = (
    ("one of two workers", 2, False),
    ("the only worker", 1, False),
    ("one of two, with its keeper", 2, True),
)
# Those in the air were doubted when their lease ran out; every other one was taken for the first time after the kill.
AFTER = """SELECT bool_or(a.reason = 'lease_ran_out') AS hit, min(a.started_at), max(a.ended_at)
FROM publishing_attempt a JOIN publishing_delivery d ON d.id = a.delivery_id WHERE d.due_at = %s GROUP BY d.id"""


@dataclass(frozen=True)
class After:
    """One death: how many posts were in the air, how many were still due, and seconds until the last of each was out."""

    hit: int
    hit_out: float
    others: int
    others_out: float
    doubled: int
    lost: int


def kill(some: list[psutil.Process], before: list[float], *, whole: bool) -> None:
    """The process that has sent most; `whole`: first the one that would bring it back. `before`: CPU used until then."""
    from benchmarks._house import cpu_of

    _used, keeper = max(
        ((cpu_of(one) - used, one) for one, used in zip(some, before, strict=True)), key=lambda pair: pair[0]
    )
    works = keeper.children()
    for one in ([keeper] if whole else []) + works:
        one.kill()


def died(address: str, member: Any, accounts: list[Any], some: list[psutil.Process], *, whole: bool) -> After:
    from django.db import transaction

    from benchmarks import _burst_ground
    from benchmarks._house import cpu_of
    from benchmarks.delivery_burst import POSTS, came, whole_second
    from kitestring.domains.publishing.actions.tell import wake_slots
    from kitestring.domains.publishing.models import Delivery
    from kitestring.kit.clock import now

    due = whole_second(LEAD)
    with transaction.atomic():
        _burst_ground.duties(member, accounts, POSTS, due)
        wake_slots([due])
    ours = Delivery.objects.filter(due_at=due)
    before = [cpu_of(one) for one in some]
    _until(lambda: ours.filter(state="published").count() >= IN_THE_MIDDLE, 0.02)
    kill(some, before, whole=whole)
    killed = now()
    _until(lambda: not ours.exclude(state="published").exists(), 0.5)
    keys = [key for key, _at in came(address)]
    return _after(due, killed, len(keys) - len(set(keys)), POSTS - len(set(keys)))


def _until(so: Any, every: float) -> None:
    end = time.monotonic() + PATIENCE
    while not so() and time.monotonic() < end:
        time.sleep(every)


def _after(due: datetime, killed: datetime, doubled: int, lost: int) -> After:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(AFTER, [due])
        rows = cursor.fetchall()
    hit = [(end - killed).total_seconds() for was_hit, _begun, end in rows if was_hit]
    others = [
        (end - killed).total_seconds() for was_hit, begun, end in rows if not was_hit and begun > killed
    ]
    return After(len(hit), max(hit, default=0.0), len(others), max(others, default=0.0), doubled, lost)


def measure(address: str, times: int) -> list[After]:
    from benchmarks import _burst_ground
    from benchmarks.delivery_burst import ACCOUNTS, workers

    member, accounts = _burst_ground.accounts(ACCOUNTS, address)
    found = []
    for name, count, whole in DEATHS * times:
        with workers(count, {"KITESTRING_ALLOW_LOOPBACK": "1"}) as some:
            found.append(after := died(address, member, accounts, some, whole=whole))
        print(
            f"{name:30}{after.others:6} due, out after{after.others_out:7.2f} s{after.hit:6} in the air, out after"
            f"{after.hit_out:7.1f} s{after.doubled:4} doubled{after.lost:4} lost",
            flush=True,
        )
    return found


def _settle() -> int:
    """Seconds that the channel may take to show what it has."""
    from benchmarks._burst_ground import CHANNEL
    from kitestring.connectorkit import registry

    settle = registry.get(CHANNEL).manifest.settle
    return settle.seconds if settle else 0


def main() -> int:
    sys.path.insert(0, str(ROOT))
    from benchmarks._house import house
    from benchmarks.delivery_burst import program
    from kitestring.domains.publishing.rules.waiting import LEASE

    times = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    with (
        house(KITESTRING_ALLOW_LOOPBACK="1"),
        program("-m", "benchmarks._burst_programs", "platform") as platform,
    ):
        found = measure((platform.stdout.readline() if platform.stdout else "").strip(), times)
        limit = LEASE + _settle() + 10
    others, hit = max(one.others_out for one in found), max(one.hit_out for one in found)
    print(f"others_s    {others:8.2f}  limit {OTHERS}")
    print(f"in_flight_s {hit:8.1f}  limit {limit:.0f}")
    doubled, lost = sum(one.doubled for one in found), sum(one.lost for one in found)
    print(
        f"delivery_recovery others_s={others:.2f} in_flight_s={hit:.1f} in_flight_ratio={hit / limit:.3f} "
        f"doubled={doubled} lost={lost}"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
