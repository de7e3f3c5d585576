"""The two ways a real server can be out of reach: not installed, or installed and broken. Never confuse them."""

from __future__ import annotations

from pathlib import Path

TAIL = 4000  # characters of a log that are worth reading


class Absent(RuntimeError):
    """What the server needs is not on this machine. The text says what is missing and what to run."""


class ServerFailed(RuntimeError):
    """The server is installed but did not start, died, or refused a call that had to work."""


def tail(log: Path) -> str:
    """The last few thousand characters of a log, or a sentence that there is none."""
    try:
        return log.read_text(errors="replace")[-TAIL:].strip() or "(the log is empty)"
    except FileNotFoundError:
        return "(there is no log)"
