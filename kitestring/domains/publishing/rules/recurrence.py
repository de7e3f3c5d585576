"""When a series comes round: local hours by its rule, and the moments they are. Pure: no clock of its own, no database.

An hour is the brand's own: 09:00 stays 09:00 when the clocks change. The rule makes naive local hours; `moment_of` finds
the moment each one is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, takewhile
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MO, MONTHLY, WEEKLY, rrule

DAY: Final = "day"
WEEK: Final = "week"
MONTH: Final = "month"
EVERY: Final = (DAY, WEEK, MONTH)
SHORTEST_MONTH: Final = 28
# A rule that has not named a moment for this long names none any more: the calendar's end is no answer.
FARTHEST: Final = timedelta(days=366 * 10)


class Pattern(Protocol):
    """Anything that names local hours in strictly rising order."""

    def hours(self) -> Iterator[datetime]:
        """Naive local hours, from the first on."""


@dataclass(frozen=True)
class Rule:
    """Every day, every `interval` weeks on `weekdays` (Monday 0), or on `month_day` of every month, at `at`.

    A month that has no such day takes its last. `until` counts itself in; `times` counts every hour the rule names,
    also one that was skipped or missed. Neither: without an end.
    """

    every: str
    at: time
    starts: date
    weekdays: tuple[int, ...] = ()
    interval: int = 1
    month_day: int = 1
    until: date | None = None
    times: int | None = None

    def hours(self) -> Iterator[datetime]:
        """Naive local hours, from the first on."""
        start = datetime.combine(self.starts, self.at)
        end = datetime.combine(self.until, self.at) if self.until else None
        if end is not None and end < start:
            return iter(())
        # `until` is tested here: beside `times`, rrule takes only one of the two.
        found: Iterator[datetime] = iter(self._rrule(start))
        return takewhile(lambda hour: hour <= end, found) if end else found

    def _rrule(self, start: datetime) -> rrule:
        if self.every == WEEK:
            days = sorted(set(self.weekdays)) or [start.weekday()]
            # Weeks are counted from the first that has one of its days: "every second Monday" begins next Monday.
            start += timedelta(days=min((day - start.weekday()) % 7 for day in days))
            return rrule(
                WEEKLY, dtstart=start, interval=self.interval, byweekday=days, wkst=MO, count=self.times
            )
        if self.every == MONTH:
            # The last of the days from the 28th to the one that is meant: the 31st, or the last where there is none.
            days = list(range(min(self.month_day, SHORTEST_MONTH), self.month_day + 1))
            return rrule(MONTHLY, dtstart=start, bymonthday=days, bysetpos=-1, count=self.times)
        return rrule(DAILY, dtstart=start, count=self.times)

    def last_days(self) -> bool:
        """Whether some months are too short for its day, so that the last day is taken."""
        return self.every == MONTH and self.month_day > SHORTEST_MONTH

    def shortest(self) -> timedelta:
        """The least time between two of its hours."""
        if self.every == DAY:
            return timedelta(days=1)
        if self.every == MONTH:
            return timedelta(days=SHORTEST_MONTH)
        days = sorted(set(self.weekdays))
        if len(days) < 2:
            return timedelta(weeks=self.interval)
        # From the last day of a week to the first of the next one that counts.
        around = days[0] + 7 * self.interval - days[-1]
        return timedelta(days=min([around, *(b - a for a, b in pairwise(days))]))


@dataclass(frozen=True)
class Slots:
    """A week's set of hours, every week from `starts` on: (weekday, Monday 0; time)."""

    slots: Sequence[tuple[int, time]]
    starts: date

    def hours(self) -> Iterator[datetime]:
        """Naive local hours, from the first on; none where there is no slot."""
        week = sorted(set(self.slots))
        monday = self.starts - timedelta(days=self.starts.weekday())
        while week:
            for day, at in week:
                hour = datetime.combine(monday + timedelta(days=day), at)
                if hour.date() >= self.starts:
                    yield hour
            monday += timedelta(weeks=1)

    def shortest(self) -> timedelta:
        """The least time between two of them, over the end of the week too."""
        week = sorted({timedelta(days=day, hours=at.hour, minutes=at.minute) for day, at in self.slots})
        if not week:
            return timedelta(weeks=1)
        return min(b - a for a, b in pairwise([*week, week[0] + timedelta(weeks=1)]))


@dataclass(frozen=True)
class Occurrence:
    """`hour`: the local hour it stands for, which names it for good. `moment`: when that is."""

    hour: datetime
    moment: datetime

    @property
    def name(self) -> str:
        """As the ledger keeps it: "2026-12-01T09:00"."""
        return self.hour.isoformat(timespec="minutes")


def occurrences(pattern: Pattern, zone: ZoneInfo, after: datetime, to: datetime) -> Iterator[Occurrence]:
    """Those whose moment lies in (after, to], in order. A day that a zone left out altogether has none."""
    # No clock is set by more than a day and a half: what is earlier than that need not be placed.
    near = after.astimezone(zone).replace(tzinfo=None) - timedelta(hours=36)
    end = to.astimezone(zone).replace(tzinfo=None) + timedelta(hours=36)
    for hour in pattern.hours():
        if hour < near:
            continue
        if hour > end:
            return
        moment = moment_of(hour, zone)
        if moment > to:
            return
        if moment > after and not _skipped(hour.date(), moment, zone):
            yield Occurrence(hour, moment)


def next_ones(pattern: Pattern, zone: ZoneInfo, after: datetime, most: int) -> list[Occurrence]:
    """The first `most` after a moment; fewer when the rule ends before."""
    found: list[Occurrence] = []
    for one in occurrences(pattern, zone, after, after + FARTHEST):
        found.append(one)
        if len(found) == most:
            break
    return found


def moment_of(hour: datetime, zone: ZoneInfo) -> datetime:
    """The moment of a local hour. One that the clocks jump over is the first after the jump; one that comes twice, its first."""
    first = hour.replace(tzinfo=zone, fold=0)
    moment = first.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == hour:
        return moment
    # Between these two the clocks jump: before it the old offset holds, after it the new one.
    low = hour.replace(tzinfo=zone, fold=1).astimezone(UTC)
    high = moment
    old = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        middle = middle.replace(microsecond=0) if middle.replace(microsecond=0) > low else middle
        if middle.astimezone(zone).utcoffset() == old:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def _skipped(day: date, moment: datetime, zone: ZoneInfo) -> bool:
    """Whether the zone never had that day: it went over the date line in the night before."""
    if moment.astimezone(zone).date() == day:
        return False
    noon = datetime.combine(day, time(12))
    return moment_of(noon, zone).astimezone(zone).date() != day
