"""One line of a delivery's timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Line:
    """One line of the timeline. `shape`: a state's drawing or an icon's name; `tone`: "", good, warn, danger.

    `said`: a channel's own words; `machine`: what our machines said instead, for a folded detail.
    """

    at: datetime
    shape: str
    text: str
    detail: str = ""
    tone: str = ""
    said: str = ""
    ids: str = ""
    machine: str = ""
