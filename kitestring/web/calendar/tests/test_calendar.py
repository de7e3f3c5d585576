"""The calendar shows the brand's own days and hours, moves what may move, and says why where it may not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kitestring.connectorkit import registry
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.planning.models import Campaign
from kitestring.domains.publishing.actions.schedule import schedule_delivery
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.harbour import manifests
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock
from tests.world import World

Door = Callable[[Member], Client]


def shown(client: Client, **asked: str) -> str:
    answer = client.get(reverse("web:calendar"), asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


def at_there(harbour: Harbour, days: int, hour: int, minute: int = 0) -> datetime:
    there = clock.now().astimezone(harbour.world.brand.zone) + timedelta(days=days)
    return there.replace(hour=hour, minute=minute, second=0, microsecond=0)


def post_move(client: Client, delivery: Delivery, **asked: str) -> object:
    url = reverse("web:calendar_move", args=["delivery", delivery.pk])
    return client.post(url, asked, headers={"HX-Request": "true"})


def why(page: str) -> dict[str, str]:
    """What the page says to who drags something that stays, by reason."""
    found = re.search(r"data-why='([^']*)'", page)
    assert found is not None
    return dict(json.loads(found[1]))


def words_of(answer: HttpResponse) -> str:
    found = re.search(r'class="grow">(.*?)</span>', answer.content.decode(), re.DOTALL)
    assert found is not None
    return unescape(found[1].strip())


def test_a_post_stands_on_the_brands_day_at_the_brands_hour(harbour: Harbour, door: Door) -> None:
    due = at_there(harbour, 3, 0, 30)
    harbour.delivery(due=due, text="Just after midnight there")
    page = shown(door(harbour.world.editor), day=due.date().isoformat(), view="week")
    cell = re.search(rf'data-day="{due.date()}" data-hour="00"[^>]*>(.*?)</div>', page, re.DOTALL)
    assert cell is not None
    assert "Just after midnight there" in cell[1]
    assert "Times are those of Ho Chi Minh" in page


@pytest.mark.parametrize("view", ["month", "week", "list"])
@pytest.mark.parametrize("language", ["en", "zh-hans", "vi"])
def test_every_view_in_every_language_with_nothing_and_with_something(
    harbour: Harbour, door: Door, view: str, language: str
) -> None:
    harbour.world.editor.language = language
    harbour.world.editor.save()
    client = door(harbour.world.editor)
    shown(client, view=view)
    due = clock.now() + timedelta(hours=2)  # which may be tomorrow, and next week
    harbour.delivery(due=due, text="Một tách cà phê ấm 一杯热茶")
    day = due.astimezone(harbour.world.brand.zone).date().isoformat()
    assert "Một tách cà phê ấm" in shown(client, view=view, day=day)


@pytest.mark.parametrize(
    "asked", [{"day": "yesterday"}, {"day": "9999-99-99"}, {"view": "year"}, {"account": "x"}]
)
def test_what_cannot_be_read_is_this_month(harbour: Harbour, door: Door, asked: dict[str, str]) -> None:
    shown(door(harbour.world.editor), **asked)


def test_a_month_begins_on_the_readers_first_day(harbour: Harbour, door: Door) -> None:
    for language, first in (("en", "Mon"), ("vi", "T2"), ("zh-hans", "周一")):
        harbour.world.editor.language = language
        harbour.world.editor.save()
        page = shown(door(harbour.world.editor))
        head = re.search(r'class="wd"[^>]*><span>(.*?)</span>', page)
        assert head is not None
        assert head[1] == first


def test_drag_keeps_the_clock_time_and_offers_undo(harbour: Harbour, door: Door) -> None:
    due = at_there(harbour, 5, 9)
    delivery = harbour.delivery(due=due)
    client = door(harbour.world.editor)
    to = (due + timedelta(days=2)).date()
    answer = post_move(client, delivery, day=to.isoformat())
    assert answer.status_code == 200
    delivery.refresh_from_db()
    assert delivery.due_at.astimezone(harbour.world.brand.zone) == due + timedelta(days=2)
    undo = re.search(r'hx-post="([^"]+)"', answer.content.decode())
    assert undo is not None
    back = client.post(undo[1].replace("&amp;", "&"), headers={"HX-Request": "true"})
    assert back.headers["HX-Refresh"] == "true"
    delivery.refresh_from_db()
    assert delivery.due_at.astimezone(harbour.world.brand.zone) == due


def test_a_delivered_post_is_not_moved_and_the_reason_is_said(harbour: Harbour, door: Door) -> None:
    delivery = harbour.delivery()
    harbour.send()
    client = door(harbour.world.editor)
    answer = post_move(client, delivery, day=at_there(harbour, 3, 9).date().isoformat())
    assert answer.status_code == 409
    assert "published already" in answer.content.decode()
    page = shown(client)
    chip = re.search(r'<a class="ev1 pub[^>]*>', page)
    assert chip is not None
    assert "data-move" not in chip[0]
    assert 'data-stays="published"' in chip[0]
    assert why(page)["published"] in unescape(answer.content.decode()), "the drag says what the dialog would"


@pytest.mark.parametrize("state", ["sending", "processing", "unknown", "handed_off", "failed", "withdrawn"])
def test_whatever_stays_says_so_as_its_refusal_does(harbour: Harbour, door: Door, state: str) -> None:
    delivery = harbour.delivery(due=at_there(harbour, 1, 9))
    Delivery.objects.filter(pk=delivery.pk).update(state=state)
    client = door(harbour.world.editor)
    answer = post_move(client, delivery, day=at_there(harbour, 3, 9).date().isoformat())
    assert answer.status_code == 409
    assert why(shown(client, view="week", day=at_there(harbour, 1, 9).date().isoformat())) == {
        state: words_of(answer)
    }


@pytest.mark.parametrize(
    ("days", "filtered", "said"),
    [
        (-60, False, "Nothing went out in these days."),
        (60, False, "Nothing is planned in these days."),
        (60, True, "Nothing of this account is planned in these days."),
    ],
)
def test_an_empty_week_says_so(harbour: Harbour, door: Door, days: int, filtered: bool, said: str) -> None:
    only = {"account": str(harbour.account().pk)} if filtered else {}
    day = at_there(harbour, days, 9).date().isoformat()
    page = shown(door(harbour.world.editor), view="week", day=day, **only)
    line = re.search(r"data-nothing>(.*?)</p>", page)
    assert line is not None
    assert line[1] == said


def test_a_week_is_named_from_day_to_day(harbour: Harbour, door: Door) -> None:
    page = shown(door(harbour.world.editor), view="week", day="2026-12-02")
    assert '<h1 class="s20">30 Nov – 6 Dec 2026</h1>' in page


def test_a_past_day_is_refused(harbour: Harbour, door: Door) -> None:
    delivery = harbour.delivery(due=at_there(harbour, 2, 9))
    answer = post_move(door(harbour.world.editor), delivery, day=at_there(harbour, -2, 9).date().isoformat())
    assert answer.status_code == 422
    assert "That hour has passed" in answer.content.decode()


def test_a_planned_post_is_a_draft_that_moves(harbour: Harbour, door: Door) -> None:
    post = write_post(harbour.world.editor, harbour.world.brand, text="Only wished for")
    wish = at_there(harbour, 4, 10)
    post = save_post(harbour.world.editor, post.pk, {"planned_for": wish}, post.version)
    client = door(harbour.world.editor)
    page = shown(client, view="list", day=wish.date().isoformat())
    assert "Only wished for" in page
    assert "Draft" in page
    url = reverse("web:calendar_move", args=["post", post.pk])
    assert client.post(url, {"time": "18:15"}, headers={"HX-Request": "true"}).status_code == 200
    post.refresh_from_db()
    assert post.planned_for.astimezone(harbour.world.brand.zone) == wish.replace(hour=18, minute=15)


def test_a_scheduled_post_is_not_drawn_twice(harbour: Harbour, door: Door) -> None:
    variant = harbour.variant(harbour.account(), "Once on the page")
    due = at_there(harbour, 3, 9)
    save_post(
        harbour.world.editor, variant.post_id, {"planned_for": due}, type(variant.post).objects.get().version
    )
    schedule_delivery(harbour.world.editor, variant, due)
    page = shown(door(harbour.world.editor), view="list", day=due.date().isoformat())
    assert page.count('class="lrow"') == 1


def test_without_approval_a_scheduled_post_says_so(harbour: Harbour, door: Door) -> None:
    harbour.world.brand.needs_approval = True
    harbour.world.brand.save()
    harbour.delivery(due=at_there(harbour, 1, 9))
    assert "Waits for approval" in shown(door(harbour.world.editor), view="list")


def test_filtered_by_account(harbour: Harbour, door: Door) -> None:
    mine, other = harbour.account("native_key", "mine"), harbour.account("native_key", "other")
    harbour.delivery(account=mine, text="on mine", due=at_there(harbour, 1, 9))
    harbour.delivery(account=other, text="on other", due=at_there(harbour, 1, 9))
    page = shown(door(harbour.world.editor), view="list", account=str(mine.pk))
    assert "on mine" in page
    assert "on other" not in page


def test_the_foot_counts_a_quota_up_to_each_day(harbour: Harbour, door: Door) -> None:
    quota = {
        "key": "sends", "limit": 2, "window": "month", "label": manifests.text("Mass sends"), **manifests.FACT,
    }  # fmt: skip
    one = manifests.connector("native_key", quotas=[quota])
    registry.connectors()[one.manifest.slug] = one
    account = harbour.account("native_key", "service")
    month = clock.now().astimezone(harbour.world.brand.zone).replace(day=1) + timedelta(days=40)
    first = month.replace(day=5, hour=9, minute=0, second=0, microsecond=0)
    harbour.delivery(account=account, due=first)
    harbour.delivery(account=account, due=first + timedelta(days=3))
    page = shown(door(harbour.world.editor), view="list", day=first.date().isoformat())
    assert "service 1/2" in page
    assert "service 2/2, used up" in page


def test_a_campaign_lies_over_its_days(harbour: Harbour, door: Door) -> None:
    today = clock.now().astimezone(harbour.world.brand.zone).date()
    Campaign.objects.create(
        brand=harbour.world.brand, name="Winter hearth", starts_on=today, ends_on=today + timedelta(days=10)
    )
    assert "Winter hearth" in shown(door(harbour.world.editor))


def test_only_this_workspace_and_brand(harbour: Harbour, door: Door, stranger: World) -> None:
    delivery = harbour.delivery(due=at_there(harbour, 1, 9), text="ours alone")
    assert "ours alone" not in shown(door(stranger.owner))
    assert post_move(door(stranger.owner), delivery, day="2030-01-01").status_code == 404


def test_who_only_reads_moves_nothing(harbour: Harbour, door: Door) -> None:
    delivery = harbour.delivery(due=at_there(harbour, 1, 9))
    client = door(harbour.world.stakeholder)
    page = shown(client)
    assert "data-move=" not in page
    assert 'data-stays="role"' in page
    answer = post_move(client, delivery, day="2030-01-01")
    assert answer.status_code == 403
    assert why(page)["role"] in unescape(answer.content.decode())


def test_text_of_any_kind_stays_text(harbour: Harbour, door: Door) -> None:
    nasty = "<script>alert(1)</script> \"'& ‮ right to left \u200b " + "x" * 280
    harbour.delivery(due=at_there(harbour, 1, 9), text=nasty[:290])
    page = shown(door(harbour.world.editor))
    assert "<script>alert" not in page
    assert json.dumps("alert(1)")[1:-1] in page
