"""What else was so when a run ended badly: the clocks, who is connected, what the queue waits for, each program's last words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kitestring.kit.clock import now
from tests.chaos.soak.database import glance
from tests.chaos.soak.run import Run

CLOCK: Final = "SELECT ks_now(), current_setting('kitestring.clock_offset', true)"
SESSIONS: Final = """
SELECT application_name, state, wait_event_type, wait_event, clock_timestamp() - state_change, left(query, 90)
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY 1, 5"""
JOBS: Final = """
SELECT task_name, status, queueing_lock, count(*), min(scheduled_at), max(attempts)
FROM procrastinate_jobs GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1 LIMIT 12"""
LANES: Final = """
SELECT count(*), count(owner), min(lease_until), max(lease_until), min(not_before), max(not_before) FROM publishing_lane"""
OPEN: Final = """
SELECT state, reason, count(*), count(owner), min(due_at), max(due_at), min(not_before), max(not_before), max(lease_until)
FROM publishing_delivery WHERE state IN ('scheduled', 'sending', 'unknown', 'processing', 'partly_out')
GROUP BY 1, 2 ORDER BY 1, 2"""
QUESTIONS: Final = {
    "the database's clock": CLOCK,
    "its sessions": SESSIONS,
    "the queue": JOBS,
    "the lanes": LANES,
    "what is open": OPEN,
}


def circumstances(run: Run) -> Iterator[str]:
    """Lines about the instance as it stands now; a question that cannot be answered is left out."""
    yield f"\nthe clock here {now()}, in the workers' file {run.fleet.clock.read_text()!r}"
    for name, question in QUESTIONS.items():
        yield f"{name}:"
        yield from (f"    {' | '.join(map(str, row))}" for row in glance(question) or ())
    living = [(one.pid, one.status(), f"{one.create_time():.0f}") for one in run.fleet.workers()]
    yield f"who works: {living}"
    for log in sorted(run.fleet.folder.rglob("*.log")):
        yield f"the last words of {log.name}:"
        yield from (f"    {line}" for line in log.read_text("utf-8", "replace")[-900:].splitlines()[-8:])
