"""Ends what an earlier supervisor left running: its children carry the data folder as a mark in their environment."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from kitestring.cli.instance import MARK

PATIENCE = 3.0  # seconds to leave in peace before being killed


def end_strays(home: Path) -> int:
    """End every process marked with this data folder; only under the instance's lock. Returns how many there were."""
    ended: set[int] = set()
    started = time.monotonic()
    # Looked for anew each time: one that was just being forked is in no earlier list.
    while left := list(_marked(home)):
        ended.update(left)
        hard = time.monotonic() - started > PATIENCE
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL if hard else signal.SIGTERM)
        time.sleep(0.1)
    return len(ended)


def _mark(home: Path) -> bytes:
    return os.fsencode(f"{MARK}={home}")


def _marked(home: Path) -> Iterator[int]:
    mark, me = _mark(home), os.getpid()
    for entry in os.scandir("/proc"):
        if entry.name.isdigit() and int(entry.name) != me and _carries(int(entry.name), mark):
            yield int(entry.name)


def _carries(pid: int, mark: bytes) -> bool:
    """Other people's processes cannot be read and so are never meant; a zombie has no environment."""
    with suppress(OSError):
        return mark in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return False
