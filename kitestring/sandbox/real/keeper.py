"""Keeps one server and ends it, with its whole process group, when told to or when whoever started it is gone.

Run as a program of its own: `python -I -S keeper.py PLAN`, PLAN being JSON with argv, cwd, log, user, signal and
grace. It prints the server's pid, then waits. When its standard input closes (the parent asked, or died in any
way, kill -9 included) it sends the signal, waits `grace` seconds, kills what is left of the group and exits.
Unlike `kit.tether` this may be started from any thread and reaches a server's own children. Standard library only.
"""

from __future__ import annotations

import json
import os
import pwd
import select
import signal
import subprocess
import sys
from contextlib import suppress
from types import FrameType
from typing import Any


def _launch(plan: dict[str, Any]) -> subprocess.Popen[bytes]:
    who: dict[str, Any] = {}
    if plan["user"]:
        entry = pwd.getpwnam(plan["user"])
        who = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    with open(plan["log"], "ab") as log:
        return subprocess.Popen(
            plan["argv"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=plan["cwd"],
            start_new_session=True,
            **who,
        )


def _ended(pidfd: int, seconds: float | None, also: tuple[int, ...] = ()) -> bool:
    """Has the server ended? Waits until it has, until `also` has something to say, or for `seconds`."""
    ready, _, _ = select.select([pidfd, *also], [], [], seconds)
    return pidfd in ready


def keep(plan: dict[str, Any]) -> int:
    server = _launch(plan)
    sys.stdout.write(f"{server.pid}\n")
    sys.stdout.flush()
    pidfd = os.pidfd_open(server.pid)
    ended = False
    with suppress(InterruptedError):
        ended = _ended(pidfd, None, also=(sys.stdin.fileno(),))
    if not ended:
        server.send_signal(plan["signal"])
        _ended(pidfd, plan["grace"])
    # Before the server is reaped, so that its number cannot have been given to a stranger's group.
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    return server.wait()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise InterruptedError


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _interrupt)
    code = keep(json.loads(sys.argv[1]))
    sys.exit(code if code >= 0 else 128 - code)
