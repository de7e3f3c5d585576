"""`kitestring worker`: does jobs, ends well when asked, and ends with 1 when the database is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from kitestring.cli.main import main
from kitestring.cli.supervisor import STOP_WITHIN
from kitestring.cli.tests.conftest import surroundings, until
from kitestring.cli.worker import CONCURRENCY, GRACE, QUEUE_NAME
from kitestring.domains.publishing.actions.flight import LAST_WORD
from kitestring.kit.postgres import Cluster

DEFER = """
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args, status)
VALUES ('builtin', 'builtin:procrastinate.builtin_tasks.remove_old_jobs', 0, '{"max_hours": 1}', 'todo')
"""


@pytest.fixture
def cluster(home: Path) -> Iterator[Cluster]:
    with Cluster(home) as running:
        yield running


@pytest.fixture
def worker(cluster: Cluster) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that has said that it lives."""
    with working(cluster) as process:
        yield process


@contextmanager
def working(cluster: Cluster) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "kitestring.cli", "worker"]
    process = subprocess.Popen(command, env=surroundings(cluster.home, DATABASE_URL=cluster.url()), cwd="/")
    try:
        until(lambda: count(cluster, WORKERS) or process.poll() is not None, "no worker")
        yield process
    finally:
        process.kill()
        process.wait(5)


WORKERS = "SELECT count(*) FROM procrastinate_workers"
JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE '%remove_old_jobs'"


def count(cluster: Cluster, question: str) -> int:
    with psycopg.connect(cluster.url()) as connection:
        row = connection.execute(question).fetchone()
        assert row is not None
        return int(row[0])


def test_it_does_a_job_and_stops_when_asked(cluster: Cluster, worker: subprocess.Popen[bytes]) -> None:
    with psycopg.connect(cluster.url()) as connection:
        connection.execute(DEFER)
    until(lambda: count(cluster, JOBS) == 0, "the job was not done", 15)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    assert count(cluster, WORKERS) == 0


def test_its_last_words_are_said_before_whoever_stops_it_ends_it() -> None:
    assert GRACE + LAST_WORD <= STOP_WITHIN - 1.0


def test_it_ends_with_1_when_the_database_is_gone(cluster: Cluster, worker: subprocess.Popen[bytes]) -> None:
    assert cluster.pid is not None
    os.kill(cluster.pid, signal.SIGKILL)
    assert worker.wait(20) == 1
    cluster.revive()  # so that it can end well


def at_work(worker: subprocess.Popen[bytes]) -> psutil.Process:
    found: list[psutil.Process] = []

    def seen() -> bool:
        found[:] = psutil.Process(worker.pid).children()
        return len(found) == 1

    until(seen, "nobody works", 5)
    return found[0]


def test_killed_it_is_back_and_does_what_waits(cluster: Cluster, worker: subprocess.Popen[bytes]) -> None:
    for _ in range(3):
        killed = at_work(worker)
        killed.kill()
        until(lambda gone=killed: at_work(worker).pid != gone.pid, "nobody came in its place", 5)
        with psycopg.connect(cluster.url()) as connection:
            connection.execute(DEFER)
        until(lambda: count(cluster, JOBS) == 0, "the job was not done", 15)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0


def test_nobody_works_on_without_its_keeper(cluster: Cluster, worker: subprocess.Popen[bytes]) -> None:
    left = at_work(worker)
    worker.kill()
    worker.wait(5)
    until(lambda: not left.is_running() or left.status() == psutil.STATUS_ZOMBIE, "it works on alone", 5)


def test_without_a_database_it_says_so(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("KITESTRING_HOME", str(home))
    assert main(["worker"]) == 1
    assert "There is no database to work on" in capsys.readouterr().err


BURST = """
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args, status)
SELECT 'default', 'inbox.collect', 0, jsonb_build_object('account_id', gen_random_uuid()::text), 'todo'
FROM generate_series(1, 400)
"""
PLAIN = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'inbox.collect'"
OPEN = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_type = 'client backend' AND application_name <> 'kitestring queue'"
)


def test_a_burst_of_plain_jobs_keeps_no_connection_open(
    cluster: Cluster, worker: subprocess.Popen[bytes]
) -> None:
    with psycopg.connect(cluster.url()) as connection:
        connection.execute(BURST)
    assert QUEUE_NAME in OPEN
    most = 0
    while count(cluster, PLAIN):
        assert worker.poll() is None
        most = max(most, count(cluster, OPEN))
    assert 1 < most <= CONCURRENCY + 1, "more than one for every job at once, and the ledger's"
    until(lambda: count(cluster, OPEN) <= 1, "jobs that are done hold connections", 20)


# It waits for a second that is to come, as a call waits for a server that does not answer.
HANGS = """
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args, status)
VALUES ('default', 'publishing.slot', 0, jsonb_build_object('due', (ks_now() + interval '15 seconds')::text), 'todo')
"""
LATER = "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'"
HANGING = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'publishing.slot' AND status = 'doing'"
THERE = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'publishing.slot'"


def test_the_job_of_a_killed_worker_is_taken_over(cluster: Cluster, worker: subprocess.Popen[bytes]) -> None:
    with psycopg.connect(cluster.url()) as connection:
        connection.execute(HANGS)
    until(lambda: count(cluster, HANGING) == 1, "the job was not begun", 15)
    worker.kill()
    worker.wait(5)
    with psycopg.connect(cluster.url()) as connection:
        connection.execute(LATER)
    assert count(cluster, THERE) == 1
    with working(cluster):
        until(lambda: count(cluster, THERE) == 0, "nobody took the job over and did it")
