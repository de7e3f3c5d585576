"""Ties a child to the process that started it: when the parent dies, even by kill -9, the child gets a signal.

Linux offers this as PR_SET_PDEATHSIG, which must be set inside the child. So the child starts as this file,
which gives up root's rights if asked, sets the tie and becomes the wanted program by `execv`; it imports
nothing but the standard library and costs about 30 ms. The tie belongs to the *thread* that started the
child: start children from the main thread.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Sequence
from signal import Signals

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def tethered(command: Sequence[str], end: Signals, *, uid: int | None = None, gid: int = 0) -> list[str]:
    """The command line that runs `command` tied to the calling process.

    end: the signal the child gets when we die. uid, gid: whom it shall run as (None: as ourselves).
    """
    become = "-" if uid is None else f"{uid}:{gid}"
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), str(int(end)), become, *command]


def _become(who: str) -> None:
    uid, gid = (int(part) for part in who.split(":"))
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def main(arguments: Sequence[str]) -> None:
    parent, end, who, *command = arguments
    libc = ctypes.CDLL(None)
    if who != "-":
        _become(who)
    # After giving up root: a change of user takes the tie off again, prctl(2).
    libc.prctl(PR_SET_PDEATHSIG, int(end), 0, 0, 0)
    if os.getppid() != int(parent):
        sys.exit("The parent is gone already.")
    os.execv(command[0], command)  # noqa: S606 - the whole point is to become that program


if __name__ == "__main__":
    main(sys.argv[1:])
