"""The tie between parent and child: it holds when the parent is killed, and it hands over nothing else."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import psutil

from kitestring.kit.tether import tethered

PARENT = """
import subprocess, sys, time
from signal import SIGTERM
from kitestring.kit.tether import tethered
child = subprocess.Popen(tethered(["/bin/sleep", "600"], SIGTERM))
print(child.pid, flush=True)
time.sleep(600)
"""


def test_the_child_goes_when_the_parent_is_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    deadline = time.monotonic() + 5
    while child.name() != "sleep":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    parent.kill()
    parent.wait(5)
    parent.stdout.close()
    _, left = psutil.wait_procs([child], timeout=5)
    assert not left


def test_the_child_is_the_command_with_its_exit_code() -> None:
    done = subprocess.run(
        tethered(["/bin/sh", "-c", "echo $0; exit 3", "a b"], signal.SIGTERM), capture_output=True
    )
    assert (done.returncode, done.stdout) == (3, b"a b\n")
