"""The hit board: every delivery as a dot on its own account's scale, as plain coordinates for a drawing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import log10
from typing import Final
from uuid import UUID

from kitestring.domains.analytics.queries.reasons import never_told
from kitestring.domains.analytics.queries.standing import Standing
from kitestring.domains.analytics.queries.titles import title_of
from kitestring.domains.analytics.rules import HIT, Usual
from kitestring.domains.channels.models import Account

LOW, HIGH = 0.1, 30.0
STEP: Final = 4.8
MOST_LABELS: Final = 3
TICKS: Final = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0)


@dataclass(frozen=True)
class Paper:
    """What the board is drawn on. `apart`: the room a hit's name of so many `letters` needs.

    `beside`: accounts stand left of their dots, and a hit's name over its dot; else over the dots, and under them.
    """

    width: float
    left: float
    right: float
    top: float
    row: float
    apart: float
    letters: int
    beside: bool
    ticks: tuple[float, ...] = TICKS

    def x(self, times: float) -> float:
        """The place on the scale, a power of ten evenly; what lies outside stands at its edge."""
        part = log10(min(max(times, LOW), HIGH) / LOW) / log10(HIGH / LOW)
        return round(self.left + (self.right - self.left) * part, 1)


DESK: Final = Paper(956, left=190, right=940, top=46, row=54, apart=225, letters=32, beside=True)
PHONE: Final = Paper(
    326, left=10, right=312, top=62, row=78, apart=150, letters=24, beside=False, ticks=(0.1, 1.0, 3.0, 30.0)
)


@dataclass(frozen=True)
class Dot:
    """One delivery. `label` only for the hits that have room to be named."""

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
    """One account: its usual at the age `age`, the middle half of it as a band in the same scale.

    `few`: so many deliveries, too few to have a usual. `silent`: why the channel tells no numbers at all.
    """

    account: Account
    y: float
    usual: Usual
    age: timedelta
    band: tuple[float, float] | None
    dots: list[Dot]
    few: int
    silent: str


@dataclass(frozen=True)
class Board:
    paper: Paper
    rows: list[Row]
    height: float
    ticks: list[tuple[float, float]]
    hit_x: float
    usual_x: float


def board_of(standings: Sequence[Standing], language: str, paper: Paper = DESK) -> Board:
    """Accounts with numbers first, those whose channel tells none last."""
    by_account: dict[UUID, list[Standing]] = defaultdict(list)
    for one in standings:
        by_account[one.delivery.account_id].append(one)
    silent = {key: never_told(found[0].delivery.account, language) for key, found in by_account.items()}
    order = sorted(by_account, key=lambda key: bool(silent[key]))
    rows = [
        _row(by_account[key], paper, paper.top + n * paper.row, silent[key]) for n, key in enumerate(order)
    ]
    height = paper.top + len(rows) * paper.row + (26 if paper.beside else 0)
    ticks = [(t, paper.x(t)) for t in paper.ticks]
    return Board(paper, rows, height, ticks, paper.x(HIT), paper.x(1.0))


def _row(standings: list[Standing], paper: Paper, y: float, silent: str) -> Row:
    told = sorted((s for s in standings if s.times is not None), key=lambda s: s.times or 0)
    grown = max(standings, key=lambda s: (s.age, s.usual.n))
    scale = grown.usual
    band = None
    if scale.median and scale.low is not None and scale.high is not None:
        band = (paper.x(scale.low / scale.median), paper.x(scale.high / scale.median))
    return Row(
        account=standings[0].delivery.account,
        y=y,
        usual=scale,
        age=grown.age,
        band=band,
        dots=_dots(told, paper, y + 17),
        few=0 if scale.known or silent else len(standings),
        silent=silent,
    )


def _dots(told: list[Standing], paper: Paper, middle: float) -> list[Dot]:
    """Dots that would touch are stacked away from the row's middle, up and down in turn."""
    placed: list[Dot] = []
    named = _named(told, paper)
    taken: list[float] = []
    for one in told:
        x, hit = paper.x(one.times or LOW), (one.times or 0) >= HIT
        near = sum(1 for t in taken if abs(t - x) < 6.0)
        taken.append(x)
        away = (near + 1) // 2 * STEP * (1 if near % 2 else -1)
        placed.append(
            Dot(
                x=x,
                y=round(middle + max(-19.0, min(19.0, 0.0 if hit else away)), 1),
                hit=hit,
                delivery=one.delivery.pk,
                title=title_of(one.delivery, 60),
                times=one.times or 0.0,
                label=title_of(one.delivery, paper.letters) if one.delivery.pk in named else "",
                end=x > paper.right - 90,
            )
        )
    return placed


def _named(told: list[Standing], paper: Paper) -> set[UUID]:
    """The hits that are named: the furthest first, as far as there is room."""
    named: dict[UUID, float] = {}
    for one in reversed(told[-MOST_LABELS:]):
        x = paper.x(one.times or LOW)
        if (one.times or 0) >= HIT and all(abs(other - x) >= paper.apart for other in named.values()):
            named[one.delivery.pk] = x
    return set(named)
