"""The one clock of the process: everything that asks for the time asks here.

Tests move it by an offset (and the database's `ks_now()` with it); the machine's clock is never touched.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta

_offset = timedelta(0)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC) + _offset


def offset() -> timedelta:
    """How far this process's clock is moved from the machine's; zero outside tests."""
    return _offset


def elapsed() -> float:
    """Seconds on a clock that nobody sets, for how long something took; under tests, what a moved clock let pass counts."""
    return time.monotonic() + _offset.total_seconds()


def move(by: timedelta) -> None:
    """Set the test offset. Refused unless the process runs under tests."""
    if "PYTEST_CURRENT_TEST" not in os.environ and os.environ.get("KITESTRING_TESTING") != "1":
        raise RuntimeError("The clock can only be moved under tests.")
    global _offset
    _offset = by
