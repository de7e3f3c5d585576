"""Who keeps the worker alive: asked to stop at any moment it stops, and only what was killed is begun again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from kitestring.cli.tests.conftest import until

# What works here writes a line when it begins, and then waits, ends, or dies at once.
PROGRAM = """
    import os, signal, sys, time
    from kitestring.cli.keeper import Keeper

    def work():
        os.write(1, b"begun\\n")
        {deed}

    sys.exit(Keeper(work).keep())
"""


def keeper(deed: str) -> subprocess.Popen[bytes]:
    program = textwrap.dedent(PROGRAM).format(deed=deed)
    return subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def begun(process: subprocess.Popen[bytes]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"


@pytest.mark.parametrize(("deed", "code"), [("return 0", 0), ("return 3", 3), ("raise ValueError", 1)])
def test_what_ends_by_itself_ends_the_keeper_alike(deed: str, code: int) -> None:
    with keeper(deed) as process:
        assert process.wait(10) == code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_hands_that_on(number: signal.Signals) -> None:
    with keeper("time.sleep(60)") as process:
        begun(process)
        process.send_signal(number)
        assert process.wait(10) == 0


def signals(process: psutil.Process, line: str) -> set[int]:
    """The numbers in one mask of what the kernel tells of a process: SigBlk held back, SigCgt with a handler."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    (mask,) = [told.split()[1] for told in status.splitlines() if told.startswith(f"{line}:")]
    return {int(number) for number in signal.Signals if int(mask, 16) >> (number - 1) & 1}


def test_no_request_comes_between_a_look_and_the_wait() -> None:
    """It is asked for, not handled: with a handler it would be heard only when something else ends the wait."""
    with keeper("time.sleep(60)") as process:
        begun(process)
        kept = psutil.Process(process.pid)
        (child,) = kept.children()
        assert signal.SIGTERM not in signals(kept, "SigCgt")
        assert not signals(child, "SigBlk") & {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}
        process.terminate()
        assert process.wait(10) == 0


def test_killed_it_begins_again() -> None:
    with keeper("time.sleep(60)") as process:
        for _ in range(3):
            begun(process)
            (child,) = psutil.Process(process.pid).children()
            child.kill()
        begun(process)
        process.terminate()
        assert process.wait(10) == 0


def test_killed_it_begins_again_though_nobody_can_be_told() -> None:
    """Its own log is on a disk that is full."""
    program = textwrap.dedent(PROGRAM).format(deed="time.sleep(60)")
    with (
        open("/dev/full", "w") as full,
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=full) as process,
    ):
        begun(process)
        (child,) = psutil.Process(process.pid).children()
        child.kill()
        begun(process)
        process.terminate()
        # 120 is Python's own last word where the rest of its words can go nowhere.
        assert process.wait(10) in (0, 120)


def test_asked_in_a_pause_it_does_not_begin_again() -> None:
    """Dying at once again and again it pauses for seconds; whoever asks then is not forgotten."""
    with keeper("os.kill(os.getpid(), signal.SIGKILL)") as process:
        for _ in range(6):
            begun(process)
        process.terminate()
        assert process.wait(3) == 0


@pytest.mark.parametrize("after", [0.0, 0.001, 0.002, 0.004, 0.008])
def test_asked_in_the_moment_of_a_fork_it_stops(after: float) -> None:
    for _ in range(4):
        with keeper("time.sleep(60)") as process:
            begun(process)
            (child,) = psutil.Process(process.pid).children()
            child.kill()
            time.sleep(after)
            process.terminate()
            assert process.wait(5) == 0


def test_its_fork_ends_with_it() -> None:
    with keeper("time.sleep(60)") as process:
        begun(process)
        (child,) = psutil.Process(process.pid).children()
        process.kill()
        process.wait(5)
        until(
            lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, "it works on alone", 5
        )
        with suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
