"""How far the comments were read: the highest number, and the numbers read of the last days.

Numbers grow, but what a moderator lets through later has a lower one than what was read since. So the last days are read
again each time, and what of them was read already is known by its number.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from kitestring.kit import clock

# Ours: what is let through later than this after it was written does not come in.
LOOKED_BACK: Final = timedelta(days=14)


@dataclass
class Cursor:
    """`top`: the highest number read. `floor`: what is not above it was read before numbers were kept. `known`: the numbers
    of the last days, by the day they were written (UTC)."""

    top: int = 0
    floor: int = 0
    known: dict[str, set[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str) -> Cursor:
        """What was kept, read again. A plain number is how it was kept until November 2026."""
        if text.isascii() and text.isdecimal():
            return cls(int(text), int(text))
        try:
            kept: dict[str, Any] = json.loads(text or "{}")
        except ValueError:
            kept = {}
        known = {str(day): set(numbers) for day, numbers in kept.get("known", {}).items()}
        return cls(int(kept.get("top", 0)), int(kept.get("floor", 0)), known)

    def past(self, number: int, at: datetime) -> bool:
        """Whether neither this one nor any with a lower number can be new."""
        return number <= self.floor or (number <= self.top and not _young(at))

    def new(self, number: int, at: datetime) -> bool:
        """Whether it was not read yet."""
        return number > self.top or number not in self.known.get(_day(at), ())

    def after(self, read: list[tuple[int, datetime]]) -> Cursor:
        """Once these were read too. Days that nobody will look back to are forgotten."""
        first = _day(clock.now() - LOOKED_BACK)
        known = {day: set(numbers) for day, numbers in self.known.items() if day >= first}
        for number, at in read:
            if _young(at):
                known.setdefault(_day(at), set()).add(number)
        return Cursor(max((self.top, *(number for number, _ in read))), self.floor, known)

    @property
    def text(self) -> str:
        if not self.top:
            return ""
        known = {day: sorted(numbers) for day, numbers in sorted(self.known.items())}
        return json.dumps({"top": self.top, "floor": self.floor, "known": known}, separators=(",", ":"))


def _young(at: datetime) -> bool:
    return clock.now() - at < LOOKED_BACK


def _day(at: datetime) -> str:
    return at.date().isoformat()
