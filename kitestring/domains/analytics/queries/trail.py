"""The small picture beside a number that moved: the deliveries before it as dots, the usual as a band, itself in ink."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import log1p
from typing import Final

from kitestring.domains.analytics.queries.at_age import engagement_at
from kitestring.domains.analytics.queries.samples import Peer, earlier_on_accounts
from kitestring.domains.analytics.queries.standing import LOOK_BACK, Standing
from kitestring.kit.clock import now

LEFT, RIGHT, TOP, BOTTOM = 5.0, 271.0, 12.0, 72.0
DOTS: Final = 11
THIN: Final = 4.0


@dataclass(frozen=True)
class Trail:
    """In a box of 312 by 96: `dots` are the deliveries before, `own` the one that moved, `band` its top and its height.

    `first` and `last` are when the ends of the picture went live.
    """

    dots: list[tuple[float, float]]
    own: tuple[float, float]
    band: tuple[float, float]
    middle: float
    first: datetime
    last: datetime


def trail_of(standing: Standing) -> Trail | None:
    """Drawn from the numbers the standing was judged by: one account, one age. None when nothing came before it."""
    published, own, usual = standing.delivery.published_at, standing.then, standing.usual
    if published is None or own is None or usual.low is None or usual.high is None or usual.median is None:
        return None
    peers = earlier_on_accounts({standing.delivery.account_id}, now() - LOOK_BACK)
    before = [p for p in peers if p.published_at < published and p.pk != standing.delivery.pk][: 3 * DOTS]
    values = engagement_at(before, standing.age)
    read = [p for p in before if p.pk in values][:DOTS][::-1]
    if not read:
        return None
    return _drawn(
        [values[p.pk] for p in read], own, (usual.low, usual.median, usual.high), read[0], published
    )


def _drawn(
    values: list[float], own: float, usual: tuple[float, float, float], first: Peer, last: datetime
) -> Trail:
    """On a scale of times, not of differences: beside one post that flew, the others would lie on one line."""
    low, middle, high = usual
    every = [log1p(value) for value in (*values, own, low, high)]
    floor, span = min(every), max(max(every) - min(every), 0.1)

    def y(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (log1p(value) - floor) / span, 1)

    step = (RIGHT - LEFT) / len(values)
    height = max(THIN, y(low) - y(high))
    return Trail(
        dots=[(round(LEFT + step * n, 1), y(value)) for n, value in enumerate(values)],
        own=(RIGHT, y(own)),
        band=(round((y(low) + y(high) - height) / 2, 1), round(height, 1)),
        middle=y(middle),
        first=first.published_at,
        last=last,
    )
