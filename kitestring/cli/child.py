"""One process the supervisor keeps alive: started tied to it, ended with all of its own children."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from kitestring.kit.postgres.make import open_log, tail
from kitestring.kit.tether import tethered

FIRST_PAUSE = 0.1  # seconds before the first restart; doubled with every death in a row
LONGEST_PAUSE = 30.0
STEADY_AFTER = 30.0  # seconds alive after which a death counts as the first again


class Child:
    """A named command; `start` it, ask `ended`, and let `pause` say how long to wait before the next start."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.log = log
        self.deaths = 0
        self.due: float | None = None
        self._command = list(command)
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        return self._process.returncode if self._process else None

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C in the terminal is the supervisor's to hand on."""
        with open_log(self.log) as log:
            self._process = subprocess.Popen(
                tethered(self._command, signal.SIGTERM),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
                start_new_session=True,
            )
        self._started, self.due = time.monotonic(), None

    def mourn(self) -> float:
        """After its death: end what it left behind; returns the seconds to wait before the next start."""
        self.kill()
        if time.monotonic() - self._started > STEADY_AFTER:
            self.deaths = 0
        self.deaths += 1
        pause = min(FIRST_PAUSE * 2.0 ** (self.deaths - 1), LONGEST_PAUSE)
        self.due = time.monotonic() + pause
        return pause

    def ask_to_stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the whole session at once: a killed parent's own children too."""
        if self._process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def last_words(self) -> str:
        return tail(self.log)
