"""A delivery's way up: its reactions at each age beside the usual of its account at the same age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import log10
from typing import Final

from kitestring.domains.analytics.queries.at_age import engagement_at
from kitestring.domains.analytics.queries.samples import Peer, earlier_on_accounts
from kitestring.domains.analytics.queries.standing import LOOK_BACK
from kitestring.domains.analytics.rules import LADDER, Usual, usual
from kitestring.domains.publishing.models import Delivery
from kitestring.kit.clock import now

LEFT, RIGHT, TOP, BOTTOM = 44.0, 548.0, 16.0, 190.0
SHOWN: Final = (5, 60, 360, 1440, 4320, 10080, 43200)


@dataclass(frozen=True)
class Point:
    """At an age: the value (None: not read then) and what is usual then."""

    age: timedelta
    value: float | None
    usual: Usual
    x: float


@dataclass(frozen=True)
class Curve:
    """Points by age; `line`, `band`, `middle` are SVG paths in a box of 560 by 220."""

    points: list[Point]
    line: str
    band: str
    middle: str
    end: tuple[float, float] | None
    ticks: list[tuple[timedelta, float]]
    top: float


def curve_of(delivery: Delivery) -> Curve | None:
    """None when nothing was read yet."""
    moment = now()
    published = delivery.published_at or moment
    steps = [s for s in LADDER if published + s <= moment]
    if not steps:
        return None
    others = earlier_on_accounts({delivery.account_id}, moment - LOOK_BACK)
    peers = [p for p in others if p.pk == delivery.pk] or [Peer(delivery.pk, delivery.account_id, published)]
    peers += [p for p in others if p.pk != delivery.pk]
    first, last = steps[0], steps[-1]
    span = log10(last / first) or 1.0
    points = []
    for step in steps:
        grown = [p for p in peers if p.published_at + step <= moment]
        values = engagement_at(grown, step)
        own = values.get(delivery.pk)
        x = LEFT + (RIGHT - LEFT) * log10(step / first) / span
        points.append(Point(step, own, usual(values.values()), round(x, 1)))
    if all(p.value is None for p in points):
        return None
    return _drawn(points)


def _drawn(points: list[Point]) -> Curve:
    top = max([p.value or 0 for p in points] + [p.usual.high or 0 for p in points] + [1.0])

    def y(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * value / top, 1)

    known = [p for p in points if p.usual.low is not None and p.usual.high is not None]
    upper = [f"{p.x} {y(p.usual.high or 0)}" for p in known]
    lower = [f"{p.x} {y(p.usual.low or 0)}" for p in reversed(known)]
    own = [(p.x, y(p.value)) for p in points if p.value is not None]
    return Curve(
        points=points,
        line="M" + "L".join(f"{x} {v}" for x, v in own),
        band="M" + "L".join(upper + lower) + "Z" if len(known) > 1 else "",
        middle="M" + "L".join(f"{p.x} {y(p.usual.median or 0)}" for p in known) if len(known) > 1 else "",
        end=own[-1] if own else None,
        ticks=[(p.age, p.x) for p in points if p.age.total_seconds() / 60 in SHOWN],
        top=top,
    )
