"""A person's word on a single slot of the stock (held, moved) outlasts whatever the slots are filled for anew."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.publishing.actions import make_ahead
from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.actions.hold import hold, release
from kitestring.domains.publishing.actions.keep_evergreen import drop_evergreen, keep_evergreen
from kitestring.domains.publishing.actions.reschedule import reschedule
from kitestring.domains.publishing.actions.set_apart import set_apart
from kitestring.domains.publishing.actions.set_slots import set_slots
from kitestring.domains.publishing.models import Delivery, Series
from kitestring.domains.publishing.queries.series import series_to_look_at
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.rounds import at_eight, rows
from kitestring.kit import clock
from kitestring.kit.refusals import Conflict

EARLIER = timedelta(hours=4)


@pytest.fixture
def series(harbour: Harbour) -> Series:
    """Every day at six in the evening, from a stock of twenty, on an account that asks for an hour to any other post."""
    at_eight(harbour)
    editor, account = harbour.world.editor, harbour.account()
    for n in range(20):
        keep_evergreen(editor, harbour.variant(account, f"Ever {n}").post, None)
    set_apart(editor, account.pk, 60)
    found = set_slots(editor, account.pk, [(day, time(18)) for day in range(7)], 1)
    assert found is not None
    return found


@pytest.fixture
def one(series: Series) -> Delivery:
    return rows(series)[2]


def looked_at(harbour: Harbour, series: Series) -> None:
    Series.objects.filter(pk=series.pk).update(look_at=clock.now())
    harbour.work()


def stands(series: Series, one: Delivery) -> list[tuple[object, ...]]:
    """Hour, state and reason of whatever the slot has by now."""
    return [(d.due_at, d.state, d.reason) for d in rows(series) if d.occurrence == one.occurrence]


def reword(harbour: Harbour, one: Delivery, text: str = "Mended words") -> None:
    post = post_for(harbour.world.editor, one.subject_id)
    save_post(harbour.world.editor, post.pk, {"text": text}, post.version)


def test_a_held_slot_stays_held_while_another_post_lies_near_and_after(
    harbour: Harbour, series: Series, one: Delivery
) -> None:
    hold(harbour.world.editor, one)
    other = harbour.delivery(account=one.account, text="Near", due=one.due_at + timedelta(minutes=20))
    looked_at(harbour, series)
    cancel(harbour.world.editor, other)
    looked_at(harbour, series)
    assert stands(series, one) == [(one.due_at, "held", "held_by_person")]


def test_a_held_slot_whose_text_is_mended_stays_held_and_carries_it(
    harbour: Harbour, series: Series, one: Delivery
) -> None:
    hold(harbour.world.editor, one)
    reword(harbour, one)
    looked_at(harbour, series)
    assert stands(series, one) == [(one.due_at, "held", "held_by_person")]
    one.refresh_from_db()
    assert one.payload["text"] == "Mended words"


def test_a_moved_slot_stays_moved_when_its_text_is_mended(
    harbour: Harbour, series: Series, one: Delivery
) -> None:
    reschedule(harbour.world.editor, one, one.due_at - EARLIER)
    reword(harbour, one)
    looked_at(harbour, series)
    assert stands(series, one) == [(one.due_at, "scheduled", "")]
    one.refresh_from_db()
    assert one.payload["text"] == "Mended words"


def test_what_takes_the_place_of_a_moved_post_that_left_the_stock_is_moved_too(
    harbour: Harbour, series: Series, one: Delivery
) -> None:
    reschedule(harbour.world.editor, one, one.due_at - EARLIER)
    drop_evergreen(harbour.world.editor, post_for(harbour.world.editor, one.subject_id))
    assert stands(series, one) == [(one.due_at, "scheduled", "")]
    assert not Delivery.objects.filter(pk=one.pk).exists()


def test_a_held_post_that_left_the_stock_does_not_go_out_when_it_is_released(
    harbour: Harbour, series: Series, one: Delivery
) -> None:
    hold(harbour.world.editor, one)
    drop_evergreen(harbour.world.editor, post_for(harbour.world.editor, one.subject_id))
    assert stands(series, one) == [(one.due_at, "held", "held_by_person")]
    release(harbour.world.editor, one)
    harbour.work()
    assert not Delivery.objects.filter(pk=one.pk).exists()
    (taken,) = [d for d in rows(series) if d.occurrence == one.occurrence]
    assert taken.state == "scheduled"
    assert taken.subject_id != one.subject_id


def test_a_slot_moved_by_days_and_out_is_not_filled_again(
    harbour: Harbour, series: Series, one: Delivery
) -> None:
    cancel(harbour.world.editor, rows(series)[0])
    reschedule(harbour.world.editor, one, clock.now() + timedelta(minutes=10))
    harbour.pass_(601)
    harbour.work(5)
    looked_at(harbour, series)
    assert [(state, reason) for _at, state, reason in stands(series, one)] == [("published", "")]


def test_held_over_its_hour_and_dropped_meanwhile_it_is_not_released(
    harbour: Harbour, series: Series, one: Delivery
) -> None:
    editor = harbour.world.editor
    post = post_for(editor, one.subject_id)
    hold(editor, one)
    drop_evergreen(editor, post)
    harbour.pass_((one.due_at - clock.now()).total_seconds() + 600)
    with pytest.raises(Conflict) as refused:
        release(editor, Delivery.objects.get(pk=one.pk))
    assert "has left the evergreen stock" in str(refused.value)
    assert stands(series, one) == [(one.due_at, "held", "held_by_person")]
    keep_evergreen(editor, post, None)
    release(editor, Delivery.objects.get(pk=one.pk))
    harbour.work(5)
    assert harbour.copies(one) == 1


def test_words_reach_the_next_slot_once_nobody_writes_on(harbour: Harbour, one: Delivery) -> None:
    """No other look at the slots is due for an hour."""
    series = Series.objects.get(pk=one.series_id)
    later = Series.objects.filter(pk=series.pk, look_at__gt=clock.now() + timedelta(minutes=50))
    assert later.exists()
    harbour.pass_(60)
    harbour.work()
    filled = Series.objects.get(pk=series.pk).made_to
    reword(harbour, one, "Half a sen")
    harbour.pass_(20)
    harbour.work()
    one.refresh_from_db()
    assert one.payload["text"] != "Half a sen"
    reword(harbour, one, "Half a sentence, and the other half")
    harbour.pass_(20)
    harbour.work()
    assert Series.objects.get(pk=series.pk).made_to == filled
    harbour.pass_(11)
    harbour.work()
    taken = Delivery.objects.get(series=series, occurrence=one.occurrence)
    assert taken.payload["text"] == "Half a sentence, and the other half"
    assert series.pk not in series_to_look_at()


def test_slots_that_cannot_be_filled_are_not_tried_all_the_time(
    harbour: Harbour, one: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def torn(series: Series) -> list[Delivery]:
        tried.append(series.pk)
        raise ValueError("torn")

    harbour.pass_(60)
    harbour.work()
    monkeypatch.setattr(make_ahead, "fill_slots", torn)
    reword(harbour, one)
    for _ in range(12):
        harbour.pass_(10)
        harbour.work()
    assert len(tried) <= 3


def test_a_slot_that_goes_takes_nothing_with_it_that_a_person_held_or_moved(
    harbour: Harbour, series: Series
) -> None:
    editor = harbour.world.editor
    held, moved, plain = rows(series)[2:5]
    goal = moved.due_at - EARLIER
    hold(editor, held)
    reschedule(editor, moved, goal)
    assert series.account_id is not None
    days = {one.due_at.astimezone(series.zone).weekday() for one in (held, moved, plain)}
    week = [(day, time(18)) for day in range(7)]
    set_slots(editor, series.account_id, [slot for slot in week if slot[0] not in days], 1)
    assert stands(series, held) == [(held.due_at, "held", "held_by_person")]
    assert stands(series, moved) == [(goal, "scheduled", "")]
    assert stands(series, plain) == []
    set_slots(editor, series.account_id, week, 1)
    looked_at(harbour, series)
    assert stands(series, held) == [(held.due_at, "held", "held_by_person")], "no other post takes its hour"
    assert stands(series, moved) == [(goal, "scheduled", "")]
