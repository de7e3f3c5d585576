"""Keeps one piece of work alive: it is done in a fork of this process, and in a new one at once when that is killed.

What takes long in starting is the loading, so it is loaded before: a fork of it works within a tenth of a second, and
nothing due waits for a program to start. Whatever ends by itself, well or not, ends the keeper with the same exit code.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final

from kitestring.kit.tether import PR_SET_PDEATHSIG

STOPPING: Final = (signal.SIGTERM, signal.SIGINT)
FIRST_PAUSE: Final = 0.05  # seconds before another fork, doubled with each that lived shortly
LONGEST_PAUSE: Final = 30.0
STEADY_AFTER: Final = 10.0  # seconds alive after which a death counts as the first again
GLANCE: Final = 0.1  # seconds of a pause until it is seen that somebody asked to stop


class Keeper:
    """Call `keep` from the main thread, with no other thread running and no connection open: a fork has neither."""

    def __init__(self, work: Callable[[], int]) -> None:
        self._work = work
        self._child = 0
        self._asked = False

    def keep(self) -> int:
        """Until the work ends by itself or is asked to stop; gives back its exit code."""
        for number in STOPPING:
            signal.signal(number, self._hand_on)
        # Ignored, as some programs leave it, nobody could be waited for.
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        deaths = 0
        while not self._asked:
            begun = time.monotonic()
            code = self._once()
            if code >= 0:
                return code
            if not self._asked:
                print(
                    f"The worker was killed (signal {-code}); starting it again.", file=sys.stderr, flush=True
                )
                deaths = 1 if time.monotonic() - begun > STEADY_AFTER else deaths + 1
                self._pause(0.0 if deaths == 1 else min(FIRST_PAUSE * 2.0 ** (deaths - 2), LONGEST_PAUSE))
        return 0

    def _once(self) -> int:
        """Its exit code; negative: the signal that killed it, or why it was not begun."""
        keeper = os.getpid()
        with _held_back():
            # What comes in this moment waits: for us until the child is known, for the child until it has no handler of ours.
            if self._asked:
                return -int(signal.SIGTERM)
            self._child = os.fork()
            if self._child == 0:
                os._exit(self._be_the_child(keeper))
        os.waitid(os.P_PID, self._child, os.WEXITED | os.WNOWAIT)
        with _held_back():
            _pid, status = os.waitpid(self._child, 0)
            self._child = 0  # its number may be somebody else's from now on
        return os.waitstatus_to_exitcode(status)

    def _be_the_child(self, keeper: int) -> int:
        try:
            for number in STOPPING:
                signal.signal(number, signal.SIG_DFL)
            # Its end is ours: nobody would ask for an orphan, and another one is started in the keeper's place.
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
            if os.getppid() != keeper:
                return 1
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
            return self._work()
        except BaseException:  # noqa: BLE001 - whatever it is, a fork must not go on as its keeper would
            sys.excepthook(*sys.exc_info())
            return 1
        finally:
            sys.stdout.flush()
            sys.stderr.flush()

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._asked and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, GLANCE))

    def _hand_on(self, number: int, frame: FrameType | None) -> None:
        self._asked = True
        if self._child:
            with suppress(ProcessLookupError):
                os.kill(self._child, number)


@contextmanager
def _held_back() -> Iterator[None]:
    """The signals that ask to stop are delivered when the block ends."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
