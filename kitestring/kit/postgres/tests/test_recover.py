"""After any kill the next start works by itself: no stale file needs a human, no data is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from kitestring.kit.postgres import Cluster

NewCluster = Callable[..., Cluster]

OWNER = """
import sys, time
from pathlib import Path
from kitestring.kit.postgres import Cluster
cluster = Cluster(Path(sys.argv[1]), tether=sys.argv[2] == "tether")
cluster.start()
print(cluster.pid, flush=True)
time.sleep(600)
"""


def count(cluster: Cluster) -> int:
    with psycopg.connect(cluster.url()) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture
def cluster(open_folder: Path, new_cluster: NewCluster) -> Cluster:
    """A running cluster with three rows."""
    made = new_cluster(open_folder / "home", durable=True)
    made.start()
    with psycopg.connect(made.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 3) AS n")
    return made


def works(pid: int) -> bool:
    """Is the process there and more than a zombie nobody collected?"""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def killed(cluster: Cluster) -> None:
    assert cluster.pid is not None
    os.kill(cluster.pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while cluster.alive():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_killed_server_is_revived_with_its_rows(cluster: Cluster) -> None:
    for _ in range(2):
        killed(cluster)
        cluster.revive()
        assert count(cluster) == 3


def test_a_backend_that_outlives_its_server_is_ended_first(cluster: Cluster) -> None:
    def busy() -> None:
        with suppress(psycopg.OperationalError), psycopg.connect(cluster.url()) as connection:
            connection.execute("SELECT count(*) FROM generate_series(1, 3000000000)")

    thread = threading.Thread(target=busy)
    thread.start()
    assert cluster.pid is not None
    server = psutil.Process(cluster.pid)
    deadline = time.monotonic() + 10
    while not any("SELECT" in " ".join(child.cmdline()) for child in server.children()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    backends = server.children()
    killed(cluster)
    cluster.revive()
    thread.join(10)
    assert not thread.is_alive()
    assert not [backend for backend in backends if works(backend.pid)]
    assert count(cluster) == 3


@pytest.mark.parametrize(
    "left", ["", "12", "not a number\n", "{stranger}\n/elsewhere\n1\n5432\n/tmp\n\n\nready\n"]
)
def test_a_lying_pid_file_is_no_hindrance(cluster: Cluster, left: str) -> None:
    cluster.stop()
    # The number of a process that lives and has nothing to do with it.
    (cluster.place.data / "postmaster.pid").write_text(left.format(stranger=os.getpid()))
    cluster.start()
    assert count(cluster) == 3


def test_stale_sockets_are_no_hindrance(cluster: Cluster) -> None:
    sockets = cluster.sockets
    cluster.stop()
    sockets.mkdir(mode=0o700)
    os.chown(sockets, cluster.place.owner.uid, cluster.place.owner.gid)
    (sockets / ".s.PGSQL.5432").write_text("")
    (sockets / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n/elsewhere\n")
    cluster.start()
    assert count(cluster) == 3


def test_a_half_made_database_is_made_anew(open_folder: Path, new_cluster: NewCluster) -> None:
    half = open_folder / "home" / "postgres" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    for folder in (half, half.parent, half.parent.parent):
        folder.chmod(0o755)
    cluster = new_cluster(open_folder / "home")
    cluster.start()
    assert not half.exists()


def owner_process(home: Path, tie: str) -> tuple[subprocess.Popen[str], int]:
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(home), tie], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    pid = int(process.stdout.readline())
    process.kill()
    process.wait(5)
    process.stdout.close()
    return process, pid


def test_a_living_orphan_is_adopted(cluster: Cluster) -> None:
    cluster.stop()
    _, pid = owner_process(cluster.home, "loose")
    cluster.start()
    assert (cluster.adopted, cluster.pid) == (True, pid)
    assert count(cluster) == 3
    cluster.stop()
    assert not works(pid)


def test_a_tied_server_goes_with_its_owner(cluster: Cluster) -> None:
    cluster.stop()
    _, pid = owner_process(cluster.home, "tether")
    deadline = time.monotonic() + 10
    while works(pid):
        assert time.monotonic() < deadline, "the server outlived its owner"
        time.sleep(0.02)
    cluster.start()
    assert count(cluster) == 3


def test_starting_while_the_old_server_is_leaving(cluster: Cluster) -> None:
    cluster.stop()
    owner_process(cluster.home, "tether")
    cluster.start()  # no pause: the old server has just been told to go
    time.sleep(0.3)
    if not cluster.alive():
        cluster.revive()
    assert count(cluster) == 3
