"""One server process: started under a keeper, waited for with a limit, stopped without a trace."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import psutil

from kitestring.sandbox.real.trouble import ServerFailed, tail

KEEPER = Path(__file__).with_name("keeper.py")
Answer = TypeVar("Answer")


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A running server. name: for messages. log: where its output goes. user: whom it runs as (None: ourselves).

    stop_signal is sent first; after `grace` seconds its whole process group is killed.
    """

    def __init__(
        self,
        name: str,
        argv: Sequence[str | Path],
        *,
        log: Path,
        cwd: Path,
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        grace: float = 5.0,
    ) -> None:
        self.name, self.log, self._grace = name, log, grace
        plan = {
            "argv": [str(part) for part in argv],
            "cwd": str(cwd),
            "log": str(log),
            "user": user,
            "signal": int(stop_signal),
            "grace": grace,
        }
        self._keeper = subprocess.Popen(
            [sys.executable, "-I", "-S", str(KEEPER), json.dumps(plan)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
            start_new_session=True,  # a Ctrl-C in the terminal is for us, not for it
        )
        assert self._keeper.stdout is not None  # noqa: S101 - tells mypy what PIPE means
        with self._keeper.stdout as first_line:
            said = first_line.readline()
        if not said:
            self.stop()
            raise ServerFailed(f"{name} could not be started at all: {argv[0]}")
        self.pid = int(said)

    @property
    def alive(self) -> bool:
        return self._keeper.poll() is None

    def check(self) -> None:
        """Raise `ServerFailed` with the end of the log if the server has died."""
        if not self.alive:
            raise ServerFailed(f"{self.name} ended by itself. The end of its log:\n{tail(self.log)}")

    def until(self, probe: Callable[[], Answer | None], seconds: float) -> Answer:
        """What `probe` answers as soon as it is not None; `ServerFailed` if the server dies or time is up."""
        deadline = time.monotonic() + seconds
        while True:
            answer = probe()
            if answer is not None:
                return answer
            self.check()
            if time.monotonic() > deadline:
                raise ServerFailed(
                    f"{self.name} was not ready within {seconds:.0f} seconds. The end of its log:\n{tail(self.log)}"
                )
            time.sleep(0.1)

    def memory(self) -> int:
        """Bytes of memory of the server and its children; a page that several share is counted once (PSS)."""
        leader = psutil.Process(self.pid)
        return sum(int(p.memory_full_info().pss) for p in [leader, *leader.children(recursive=True)])

    def stop(self) -> None:
        """End it; harmless when it has ended already."""
        if self._keeper.stdin is not None:
            self._keeper.stdin.close()
        self._keeper.wait(self._grace + 10)
