"""2,000 posts due in one second on one worker: at least 0.85 of a bare aiohttp loop's posts/s, 0.4 ms of CPU a post.

The whole way is the product's own: `kitestring worker --queues delivery` as a process with up to 200 calls in the air,
the ledger on the embedded PostgreSQL, a slot job, 200 accounts each in its own order, token buckets, the due hour's
checks, the channel's own check of the text, sealed grants, the guarded client. The platform is one process that answers
after 30 ms; the bare loop (see `_burst_programs`) sends the same bodies in the same order to the same process, with at
most 100 connections. Runs are alternated; medians. `ratio`: posts/s over the bare loop's, both from the due second to
the last post stored there. `p99_ratio`: the 99th percentile of lateness over the bare loop's. `cpu_ms`: the worker's
CPU a post, with the process that keeps it alive. `first_late_s`: how long after its second the first post was there.
Arguments: how many runs (5), how many workers (1).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
POSTS, ACCOUNTS, RUNS = 2000, 200, 5
LEAD, PATIENCE = 6.0, 120.0
LIMITS = {"ratio": 0.85, "p99_ratio": 1.5, "cpu_ms": 0.4}


@dataclass(frozen=True)
class Run:
    """One burst: posts/s, 99th percentile and first lateness (s), CPU a post (ms), how many came twice or never."""

    rate: float
    p99: float
    first: float
    cpu: float
    doubled: int = 0
    lost: int = 0


def judged(came: list[tuple[str, float]], due: float, cpu: float) -> Run:
    late = sorted(at - due for _key, at in came)
    once = len({key for key, _at in came})
    return Run(
        len(came) / late[-1], late[int(len(late) * 0.99) - 1], late[0], cpu / POSTS * 1000,
        len(came) - once, POSTS - once,
    )  # fmt: skip


@contextmanager
def program(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A program of this benchmark, ended with the block."""
    started = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield started
    finally:
        started.terminate()
        try:
            started.wait(10)
        except subprocess.TimeoutExpired:
            started.kill()


def came(address: str) -> list[tuple[str, float]]:
    with urllib.request.urlopen(f"{address}/came") as answer:
        return [(key, at) for key, at in json.load(answer)]


def whole_second(lead: float) -> datetime:
    return (datetime.now(UTC) + timedelta(seconds=lead + 1)).replace(microsecond=0)


def bare_run(address: str, duties: list[Any], folder: Path) -> Run:
    file = folder / "duties.json"
    file.write_text(json.dumps(duties), "utf-8")
    due = whole_second(1.5).timestamp()
    with program("-m", "benchmarks._burst_programs", "bare", address, str(file), str(due)) as loop:
        said = (loop.stdout.read() if loop.stdout else "") or "0"
        loop.wait(PATIENCE)
    return judged(came(address), due, float(said))


def ledger_run(
    address: str, member: Any, accounts: list[Any], workers: list[psutil.Process]
) -> tuple[Run, list[Any]]:
    from django.db import transaction

    from benchmarks import _burst_ground
    from benchmarks._house import cpu_of
    from kitestring.domains.publishing.actions.tell import wake_slots
    from kitestring.domains.publishing.models import Delivery

    due = whole_second(LEAD)
    with transaction.atomic():
        duties = _burst_ground.duties(member, accounts, POSTS, due)
        wake_slots([due])
    time.sleep(max(0.0, due.timestamp() - time.time() - 1.0))
    before = sum(map(cpu_of, workers))
    until = time.time() + PATIENCE
    while Delivery.objects.filter(due_at=due).exclude(state="published").exists() and time.time() < until:
        time.sleep(0.5)
    used = sum(map(cpu_of, workers)) - before
    return judged(came(address), due.timestamp(), used), duties


def measure(folder: Path, address: str, runs: int, count: int) -> list[tuple[Run, Run]]:
    from benchmarks import _burst_ground

    member, accounts = _burst_ground.accounts(ACCOUNTS, address)
    environment = {"KITESTRING_ALLOW_LOOPBACK": "1"}
    pairs = []
    with workers(count, environment) as some:
        for number in range(runs):
            ours, duties = ledger_run(address, member, accounts, some)
            time.sleep(1)
            bare = bare_run(address, duties, folder)
            pairs.append((ours, bare))
            for name, run in ((f"ledger {number + 1}", ours), (f"bare loop {number + 1}", bare)):
                print(
                    f"{name:14}{run.rate:9.0f} posts/s{run.p99:8.2f} s p99{run.first:8.3f} s first"
                    f"{run.cpu:8.3f} ms CPU{run.doubled:5} doubled{run.lost:5} lost",
                    flush=True,
                )
    return pairs


@contextmanager
def workers(count: int, environment: dict[str, str]) -> Iterator[list[psutil.Process]]:
    """So many workers for the ledger's queue, started and loaded; ended with the block."""
    if not count:
        yield []
        return
    with (
        program("-m", "kitestring.cli", "worker", "--queues", "delivery", **environment) as first,
        workers(count - 1, environment) as rest,
    ):
        time.sleep(3)
        yield [psutil.Process(first.pid), *rest]


def main() -> int:
    sys.path.insert(0, str(ROOT))
    from benchmarks._house import house

    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with (
        house(KITESTRING_ALLOW_LOOPBACK="1") as (folder, _cluster),
        program("-m", "benchmarks._burst_programs", "platform") as platform,
    ):
        address = (platform.stdout.readline() if platform.stdout else "").strip()
        pairs = measure(folder, address, runs, count)
    figures = {
        "ratio": statistics.median(ours.rate / bare.rate for ours, bare in pairs),
        "p99_ratio": statistics.median(ours.p99 / bare.p99 for ours, bare in pairs),
        "cpu_ms": statistics.median(ours.cpu for ours, _bare in pairs),
        "first_late_s": statistics.median(ours.first for ours, _bare in pairs),
    }
    for name, limit in LIMITS.items():
        print(f"{name:12}{figures[name]:8.3f}  limit {limit}")
    print("delivery_burst", *(f"{key}={value:.3f}" for key, value in figures.items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
