"""A channel that asks for a wait of many hours: what becomes of it is said at once, not when the wait is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kitestring.connectorkit.faults import Fault
from kitestring.domains.publishing.actions.reschedule import movable, reschedule
from kitestring.domains.publishing.actions.settle_by_person import say_not_live
from kitestring.domains.publishing.actions.sweep import sweep
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.summary import summary_of
from kitestring.domains.publishing.queries.timeline import timeline_of
from kitestring.domains.publishing.rules.answers import Later
from kitestring.domains.publishing.rules.next_step import Standing, after_look
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.kit import clock
from kitestring.kit.refusals import Conflict, Refusal

HALF_A_DAY = 12 * 3600.0


def test_a_wait_beyond_its_tolerance_is_put_before_a_person_at_once_and_may_be_moved(
    harbour: Harbour,
) -> None:
    delivery = harbour.delivery()
    harbour.faults.next(Fault("busy", after=HALF_A_DAY, at="store"))
    harbour.work()
    sweep()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("needs_attention", "told_to_wait")
    ends = (clock.now() + timedelta(seconds=HALF_A_DAY)).astimezone(harbour.world.brand.zone)
    told = summary_of(delivery, timeline_of(delivery))
    assert f"{ends:%Y-%m-%d %H:}" in told, told
    assert movable(delivery)
    reschedule(harbour.world.editor, delivery, clock.now() + timedelta(hours=13))
    harbour.pass_(13 * 3600)
    harbour.work()
    delivery.refresh_from_db()
    assert (delivery.state, harbour.copies(delivery)) == ("published", 1)


def test_a_wait_within_its_tolerance_is_waited_for(harbour: Harbour) -> None:
    delivery = harbour.delivery()
    harbour.faults.next(Fault("busy", after=1800.0, at="store"))
    harbour.work()
    sweep()
    delivery.refresh_from_db()
    assert delivery.state == "scheduled"
    harbour.pass_(1802)
    harbour.work()
    delivery.refresh_from_db()
    assert (delivery.state, harbour.copies(delivery)) == ("published", 1)


def test_an_hour_within_the_wait_is_refused_and_others_of_the_account_are_told_at_once(
    harbour: Harbour,
) -> None:
    """It is the account that waits, whichever of its posts was answered so."""
    delivery, editor = harbour.delivery(), harbour.world.editor
    other = harbour.delivery(text="Another cup", account=delivery.account)
    harbour.faults.next(Fault("busy", after=HALF_A_DAY, at="store"))
    harbour.work()
    sweep()
    other.refresh_from_db()
    delivery.refresh_from_db()
    assert (other.state, other.reason) == ("needs_attention", "told_to_wait")
    for deed in (
        lambda: reschedule(editor, delivery, clock.now() + timedelta(hours=2)),
        lambda: say_not_live(editor, delivery),
    ):
        with pytest.raises(Refusal, match="asks this account to wait until"):
            deed()
    assert reschedule(editor, other, clock.now() + timedelta(hours=11, minutes=30)).state == "scheduled"


def test_what_is_processed_is_not_taken_back_because_it_is_asked_about_late(harbour: Harbour) -> None:
    delivery = harbour.delivery("two_step")
    wait = clock.now() + timedelta(hours=3)
    Delivery.objects.filter(pk=delivery.pk).update(
        state="processing", handle="c1", handed_over=False, not_before=wait, tolerance=60
    )
    sweep()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.handle, delivery.not_before) == ("processing", "c1", wait)


def test_in_the_middle_of_a_sequence_a_long_wait_asks_at_once(harbour: Harbour) -> None:
    delivery = harbour.sequence()
    harbour.faults.next(Fault("slow", seconds=0, at="store"), Fault("busy", after=HALF_A_DAY, at="store"))
    harbour.send()
    sweep()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.part, delivery.reason) == ("needs_attention", 1, "told_to_wait")
    with pytest.raises(Conflict, match=r"The rest cannot go on yet\. The channel asks us to wait until"):
        say_not_live(harbour.world.editor, delivery)
    harbour.pass_(HALF_A_DAY + 5)
    say_not_live(harbour.world.editor, delivery)
    harbour.work()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.part) == ("published", 3)


@pytest.mark.parametrize("pause", [True, False])
def test_a_pause_stops_a_sequence_though_its_next_part_waits(harbour: Harbour, pause: bool) -> None:
    delivery = harbour.sequence()
    harbour.faults.next(Fault("slow", seconds=0, at="store"), Fault("busy", after=1800.0, at="store"))
    harbour.send()
    if pause:
        harbour.world.brand.paused_at = clock.now()
        harbour.world.brand.save()
    sweep()
    delivery.refresh_from_db()
    found = (delivery.state, delivery.reason)
    assert found == (("needs_attention", "brand_paused") if pause else ("partly_out", "busy"))


@pytest.mark.parametrize(("asked", "state"), [(600.0, "unknown"), (HALF_A_DAY, "needs_attention")])
def test_a_look_that_may_only_be_made_in_many_hours_is_a_persons(asked: float, state: str) -> None:
    now = Standing(attempts=1, unclear=1, in_doubt=5.0, settle=30.0, chance=0.5)
    found = after_look(Later("busy", "slow down", after=asked), now)
    assert (found.state, found.reason) == (state, "cannot_look" if state == "needs_attention" else "busy")
