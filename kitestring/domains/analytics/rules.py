"""Pure decisions about numbers: when to read next, what engagement is, what is usual, when it is too few to tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles
from typing import Final, Literal

LADDER: Final = tuple(
    timedelta(minutes=m)
    for m in (1, 5, 15, 30, 60, 180, 360, 720, 1440, 2880, 4320, 7200, 10080, 20160, 43200)
)
REACTIONS: Final = ("likes", "replies", "reposts", "quotes", "saves", "shares", "clicks")
ENOUGH: Final = 5
SPIKE: Final = 5.0

Verdict = Literal["above", "usual", "below", "too_few", "missing"]


def next_reading(published_at: datetime, rung: int, now: datetime) -> tuple[int, datetime | None]:
    """(rung, moment) of the next reading: rungs already past are skipped, one overdue reading replaces them.

    None when the ladder (30 days) has ended.
    """
    while rung < len(LADDER) and published_at + LADDER[rung] <= now:
        rung += 1
    return rung, published_at + LADDER[rung] if rung < len(LADDER) else None


def engagement(values: Mapping[str, float | None]) -> float | None:
    """All reactions the channel gave, added; None when it gave none of them. Views are no reaction."""
    given = [v for key in REACTIONS if (v := values.get(key)) is not None]
    return sum(given) if given else None


@dataclass(frozen=True)
class Usual:
    """An account's own scale: middle half (`low`, `high`) and `median` of `n` posts. None in all three: too few."""

    n: int
    low: float | None = None
    median: float | None = None
    high: float | None = None

    @property
    def known(self) -> bool:
        return self.median is not None


def usual(values: Iterable[float]) -> Usual:
    """Spikes (over five times the median) are left out of the middle half, not of the count."""
    every = sorted(values)
    if len(every) < ENOUGH:
        return Usual(len(every))
    middle = median(every)
    calm = [v for v in every if middle == 0 or v <= middle * SPIKE]
    low, _, high = quantiles(calm, n=4, method="inclusive") if len(calm) > 1 else (calm[0], calm[0], calm[0])
    return Usual(len(every), low, middle, high)


def judge(value: float | None, scale: Usual) -> Verdict:
    """Where a value stands on the account's own scale."""
    if value is None:
        return "missing"
    if scale.low is None or scale.high is None:
        return "too_few"
    if value > scale.high:
        return "above"
    return "below" if value < scale.low else "usual"


@dataclass(frozen=True)
class Point:
    """A metric's value at a moment."""

    metric: str
    at: datetime
    value: float | None


def at_age(points: Sequence[Point], published_at: datetime, age: timedelta) -> dict[str, float | None]:
    """The newest value of each metric not younger than `age` after publishing."""
    limit = published_at + age
    newest: dict[str, Point] = {}
    for point in points:
        if point.at <= limit and (point.metric not in newest or point.at >= newest[point.metric].at):
            newest[point.metric] = point
    return {metric: point.value for metric, point in newest.items()}
