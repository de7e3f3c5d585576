"""A server that was started is waited for with a limit, ends with its whole family, and never outlives who started it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from kitestring.sandbox.real.server import Server
from kitestring.sandbox.real.trouble import ServerFailed

# A server with a child in its group; both would live for minutes.
FAMILY = ["sh", "-c", "echo up; sleep 300 & wait"]
STUBBORN = ["sh", "-c", "trap '' TERM; echo up; while :; do sleep 0.2; done"]
STARTER = """
import sys, time
from pathlib import Path
from kitestring.sandbox.real.server import Server
folder = Path(sys.argv[1])
server = Server("test", {command!r}, log=folder / "log", cwd=folder)
print(server.pid, flush=True)
time.sleep(300)
"""


def _server(folder: Path, command: list[str], grace: float = 5.0) -> Server:
    server = Server("The test server", command, log=folder / "log", cwd=folder, grace=grace)
    server.until(lambda: True if "up" in (folder / "log").read_text() else None, 10)
    return server


def _family(pid: int) -> list[psutil.Process]:
    leader = psutil.Process(pid)
    deadline = time.monotonic() + 10
    while not leader.children() and time.monotonic() < deadline:
        time.sleep(0.05)
    return [leader, *leader.children(recursive=True)]


def _all_gone(family: list[psutil.Process]) -> bool:
    return not psutil.wait_procs(family, timeout=10)[1]


def test_stopping_ends_the_server_and_its_children(tmp_path: Path) -> None:
    server = _server(tmp_path, FAMILY)
    family = _family(server.pid)
    assert len(family) == 2
    server.stop()
    assert _all_gone(family)
    server.stop()  # a second time does no harm


def test_a_server_that_ignores_the_signal_is_killed(tmp_path: Path) -> None:
    server = _server(tmp_path, STUBBORN, grace=0.5)
    family = _family(server.pid)
    server.stop()
    assert _all_gone(family)


def test_a_server_does_not_outlive_who_started_it(tmp_path: Path) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER.format(command=FAMILY), str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
    )
    with starter:
        assert starter.stdout is not None
        family = _family(int(starter.stdout.readline()))
        starter.kill()
    assert _all_gone(family)


def test_a_server_that_dies_says_why(tmp_path: Path) -> None:
    server = Server(
        "The test server", ["sh", "-c", "echo no such luck; exit 3"], log=tmp_path / "log", cwd=tmp_path
    )
    with pytest.raises(ServerFailed, match="no such luck"):
        server.until(lambda: None, 10)
    server.stop()


def test_a_server_that_is_never_ready_is_given_up(tmp_path: Path) -> None:
    server = _server(tmp_path, FAMILY)
    with pytest.raises(ServerFailed, match="not ready within 0 seconds"):
        server.until(lambda: None, 0.2)
    server.stop()


def test_a_program_that_is_not_there_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(ServerFailed, match="could not be started at all"):
        Server("The test server", ["/no/such/program"], log=tmp_path / "log", cwd=tmp_path)
