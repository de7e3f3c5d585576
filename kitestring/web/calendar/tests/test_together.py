"""A post that goes to several accounts at one moment is one chip: it moves as one, and a crowded day stays within its cell."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.publishing.actions.hold import hold
from kitestring.domains.publishing.actions.schedule import schedule_delivery
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.workspaces.models import Member
from kitestring.web.calendar.tests.test_calendar import at_there, shown

Door = Callable[[Member], Client]


@pytest.fixture
def pair(harbour: Harbour) -> list[Delivery]:
    """One post, two accounts, one moment."""
    due = at_there(harbour, 4, 9)
    first = harbour.variant(harbour.account(), "To two places")
    second = add_variant(harbour.world.editor, first.post_id, harbour.account("read_back", "other"))
    return [schedule_delivery(harbour.world.editor, side, due) for side in (first, second)]


def chips(page: str) -> list[str]:
    return re.findall(r'<a class="ev1[^>]*>.*?</a>', page, re.DOTALL)


def test_two_accounts_at_one_moment_are_one_chip_with_two_marks(
    pair: list[Delivery], harbour: Harbour, door: Door
) -> None:
    found = chips(shown(door(harbour.world.editor), day=at_there(harbour, 4, 9).date().isoformat()))
    assert len(found) == 1
    assert found[0].split('class="one"')[0].count('class="ch') >= 2


def test_what_stands_differently_is_told_apart(pair: list[Delivery], harbour: Harbour, door: Door) -> None:
    hold(harbour.world.editor, pair[1])
    found = chips(shown(door(harbour.world.editor), day=at_there(harbour, 4, 9).date().isoformat()))
    assert len(found) == 2


def test_the_chip_moves_on_every_account_and_back(pair: list[Delivery], harbour: Harbour, door: Door) -> None:
    client, to = door(harbour.world.editor), at_there(harbour, 6, 9)
    url = reverse("web:calendar_move", args=["together", pair[0].pk])
    answer = client.post(url, {"day": to.date().isoformat()}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert {d.due_at for d in Delivery.objects.all()} == {to}
    undo = re.search(r'hx-post="([^"]+)"', answer.content.decode())
    assert undo is not None
    client.post(undo[1].replace("&amp;", "&"), headers={"HX-Request": "true"})
    assert {d.due_at for d in Delivery.objects.all()} == {to - timedelta(days=2)}


def test_a_past_hour_moves_none(pair: list[Delivery], harbour: Harbour, door: Door) -> None:
    url = reverse("web:calendar_move", args=["together", pair[0].pk])
    day = at_there(harbour, -2, 9).date().isoformat()
    answer = door(harbour.world.editor).post(url, {"day": day}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert {d.due_at for d in Delivery.objects.all()} == {at_there(harbour, 4, 9)}


@pytest.mark.parametrize(("posts", "drawn", "more"), [(6, 6, None), (9, 5, "+4 more")])
def test_a_crowded_day_shows_five_and_leads_to_the_rest(
    harbour: Harbour, door: Door, posts: int, drawn: int, more: str | None
) -> None:
    account, day = harbour.account(), at_there(harbour, 3, 9)
    for n in range(posts):
        harbour.delivery(account=account, due=day + timedelta(minutes=30 * n), text=f"Number {n}")
    page = shown(door(harbour.world.editor), day=day.date().isoformat())
    assert len(chips(page)) == drawn
    link = re.search(r'<a class="evmore" href="([^"]+)">([^<]+)</a>', page)
    assert (link[2] if link else None) == more
    if link:
        assert f"view=day&amp;day={day.date()}" in link[1]
        whole = shown(door(harbour.world.editor), view="day", day=day.date().isoformat())
        assert len(chips(whole)) == posts
