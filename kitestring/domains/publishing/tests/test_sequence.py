"""Sequences: one delivery of several parts, each out once, in order, under its own key, whatever happens in its middle."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from kitestring.connectorkit.faults import Fault
from kitestring.domains.publishing.actions.claim import claim_due
from kitestring.domains.publishing.actions.claim_open import recall
from kitestring.domains.publishing.actions.close_part import make_parts
from kitestring.domains.publishing.actions.steady import begin_anew
from kitestring.domains.publishing.actions.sweep import sweep
from kitestring.domains.publishing.models import Delivery, Lane, Part
from kitestring.domains.publishing.rules.sequence import key_of
from kitestring.domains.publishing.tests.conftest import WAYS, Harbour
from kitestring.kit import clock
from kitestring.kit.ids import uuid7

WHOLE = [("A warm cup", ""), ("A second one", "A warm cup"), ("More in the shop", "A warm cup")]


def at_store(harbour: Harbour, at: int, kind: Any) -> None:
    """The call that puts part `at` there goes wrong; those before it do not."""
    fine = [Fault("slow", seconds=0, at="store")] * at
    harbour.faults.next(*fine, Fault(kind, at="store"))


@pytest.mark.parametrize("way", WAYS)
def test_each_part_goes_out_once_in_order_under_the_one_before(harbour: Harbour, way: str) -> None:
    delivery = harbour.sequence(way)
    harbour.work(30)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.part) == ("published", 3)
    assert harbour.thread(delivery) == WHOLE
    keys = [str(key_of(delivery.key, place)) for place in range(3)]
    posts = sorted(harbour.platform.posts(), key=lambda item: int(item.id))
    assert [item.extra["key"] for item in posts] == keys
    rows = list(Part.objects.filter(delivery=delivery))
    assert [(row.place, str(row.key), row.remote_id) for row in rows] == [
        (n, keys[n], str(posts[n].id)) for n in (1, 2)
    ]
    assert delivery.remote_id == str(posts[0].id)


@pytest.mark.parametrize("way", ["native_key", "two_step", "read_back"])
@pytest.mark.parametrize(
    ("at", "kind"), [(0, "drop_after"), (1, "drop_after"), (1, "drop_before"), (2, "busy")]
)
def test_a_part_whose_answer_is_lost_is_looked_for_under_its_own_key(
    harbour: Harbour, way: str, at: int, kind: str
) -> None:
    delivery = harbour.sequence(way)
    at_store(harbour, at, kind)
    harbour.work(150, step=25)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.part, harbour.thread(delivery)) == ("published", 3, WHOLE)


@pytest.mark.parametrize("stands", ["partly_out", "processing", "unknown"])
def test_two_due_together_of_which_one_is_a_sequence_nothing_slips_between(
    harbour: Harbour, stands: str
) -> None:
    """Its second part was told to come again: the other post of the account waits for it, another account's does not."""
    first = harbour.sequence("read_back")
    second = harbour.delivery("read_back", "Another cup", account=first.account)
    at_store(harbour, 1, "busy")
    harbour.send()
    first.refresh_from_db()
    assert (first.state, first.part) == ("partly_out", 1)
    elsewhere = harbour.delivery("read_back", "Far away", account=harbour.account("read_back", "quan"))
    Delivery.objects.filter(pk=first.pk).update(state=stands)
    Lane.objects.update(not_before=None)
    assert [one.id for one in claim_due(uuid7(), 5)] == [elsewhere.pk]
    Delivery.objects.filter(pk=first.pk).update(state="partly_out", not_before=None)
    harbour.send()
    second.refresh_from_db()
    assert (second.state, harbour.thread(first)) == ("published", [*WHOLE, ("Another cup", "")])


def test_a_turn_ends_with_a_doubt_of_ten_minutes(harbour: Harbour) -> None:
    first = harbour.sequence("read_back")
    second = harbour.delivery("read_back", "Another cup", account=first.account)
    moment = clock.now() - timedelta(minutes=11)
    Delivery.objects.filter(pk=first.pk).update(
        state="unknown", part=1, part_since=moment, not_before=clock.now() + timedelta(hours=1)
    )
    assert [one.id for one in claim_due(uuid7(), 5)] == [second.pk]


def test_a_doubt_that_began_late_keeps_the_turn_for_ten_minutes_of_its_own(harbour: Harbour) -> None:
    """Its second part was told to come again for a quarter of an hour, then its answer was lost."""
    first = harbour.sequence("read_back")
    harbour.delivery("read_back", "Another cup", account=first.account)
    moment = clock.now() - timedelta(minutes=15)
    wait = clock.now() + timedelta(hours=1)
    Delivery.objects.filter(pk=first.pk).update(
        state="unknown", part=1, part_since=moment, doubt_since=clock.now(), not_before=wait
    )
    assert claim_due(uuid7(), 5) == []
    harbour.pass_(11 * 60)
    assert len(claim_due(uuid7(), 5)) == 1


def test_a_clock_set_forward_does_not_end_a_turn(harbour: Harbour) -> None:
    first = harbour.sequence("two_step")
    harbour.delivery("two_step", "Another cup", account=first.account)
    moment = clock.now() - timedelta(minutes=11)
    Delivery.objects.filter(pk=first.pk).update(state="processing", part=1, part_since=moment)
    begin_anew()
    assert claim_due(uuid7(), 5) == []


def test_a_head_that_proves_live_before_its_new_hour_is_watched_like_any_other(harbour: Harbour) -> None:
    """Moved to tomorrow, then its first part proved to be live: the rest is due, and what stops it is told."""
    delivery = harbour.sequence()
    moment = clock.now()
    Delivery.objects.filter(pk=delivery.pk).update(
        state="partly_out", part=1, part_since=moment, due_at=moment + timedelta(days=1), remote_id="1"
    )
    harbour.world.brand.paused_at = moment
    harbour.world.brand.save()
    sweep()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("needs_attention", "brand_paused")


def test_a_part_taken_back_from_the_channel_gives_its_place_in_the_quota_back(harbour: Harbour) -> None:
    delivery = harbour.sequence("two_step")
    at_store(harbour, 1, "slow")
    harbour.send()
    make_parts({delivery.pk: 3})
    Part.objects.filter(delivery=delivery, place=1).update(counted_at=clock.now(), remote_id="")
    Delivery.objects.filter(pk=delivery.pk).update(
        state="processing", part=1, part_since=clock.now(), handed_over=False, lease_until=None
    )
    harbour.world.brand.paused_at = clock.now()
    harbour.world.brand.save()
    assert recall() == [delivery.pk]
    delivery.refresh_from_db()
    assert (delivery.state, Part.objects.get(delivery=delivery, place=1).counted_at) == ("partly_out", None)


def test_a_key_follows_from_the_deliverys_and_is_nobody_elses() -> None:
    one, other = uuid7(), uuid7()
    assert key_of(one, 0) == one
    assert len({key_of(key, place) for key in (one, other) for place in range(4)}) == 8
    assert key_of(one, 2) == key_of(UUID(str(one)), 2)
