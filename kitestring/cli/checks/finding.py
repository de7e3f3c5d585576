"""What a check found: the state, the fact, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's: `cure` is what the person should do, empty when nothing."""

    state: Literal["well", "note", "wrong"]
    what: str
    cure: str = ""


def well(what: str) -> Finding:
    return Finding("well", what)


def note(what: str, cure: str = "") -> Finding:
    return Finding("note", what, cure)


def wrong(what: str, cure: str) -> Finding:
    return Finding("wrong", what, cure)
