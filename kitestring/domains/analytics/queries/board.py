"""The hit board: every post as a dot on its own account's scale, as plain coordinates for a drawing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from typing import Final
from uuid import UUID

from kitestring.domains.analytics.queries.standing import Standing
from kitestring.domains.analytics.queries.titles import title_of
from kitestring.domains.analytics.rules import HIT
from kitestring.domains.channels.models import Account

LOW, HIGH = 0.1, 30.0
LEFT, RIGHT = 190.0, 940.0
TOP, ROW = 40.0, 54.0
STEP: Final = 4.8
MOST_LABELS: Final = 3
TICKS: Final = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0)


def x_of(times: float) -> float:
    """The place on the scale, a power of ten evenly; what lies outside stands at its edge."""
    part = log10(min(max(times, LOW), HIGH) / LOW) / log10(HIGH / LOW)
    return round(LEFT + (RIGHT - LEFT) * part, 1)


@dataclass(frozen=True)
class Dot:
    """One post. `label` only for the hits that have room to be named."""

    x: float
    y: float
    hit: bool
    delivery: UUID
    title: str
    times: float
    label: str
    end: bool


@dataclass(frozen=True)
class Row:
    """One account: its median, the band of its usual in the same scale; `few`: too few posts to have one."""

    account: Account
    y: float
    median: float | None
    band: tuple[float, float] | None
    dots: list[Dot]
    few: int


@dataclass(frozen=True)
class Board:
    rows: list[Row]
    height: float
    ticks: list[tuple[float, float]]
    hit_x: float
    usual_x: float


def board_of(standings: Sequence[Standing]) -> Board:
    by_account: dict[UUID, list[Standing]] = defaultdict(list)
    for one in standings:
        by_account[one.delivery.account_id].append(one)
    rows = [_row(found, TOP + n * ROW) for n, found in enumerate(by_account.values())]
    return Board(rows, TOP + len(rows) * ROW + 26, [(t, x_of(t)) for t in TICKS], x_of(HIT), x_of(1.0))


def _row(standings: list[Standing], y: float) -> Row:
    told = sorted((s for s in standings if s.times is not None), key=lambda s: s.times or 0)
    grown = max(standings, key=lambda s: (s.age, s.usual.n))
    scale = grown.usual
    band = None
    if scale.median and scale.low is not None and scale.high is not None:
        band = (x_of(scale.low / scale.median), x_of(scale.high / scale.median))
    return Row(
        account=standings[0].delivery.account,
        y=y,
        median=scale.median,
        band=band,
        dots=_dots(told, y + 17),
        few=0 if scale.known else len(standings),
    )


def _dots(told: list[Standing], middle: float) -> list[Dot]:
    """Dots that would touch are stacked away from the row's middle, up and down in turn."""
    placed: list[Dot] = []
    named = {s.delivery.pk for s in told[-MOST_LABELS:] if (s.times or 0) >= HIT}
    taken: list[float] = []
    for one in told:
        x, hit = x_of(one.times or LOW), (one.times or 0) >= HIT
        near = sum(1 for t in taken if abs(t - x) < 6.0)
        taken.append(x)
        away = (near + 1) // 2 * STEP * (1 if near % 2 else -1)
        label = title_of(one.delivery, 26) if one.delivery.pk in named else ""
        if label and any(d.label and abs(d.x - x) < 190 for d in placed):
            label = ""
        placed.append(
            Dot(
                x=x,
                y=round(middle + max(-19.0, min(19.0, 0.0 if hit else away)), 1),
                hit=hit,
                delivery=one.delivery.pk,
                title=title_of(one.delivery, 60),
                times=one.times or 0.0,
                label=label,
                end=x > RIGHT - 90,
            )
        )
    return placed
