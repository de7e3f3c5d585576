"""Today costs at most 25 ms of server CPU, the calendar with 500 posts 60, the inbox with a million messages 8.

Measured in this process through Django's test client (the whole request: middleware, session, queries, template), CPU
by `process_time`, median of 50 after ten warm-up requests. Beside each page the bare query that finds its rows;
`inbox_ratio` is the page's CPU over that of its query. The database's own CPU is not in it; the wall time, which has
it, is in the table. A number as argument: so many messages instead of a million.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

RUNS, WARM = 50, 10
LIMITS = {"today": 25.0, "calendar": 60.0, "inbox": 8.0}
BARE = {
    "inbox": (
        "SELECT c.id, c.contact_name, c.snippet, c.owed_since, c.answer_by, c.last_at, a.channel, p.stance, m.name"
        " FROM inbox_conversation c JOIN channels_account a ON a.id = c.account_id"
        " JOIN inbox_contact p ON p.id = c.contact_id LEFT JOIN workspaces_member m ON m.id = c.assigned_to_id"
        " WHERE c.brand_id = %s AND c.owed_since IS NOT NULL ORDER BY c.owed_since, c.id LIMIT 51"
    ),
    "today": (
        "SELECT d.id, d.state, d.due_at, p.title FROM publishing_delivery d JOIN channels_account a ON"
        " a.id = d.account_id JOIN composing_revision r ON r.id = d.revision_id JOIN composing_post p ON"
        " p.id = r.post_id WHERE a.brand_id = %s AND d.due_at >= date_trunc('day', ks_now())"
        " AND d.due_at < date_trunc('day', ks_now()) + interval '1 day' ORDER BY d.due_at"
    ),
    "calendar": (
        "SELECT d.id, d.state, d.due_at, p.title FROM publishing_delivery d JOIN channels_account a ON"
        " a.id = d.account_id JOIN composing_revision r ON r.id = d.revision_id JOIN composing_post p ON"
        " p.id = r.post_id WHERE a.brand_id = %s AND d.due_at >= date_trunc('month', ks_now())"
        " AND d.due_at < date_trunc('month', ks_now()) + interval '1 month' ORDER BY d.due_at"
    ),
}
PAGES = {"today": "web:today", "calendar": "web:calendar", "inbox": "inbox:list"}


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Median CPU and wall time of one call, in milliseconds."""
    for _n in range(WARM):
        work()
    cpu, wall = [], []
    for _n in range(RUNS):
        begun, clock = time.process_time(), time.perf_counter()
        work()
        cpu.append((time.process_time() - begun) * 1000)
        wall.append((time.perf_counter() - clock) * 1000)
    return statistics.median(cpu), statistics.median(wall)


def measure(conversations: int) -> dict[str, float]:
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.urls import NoReverseMatch, reverse

    from benchmarks import _million
    from kitestring.kit.heap import settle

    call_command("migrate", verbosity=0)
    begun = time.perf_counter()
    member, brand, accounts = _million.people()
    samples = _million.posts(brand, accounts)
    messages = _million.talks(brand, accounts, conversations)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"{messages:,} messages, {samples:,} samples loaded in {time.perf_counter() - begun:.0f} s")
    client = Client()
    client.force_login(member.user)
    settle()  # as the web server does
    figures: dict[str, float] = {}
    print(
        f"{'page':10}{'CPU ms':>9}{'wall ms':>9}{'limit':>7}{'of it':>7}{'query CPU':>11}{'query wall':>12}{'kB':>7}"
    )
    for name, route in PAGES.items():
        try:
            address = reverse(route)
        except NoReverseMatch:
            print(f"{name:10}  no such page")
            continue
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")
        cpu, wall = timed(lambda address=address: client.get(address))
        bare, bare_wall = timed(lambda name=name: rows(BARE[name], brand.pk))
        figures[f"{name}_cpu_ms"] = round(cpu, 2)
        if name == "inbox":
            figures["inbox_ratio"] = round(cpu / bare, 1)
        limit, size = LIMITS[name], len(answer.content) / 1000
        print(
            f"{name:10}{cpu:9.2f}{wall:9.2f}{limit:7.0f}{cpu / limit:7.2f}{bare:11.2f}{bare_wall:12.2f}{size:7.0f}"
        )
    return figures


def rows(sql: str, brand: object) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, [brand])
        return cursor.fetchall()


def main() -> int:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from kitestring.kit.postgres import Cluster

    folder = Path(tempfile.mkdtemp(prefix="ks-bench-"))
    folder.chmod(0o711)  # the database does not run as root and must be able to walk in
    os.environ["KITESTRING_HOME"] = str(folder / "home")
    os.environ["KITESTRING_SECRET_KEY"] = "only-for-benchmarks-and-the-same-in-every-run-of-them"
    os.environ["KITESTRING_CRYPTO_KEYS"] = "a2l0ZXN0cmluZy10ZXN0cy1vbmx5LWtleS1vbmUtMDE="
    os.environ["DJANGO_SETTINGS_MODULE"] = "kitestring.config.settings"
    cluster = Cluster(folder / "database", durable=False)
    try:
        os.environ["DATABASE_URL"] = cluster.prepare()
        cluster.start()
        import django

        django.setup()
        from django.conf import settings

        settings.ALLOWED_HOSTS = ["testserver"]
        figures = measure(int(sys.argv[1]) // 4 if len(sys.argv) > 1 else 250_000)
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print("page_latency", *(f"{key}={value}" for key, value in figures.items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
