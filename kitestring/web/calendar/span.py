"""Which days a view shows, where it leads back and forth, and the hours they hold in the brand's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

View = Literal["month", "week", "day", "list"]
VIEWS: Final[tuple[View, ...]] = ("month", "week", "day", "list")
LISTED: Final = 14
STEPS: Final[dict[View, int]] = {"week": 7, "day": 1, "list": LISTED}


@dataclass(frozen=True)
class Span:
    """The days from `first` to `last` (both shown); `day` is the one asked for. `weeks` in rows of seven."""

    view: View
    day: date
    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @property
    def weeks(self) -> list[list[date]]:
        days = self.days
        return [days[n : n + 7] for n in range(0, len(days), 7)]

    @property
    def before(self) -> date:
        """The day to ask for to see the span before this one."""
        if self.view == "month":
            return (self.day.replace(day=1) - timedelta(days=1)).replace(day=1)
        return self.day - timedelta(days=STEPS[self.view])

    @property
    def after(self) -> date:
        if self.view == "month":
            return (self.day.replace(day=1) + timedelta(days=32)).replace(day=1)
        return self.day + timedelta(days=STEPS[self.view])

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """[start, end) of the span as moments; midnight is the zone's."""
        return midnight(self.first, zone), midnight(self.last + timedelta(days=1), zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day there. (In UTC, so that durations across a clock change are true.)"""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def week_of(day: date, week_start: int) -> list[date]:
    """The seven days around a day, the reader's first day first."""
    first = day - timedelta(days=(day.weekday() - week_start) % 7)
    return [first + timedelta(days=n) for n in range(7)]


def span_of(view: View, day: date, week_start: int) -> Span:
    """The span of a view that holds `day`. `week_start`: 0 = Monday."""
    if view == "day":
        return Span(view, day, day, day)
    if view == "list":
        return Span(view, day, day, day + timedelta(days=LISTED - 1))
    if view == "week":
        week = week_of(day, week_start)
        return Span(view, day, week[0], week[-1])
    start = day.replace(day=1)
    first = start - timedelta(days=(start.weekday() - week_start) % 7)
    end = (start + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    last = end + timedelta(days=(week_start - 1 - end.weekday()) % 7)
    return Span(view, day, first, last)
