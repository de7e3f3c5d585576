"""The picture beside the number that moved shows what the words say: its own account, at one age, in order of time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from kitestring.domains.analytics.queries.moved import moved
from kitestring.domains.analytics.queries.trail import BOTTOM, RIGHT, TOP
from kitestring.domains.analytics.tests.conftest import Record
from kitestring.domains.workspaces.models import Member
from tests.world import World


def usual_weeks(record: Record, *more: float) -> None:
    for age, value in enumerate((10, 11, 12, 10, 14, 11, 10, 12, *more), 8):
        record.post(value, age=age)


def test_the_one_that_moved_stands_above_its_band_at_the_right_end(world: World, record: Record) -> None:
    usual_weeks(record)
    flew = record.post(60, age=2)
    record.post(11, age=1)
    found = moved(world.analyst, world.brand)
    assert found is not None
    assert found.trail is not None
    assert found.standing.delivery.pk == flew.pk
    trail = found.trail
    assert len(trail.dots) == 8, "what went live after it is not before it"
    assert [x for x, _y in trail.dots] == sorted(x for x, _y in trail.dots)
    assert trail.own == (RIGHT, TOP)
    assert trail.own[1] < trail.band[0] < trail.middle < trail.band[0] + trail.band[1] <= BOTTOM + 2
    assert trail.last == flew.published_at
    assert trail.last - trail.first > timedelta(days=12)


def test_one_that_flew_before_does_not_press_the_others_flat(world: World, record: Record) -> None:
    usual_weeks(record, 900)
    record.post(60, age=2)
    found = moved(world.analyst, world.brand)
    assert found is not None
    assert found.trail is not None
    assert found.trail.band[0] - found.trail.own[1] > 10
    assert max(y for _x, y in found.trail.dots) <= BOTTOM
    assert min(y for _x, y in found.trail.dots) == TOP


def test_today_draws_it_and_says_it_in_words(
    world: World, record: Record, door: Callable[[Member], Client]
) -> None:
    usual_weeks(record)
    record.post(60, age=2)
    page = door(world.stakeholder).get("/").content.decode()
    picture = page.partition('<svg class="plot trail')[2].partition("</svg>")[0]
    assert picture.count("<circle") == 9
    assert "60 reactions, beside the 8 deliveries before it" in picture
    assert 'role="img"' in picture
