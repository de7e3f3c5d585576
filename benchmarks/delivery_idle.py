"""100,000 posts in the future: the worker at most 1 % of a core and 150 MB, and 10,000 of them moved in one go.

`kitestring worker --queues delivery` as a process on the embedded PostgreSQL, with its sweeps; the ledger is laid by
COPY. Reading the inboxes and figures of connected accounts is other queues' work and not counted. `cpu_pct`: the
worker's CPU in percent of one core over the time it is watched, its start left out; `rss_mb`: its resident memory at
the end, with the process that keeps it alive, pages that both have counted once. `reschedule_s`: `shift_campaign` on a
campaign of 10,000 posts, audit and timeline written; `statement_s`: the bare UPDATE of the same 10,000 rows, in the
same run. The database's own CPU is printed too.
Arguments: seconds to watch (90).
"""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
POSTS, ACCOUNTS, MOVED, SECONDS, ROUNDS = 100_000, 200, 10_000, 90, 3
LIMITS = {"cpu_pct": 1.0, "rss_mb": 150.0}


def watch(seconds: int, database: psutil.Process) -> tuple[float, float, float]:
    """(worker's CPU in percent of a core, its memory in MB, the database's CPU in percent) over so many seconds."""
    from benchmarks._house import cpu_of, memory_of

    started = subprocess.Popen(
        [sys.executable, "-m", "kitestring.cli", "worker", "--queues", "delivery"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    try:
        worker = psutil.Process(started.pid)
        time.sleep(12)  # its start, and the first sweep
        mine, theirs, begun = cpu_of(worker), cpu_of(database), time.monotonic()
        time.sleep(seconds)
        took = time.monotonic() - begun
        found = (
            (cpu_of(worker) - mine) / took * 100,
            memory_of(worker),
            (cpu_of(database) - theirs) / took * 100,
        )
    finally:
        started.terminate()
        started.wait(15)
    return found


def moved(member: Any, campaign: Any) -> tuple[list[float], list[float]]:
    """Seconds of each shift of the campaign, and of the bare statement on the same rows."""
    from django.db import connection

    from kitestring.domains.publishing.actions.shift import shift_campaign

    shifts, statements = [], []
    for number in range(ROUNDS):
        begun = time.perf_counter()
        done = shift_campaign(member, campaign, 7 if number % 2 == 0 else -7)
        shifts.append(time.perf_counter() - begun)
        assert done.deliveries == MOVED, done
        begun = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE publishing_delivery SET due_at = due_at + interval '1 minute' WHERE subject_id IN "
                "(SELECT id FROM composing_post WHERE campaign_id = %s)",
                [campaign.pk],
            )
        statements.append(time.perf_counter() - begun)
    return shifts, statements


def ground() -> tuple[Any, Any]:
    """The rows: posts every few seconds over the next 90 days, and one campaign with 10,000 of them."""
    from django.db import connection

    from benchmarks import _burst_ground
    from kitestring.domains.planning.models import Campaign

    member, accounts = _burst_ground.accounts(ACCOUNTS, "https://there.example")
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=10)
    campaign = Campaign.objects.create(brand_id=accounts[0].brand_id, name="Launch", made_by=member)
    _burst_ground.duties(member, accounts, POSTS, start)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE publishing_delivery SET due_at = due_at + (row.n * interval '77 seconds') FROM "
            "(SELECT id, row_number() OVER (ORDER BY id) AS n FROM publishing_delivery) row "
            "WHERE row.id = publishing_delivery.id"
        )
        cursor.execute(
            "UPDATE composing_post SET campaign_id = %s WHERE id IN "
            "(SELECT subject_id FROM publishing_delivery ORDER BY id LIMIT %s)",
            [campaign.pk, MOVED],
        )
        cursor.execute("VACUUM ANALYZE publishing_delivery")
        cursor.execute("VACUUM ANALYZE composing_post")
    return member, campaign


def main() -> int:
    sys.path.insert(0, str(ROOT))
    from benchmarks._house import house

    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    with house() as (_folder, cluster):
        member, campaign = ground()
        shifts, statements = moved(member, campaign)
        cpu, memory, database = watch(seconds, psutil.Process(cluster.pid))
    shift, statement = sorted(shifts)[ROUNDS // 2], sorted(statements)[ROUNDS // 2]
    print(f"{POSTS:,} posts in the future, watched for {seconds} s")
    print(f"worker CPU      {cpu:7.2f} %   limit {LIMITS['cpu_pct']}")
    print(f"worker memory   {memory:7.1f} MB  limit {LIMITS['rss_mb']}")
    print(f"database CPU    {database:7.2f} %")
    print(
        f"moving {MOVED:,}   {shift:7.2f} s   the bare statement {statement:.2f} s, x {shift / statement:.1f}"
    )
    print(
        f"delivery_idle cpu_pct={cpu:.2f} rss_mb={memory:.1f} reschedule_s={shift:.2f} "
        f"statement_s={statement:.2f} database_pct={database:.2f}"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
