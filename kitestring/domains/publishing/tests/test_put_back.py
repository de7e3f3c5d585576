"""A skipped time of a series is put back before its hour: the same duty, held as it was, and the page says where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.actions.change_series import change_series
from kitestring.domains.publishing.actions.hold import hold
from kitestring.domains.publishing.actions.keep_evergreen import keep_evergreen
from kitestring.domains.publishing.actions.pause_series import pause_series
from kitestring.domains.publishing.actions.put_back import put_back
from kitestring.domains.publishing.actions.set_apart import set_apart
from kitestring.domains.publishing.actions.set_slots import set_slots
from kitestring.domains.publishing.actions.start_series import start_series
from kitestring.domains.publishing.actions.stop_series import stop_series
from kitestring.domains.publishing.models import Delivery, Series
from kitestring.domains.publishing.queries.timeline import timeline_of
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.rounds import at_eight, daily, in_, repeating, rows
from kitestring.domains.workspaces.models import Member
from kitestring.kit.refusals import Conflict, Refusal

Door = Callable[[Member], Client]


@pytest.fixture
def series(harbour: Harbour) -> Series:
    at_eight(harbour)
    return repeating(harbour, daily(harbour))


@pytest.fixture
def skipped(harbour: Harbour, series: Series) -> Delivery:
    return cancel(harbour.world.editor, rows(series)[0])


def test_put_back_it_goes_out_once_under_its_own_key(
    harbour: Harbour, series: Series, skipped: Delivery
) -> None:
    key = skipped.key
    put_back(harbour.world.editor, skipped)
    assert (skipped.state, skipped.reason, skipped.key) == ("scheduled", "", key)
    told = [line.text for line in timeline_of(skipped).lines]
    assert any(text.endswith("skipped it") for text in told)
    assert any(text.endswith("put it back") for text in told)
    harbour.pass_(3601)
    harbour.work(5)
    assert [one.pk for one in rows(series, "published")] == [skipped.pk]
    assert len(harbour.platform.posts()) == 1


def test_what_was_held_by_hand_is_held_again_and_is_said_to_be(
    harbour: Harbour, door: Door, series: Series
) -> None:
    one = rows(series)[1]
    hold(harbour.world.editor, one)
    cancel(harbour.world.editor, one)
    page = door(harbour.world.editor).post(f"/deliveries/{one.pk}/do/put-back/", follow=True).content.decode()
    assert "Put back. It is held, as before." in page
    one.refresh_from_db()
    assert (one.state, one.reason) == ("held", "held_by_person")


def test_put_back_in_a_pause_it_waits_for_the_pause(
    harbour: Harbour, series: Series, skipped: Delivery
) -> None:
    pause_series(harbour.world.editor, series.pk)
    put_back(harbour.world.editor, skipped)
    assert (skipped.state, skipped.reason) == ("held", "series_paused")
    harbour.pass_(7200)
    harbour.work(5)
    assert harbour.platform.posts() == []


def test_after_another_rule_it_is_put_back_to_the_new_hour_of_its_day(
    harbour: Harbour, series: Series, skipped: Delivery
) -> None:
    due = skipped.due_at
    change_series(harbour.world.editor, series.pk, replace(daily(harbour), at=in_(harbour, 120)))
    put_back(harbour.world.editor, skipped)
    assert skipped.due_at == due + timedelta(hours=1)
    assert sum(one.occurrence[:10] == skipped.occurrence[:10] for one in rows(series)) == 1


def test_too_late_ended_or_too_near_it_stays_skipped(
    harbour: Harbour, series: Series, skipped: Delivery
) -> None:
    set_apart(harbour.world.editor, skipped.account_id, 60)
    harbour.delivery(account=skipped.account, text="Near", due=skipped.due_at + timedelta(minutes=20))
    skipped.refresh_from_db()
    with pytest.raises(Refusal):
        put_back(harbour.world.editor, Delivery.objects.select_related("account__brand").get(pk=skipped.pk))
    later = cancel(harbour.world.editor, rows(series)[1])
    stop_series(harbour.world.editor, series.pk)
    with pytest.raises(Conflict):
        put_back(harbour.world.editor, later)
    harbour.pass_(3601)
    with pytest.raises(Conflict):
        put_back(harbour.world.editor, skipped)
    assert {one.state for one in (skipped, later)} == {"cancelled"}


def test_only_what_was_skipped_is_put_back(harbour: Harbour) -> None:
    single = cancel(harbour.world.editor, harbour.delivery())
    with pytest.raises(Conflict):
        put_back(harbour.world.editor, single)
    with pytest.raises(Refusal):
        put_back(harbour.world.analyst, single)


def test_the_page_says_where_it_is_skipped_and_offers_the_way_back(harbour: Harbour, door: Door) -> None:
    at_eight(harbour)
    first = harbour.account(name="first")
    variant = harbour.variant(first)
    add_variant(harbour.world.editor, variant.post.pk, harbour.account("none", name="second"))
    series = start_series(harbour.world.editor, variant.post, daily(harbour))
    one = next(row for row in rows(series) if row.account_id == first.pk)
    client, at = door(harbour.world.editor), f"/deliveries/{one.pk}/"
    assert "Skip on Harbour" in client.get(at).content.decode()
    answer = client.post(f"{at}do/cancel/")
    (told,) = list(get_messages(answer.wsgi_request))
    assert str(told).startswith("Skipped on first")
    page = client.get(at).content.decode()
    assert "Put it back" in page
    assert "Cancelled" not in page
    assert f"{at}do/put-back/" in client.get(f"/series/{series.pk}/").content.decode()
    undone = client.post(told.extra_tags, headers={"HX-Request": "true"})
    assert (undone.status_code, undone.headers["HX-Refresh"]) == (204, "true")
    one.refresh_from_db()
    assert one.state == "scheduled"


def test_a_day_that_the_rule_names_no_more_is_not_put_back(
    harbour: Harbour, door: Door, series: Series, skipped: Delivery
) -> None:
    editor = harbour.world.editor
    later = cancel(editor, rows(series)[3])
    page = f"/series/{series.pk}/"
    assert door(editor).get(page).content.decode().count("do/put-back") == 2
    last = later.due_at.astimezone(series.zone).date() - timedelta(days=1)
    change_series(editor, series.pk, replace(daily(harbour), until=last))
    assert door(editor).get(page).content.decode().count("do/put-back") == 1
    with pytest.raises(Conflict):
        put_back(editor, later)
    assert later.state == "cancelled"
    assert put_back(editor, skipped).state == "scheduled"


def test_an_hour_that_is_no_slot_any_more_is_not_put_back(harbour: Harbour) -> None:
    at_eight(harbour)
    editor, account = harbour.world.editor, harbour.account()
    keep_evergreen(editor, harbour.variant(account).post, None)
    series = set_slots(editor, account.pk, [(2, time(9)), (2, time(18))], 30)
    assert series is not None
    one = cancel(editor, rows(series)[0])
    set_slots(editor, account.pk, [(2, time(18))], 30)
    with pytest.raises(Conflict):
        put_back(editor, one)
    set_slots(editor, account.pk, [(2, time(9)), (2, time(18))], 90)
    with pytest.raises(Refusal):  # another slot has taken the post meanwhile
        put_back(editor, one)
