"""A post that goes to several accounts at one moment is one chip: it moves as one, and a crowded day stays within its cell."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.publishing.actions.hold import hold
from kitestring.domains.publishing.actions.schedule import schedule_delivery
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.workspaces.models import Member
from kitestring.ui.marks import account_name
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
    assert found[0].split('class="tt"')[0].count('class="ch') >= 2


def test_of_many_accounts_one_mark_and_how_many_more_and_all_by_name(
    pair: list[Delivery], harbour: Harbour, door: Door
) -> None:
    post, due = pair[0].revision.post, pair[0].due_at
    for way, name in (("two_step", "third"), ("none", "fourth")):
        side = add_variant(harbour.world.editor, post.pk, harbour.account(way, name))
        schedule_delivery(harbour.world.editor, side, due, revision=None)
    Delivery.objects.update(revision=pair[0].revision)
    client, day = door(harbour.world.editor), at_there(harbour, 4, 9).date().isoformat()
    (found,) = chips(shown(client, day=day))
    assert found.split('class="tm"')[0].count('class="ch') == 2  # one mark in its frame
    assert "+3<" in found
    for name in ("hien", "other", "third", "fourth"):
        assert found.count(name) == 2  # for the pointer, and for those who listen
    accounts = [d.account for d in Delivery.objects.select_related("account").order_by("id")]
    assert len(set(map(account_name, accounts))) == 4
    names = ", ".join(map(account_name, accounts))
    assert f'title="{names}"' in shown(client, view="list", day=day)


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
    for delivery in pair:
        assert account_name(delivery.account) in answer.content.decode()
    undo = re.search(r'hx-post="([^"]+)"', answer.content.decode())
    assert undo is not None
    client.post(undo[1].replace("&amp;", "&"), headers={"HX-Request": "true"})
    assert {d.due_at for d in Delivery.objects.all()} == {to - timedelta(days=2)}


def test_the_way_back_takes_along_just_those_that_moved(
    pair: list[Delivery], harbour: Harbour, door: Door
) -> None:
    client, there, to = door(harbour.world.editor), pair[0].due_at, at_there(harbour, 6, 9)
    side = add_variant(harbour.world.editor, pair[0].revision.post_id, harbour.account("two_step", "third"))
    third = schedule_delivery(harbour.world.editor, side, to)
    url = reverse("web:calendar_move", args=["together", pair[0].pk])
    answer = client.post(url, {"day": to.date().isoformat()}, headers={"HX-Request": "true"})
    undo = re.search(r'hx-post="([^"]+)"', answer.content.decode())
    assert undo is not None
    assert client.post(undo[1].replace("&amp;", "&"), headers={"HX-Request": "true"}).status_code == 204
    assert {d.pk: d.due_at for d in Delivery.objects.all()} == {
        pair[0].pk: there,
        pair[1].pk: there,
        third.pk: to,
    }


def moved_from_its_page(client: Client, delivery: Delivery, to: str, **who: str) -> str:
    url = reverse("publishing:move", args=[delivery.pk])
    return str(client.post(url, {"day": to, "time": "09:00", **who}, follow=True).content.decode())


@pytest.mark.parametrize("who", ["all", "one"])
def test_its_own_page_asks_which_accounts_move_and_says_it_with_the_way_back(
    pair: list[Delivery], harbour: Harbour, door: Door, who: str
) -> None:
    client, there, to = door(harbour.world.editor), pair[0].due_at, at_there(harbour, 6, 9)
    names = [account_name(delivery.account) for delivery in pair]
    page = client.get(reverse("publishing:delivery", args=[pair[0].pk])).content.decode()
    dialog = page.partition('id="move"')[2].partition("</dialog>")[0]
    assert "All 2 accounts at this hour" in dialog
    assert "Only this account" in dialog
    assert ", ".join(names) in dialog
    page = moved_from_its_page(client, pair[0], to.date().isoformat(), who=who)
    assert {d.pk: d.due_at for d in Delivery.objects.all()} == {
        pair[0].pk: to,
        pair[1].pk: to if who == "all" else there,
    }
    told = page.partition("data-toast")[2].partition("</div>")[0]
    assert "Moved to" in told
    assert [name in told for name in names] == [True, who == "all"]
    undo = re.search(r'hx-post="([^"]+)"', told)
    assert undo is not None
    client.post(undo[1].replace("&amp;", "&"), headers={"HX-Request": "true"})
    assert {d.due_at for d in Delivery.objects.all()} == {there}


def test_no_way_back_is_offered_to_an_hour_that_has_passed(
    pair: list[Delivery], harbour: Harbour, door: Door
) -> None:
    Delivery.objects.update(due_at=at_there(harbour, -1, 9), state="needs_attention", reason="late")
    page = moved_from_its_page(
        door(harbour.world.editor), pair[0], at_there(harbour, 6, 9).date().isoformat()
    )
    told = page.partition("data-toast")[2].partition("</div>")[0]
    assert "Moved to" in told
    assert "hx-post" not in told


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


def test_two_accounts_of_one_name_on_one_channel_are_told_apart_where_one_narrows(
    pair: list[Delivery], harbour: Harbour, door: Door
) -> None:
    first = pair[0].account
    Account.objects.filter(pk=first.pk).update(name="Crumb", handle="@crumb")
    Account.objects.create(
        workspace=first.workspace, brand=first.brand, channel=first.channel, remote_id="twin", name="Crumb", handle="@two"
    )  # fmt: skip
    page = shown(door(harbour.world.editor))
    first.refresh_from_db()
    for handle in ("@crumb", "@two"):
        assert f">{account_name(first)} · {handle}<" in page
    assert ">other<" in page, "a name that stands alone stays short"
