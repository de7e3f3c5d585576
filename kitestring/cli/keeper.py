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
from typing import Final

from kitestring.kit.tether import PR_SET_PDEATHSIG

STOPPING: Final = (signal.SIGTERM, signal.SIGINT)
HEARD: Final = (*STOPPING, signal.SIGCHLD)
FIRST_PAUSE: Final = 0.05  # seconds before another fork, doubled with each that lived shortly
LONGEST_PAUSE: Final = 30.0
STEADY_AFTER: Final = 10.0  # seconds alive after which a death counts as the first again


class Keeper:
    """Call `keep` from the main thread, with no other thread running and no connection open: a fork has neither."""

    def __init__(self, work: Callable[[], int]) -> None:
        self._work = work
        self._asked = False

    def keep(self) -> int:
        """Until the work ends by itself or is asked to stop; gives back its exit code."""
        # Ignored, as some programs leave it, nobody could be waited for.
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        with _held_back():
            return self._keep()

    def _keep(self) -> int:
        deaths = 0
        while not self._asked:
            begun = time.monotonic()
            code = self._once()
            if code >= 0:
                return code
            if not self._asked:
                _say(f"The worker was killed (signal {-code}); starting it again.")
                deaths = 1 if time.monotonic() - begun > STEADY_AFTER else deaths + 1
                self._pause(0.0 if deaths == 1 else min(FIRST_PAUSE * 2.0 ** (deaths - 2), LONGEST_PAUSE))
        return 0

    def _once(self) -> int:
        """Its exit code; negative: the signal that killed it."""
        keeper = os.getpid()
        child = os.fork()
        if child == 0:
            os._exit(self._be_the_child(keeper))
        while True:
            number = signal.sigwait(HEARD)
            if number in STOPPING:
                self._asked = True
                os.kill(child, number)  # never somebody else's: it is ours until it has been waited for
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)

    def _be_the_child(self, keeper: int) -> int:
        try:
            for number in STOPPING:
                signal.signal(number, signal.SIG_DFL)
            # Its end is ours: nobody would ask for an orphan, and another one is started in the keeper's place.
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
            if os.getppid() != keeper:
                return 1
            signal.pthread_sigmask(signal.SIG_UNBLOCK, HEARD)
            return self._work()
        except BaseException:  # noqa: BLE001 - whatever it is, a fork must not go on as its keeper would
            sys.excepthook(*sys.exc_info())
            return 1
        finally:
            with suppress(OSError):
                sys.stdout.flush()
                sys.stderr.flush()

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._asked and (left := until - time.monotonic()) > 0:
            self._asked = signal.sigtimedwait(STOPPING, left) is not None


def _say(text: str) -> None:
    # A full disk or a closed pipe must not end what keeps the worker alive.
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)


@contextmanager
def _held_back() -> Iterator[None]:
    """What the keeper hears waits until it is asked for.

    With handlers one could come between the last look at them and the call that waits, and nobody would hear it.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HEARD)
