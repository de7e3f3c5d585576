"""A ledger as it was before a post went out, brought back by a restore: the post does not go out a second time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client

from kitestring.cli.doubted import doubt_open
from kitestring.domains.composing.models import Variant
from kitestring.domains.publishing.actions.schedule import publish_now
from kitestring.domains.publishing.actions.start_series import start_series
from kitestring.domains.publishing.models import Attempt, Delivery, Series
from kitestring.domains.publishing.rules.recurrence import Rule
from kitestring.domains.publishing.tests.conftest import Harbour, channels, harbour
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock

__all__ = ["channels", "harbour"]
MADE = "2026-11-22T07:00:00+00:00"


def restored(delivery: Delivery, was: dict[str, object]) -> Delivery:
    """The row as the backup has it, its attempts gone, marked as `kitestring restore` does it."""
    Attempt.objects.filter(delivery=delivery).delete()
    Delivery.objects.filter(pk=delivery.pk).update(**was)
    connection.ensure_connection()
    assert doubt_open(connection.connection, MADE, clock.now()) == 1
    delivery.refresh_from_db()
    return delivery


def gone_out_since(harbour: Harbour, way: str, tolerance: timedelta = timedelta(hours=1)) -> Delivery:
    delivery = harbour.delivery(way, due=clock.now() + timedelta(minutes=1), tolerance=tolerance)
    was = {k: v for k, v in Delivery.objects.values().get(pk=delivery.pk).items() if k != "id"}
    harbour.pass_(61)
    harbour.work(5)
    delivery.refresh_from_db()
    assert delivery.state == "published"
    return restored(delivery, was)


@pytest.mark.parametrize("way", ["read_back", "native_key"])
def test_what_went_out_after_the_backup_is_found_and_not_sent_again(harbour: Harbour, way: str) -> None:
    delivery = gone_out_since(harbour, way)
    harbour.pass_(600)
    harbour.work(60, step=10)
    delivery.refresh_from_db()
    assert (delivery.state, harbour.faults.stored()) == ("published", 1)
    assert delivery.remote_id


def test_where_nobody_can_look_a_person_is_asked(harbour: Harbour, door: Callable[[Member], Client]) -> None:
    delivery = gone_out_since(harbour, "none")
    harbour.work(60, step=10)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("needs_attention", "restored")
    assert harbour.faults.stored() == 1
    page = door(harbour.world.editor).get(f"/deliveries/{delivery.pk}/").content.decode()
    assert "restored from a backup made at 2026-11-22 07:00 UTC" in page
    assert "Not there, send it" in page


def test_what_surely_never_went_out_goes_out_once(harbour: Harbour) -> None:
    delivery = harbour.delivery("native_key")
    restored(delivery, {})
    harbour.work(90, step=10)
    delivery.refresh_from_db()
    assert (delivery.state, harbour.faults.stored()) == ("published", 1)


def test_a_channel_of_two_steps_whose_handle_is_lost_asks_a_person(harbour: Harbour) -> None:
    """An empty handle means "surely absent" only where the ledger is whole."""
    delivery = gone_out_since(harbour, "two_step", timedelta(hours=2))
    harbour.work(1800, step=60)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("needs_attention", "restored")
    assert harbour.copies(delivery) == 1


@pytest.mark.parametrize("way", ["native_key", "read_back", "two_step", "none"])
def test_what_was_brought_forward_after_the_backup_does_not_go_out_again(harbour: Harbour, way: str) -> None:
    delivery = harbour.delivery(way, due=clock.now() + timedelta(days=1))
    was = {k: v for k, v in Delivery.objects.values().get(pk=delivery.pk).items() if k != "id"}
    publish_now(harbour.world.editor, Variant.objects.get().post)
    harbour.work(20)
    assert harbour.copies(delivery) == 1
    Attempt.objects.all().delete()
    Delivery.objects.filter(pk=delivery.pk).update(**was)
    connection.ensure_connection()
    doubt_open(connection.connection, MADE, clock.now())
    harbour.pass_(24 * 3600)
    harbour.work(300, step=30)
    delivery.refresh_from_db()
    asked = ("needs_attention", "restored")
    assert (delivery.state, delivery.reason) == (asked if way in ("none", "two_step") else ("published", ""))
    assert harbour.copies(delivery) == 1


@pytest.mark.parametrize(
    ("ahead", "state"), [(timedelta(hours=1), "scheduled"), (timedelta(0), "handed_off")]
)
def test_what_is_due_later_stays_and_what_is_by_hand_is_asked_about(
    harbour: Harbour, ahead: timedelta, state: str
) -> None:
    delivery = harbour.delivery(due=clock.now() + ahead)
    Delivery.objects.update(state=state)
    connection.ensure_connection()
    marked = doubt_open(connection.connection, MADE, clock.now())
    delivery.refresh_from_db()
    told = (marked, delivery.state, delivery.doubt_since is None)
    assert told == ((0, "scheduled", True) if ahead else (1, "unknown", False))


def test_what_recurs_is_not_made_for_an_hour_before_the_restoring(harbour: Harbour) -> None:
    """The backup ends before this hour was made; the instance that ran on has sent it."""
    zone = harbour.world.brand.zone
    rule = Rule("day", time(9), clock.now().astimezone(zone).date() + timedelta(days=1))
    series = start_series(harbour.world.editor, harbour.variant(harbour.account()).post, rule)
    Delivery.objects.all().delete()
    Series.objects.update(made_to=series.made_at)
    next_one = datetime.combine(rule.starts + timedelta(days=2), rule.at, tzinfo=zone)
    harbour.pass_((next_one - clock.now()).total_seconds() + 600)
    connection.ensure_connection()
    doubt_open(connection.connection, MADE, clock.now())
    Series.objects.update(look_at=clock.now())
    harbour.work(10)
    assert harbour.faults.stored() == 0
    first = Delivery.objects.order_by("due_at")[0]
    assert first.due_at == next_one + timedelta(days=1)


def test_of_two_of_a_series_brought_back_the_second_is_not_sent_soon_after(harbour: Harbour) -> None:
    zone = harbour.world.brand.zone
    rule = Rule("day", time(9), clock.now().astimezone(zone).date() + timedelta(days=1))
    start_series(harbour.world.editor, harbour.variant(harbour.account()).post, rule)
    first, second = Delivery.objects.order_by("due_at")[:2]
    Delivery.objects.filter(pk=second.pk).update(due_at=first.due_at + timedelta(minutes=5))
    connection.ensure_connection()
    doubt_open(connection.connection, MADE, clock.now())
    harbour.pass_((first.due_at - clock.now()).total_seconds() + 310)
    harbour.work(30, step=10)
    assert harbour.faults.stored() == 1
    second.refresh_from_db()
    assert (second.state, second.reason) == ("needs_attention", "too_close")
