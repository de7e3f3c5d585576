"""What nobody knows is looked up; only a proven absence sends again, with the same key; else a person decides."""

from __future__ import annotations

import pytest

from kitestring.connectorkit.faults import Fault
from kitestring.domains.publishing.actions.claim import claim_due
from kitestring.domains.publishing.actions.sweep import sweep
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.tests.conftest import Harbour, tries
from kitestring.kit.ids import uuid7

LOOKING = ("native_key", "read_back")


@pytest.mark.parametrize("way", LOOKING)
def test_absent_after_the_settle_time_goes_out_again_with_the_same_key(harbour: Harbour, way: str) -> None:
    harbour.faults.next(Fault("drop_before", at="store"))
    delivery = harbour.delivery(way)
    harbour.work(20)
    delivery.refresh_from_db()
    assert delivery.state == "unknown", "a look-up within the settle time must not be believed"
    assert delivery.reason == "too_early"
    assert harbour.faults.stored() == 1
    key = delivery.key
    harbour.work(60)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.key) == ("published", key)
    assert delivery.attempts == 2
    assert harbour.copies(delivery) == 1
    assert ("look_up", "scheduled", "proven_absent") in tries(delivery)


def test_a_lagging_look_up_does_not_double(harbour: Harbour) -> None:
    harbour.platform.memory["lag"] = 40
    harbour.faults.next(Fault("drop_after", at="store"))
    delivery = harbour.delivery("read_back")
    harbour.work(120)
    delivery.refresh_from_db()
    assert delivery.state == "published"
    assert harbour.faults.stored() == 1
    assert harbour.copies(delivery) == 1


def test_without_a_look_up_a_person_decides(harbour: Harbour) -> None:
    harbour.faults.next(Fault("drop_after", at="store"))
    delivery = harbour.delivery("none")
    harbour.work(600, step=60)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("needs_attention", "no_look_up")
    assert harbour.faults.stored() == 1


def test_three_unclear_answers_end_with_a_person(harbour: Harbour) -> None:
    harbour.faults.always(Fault("error_before", at="store"))
    delivery = harbour.delivery("read_back")
    harbour.work(600, step=20)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("needs_attention", "unclear_thrice")
    assert harbour.copies(delivery) == 0


def test_a_worker_lost_between_attempt_and_answer_is_unknown_then_settled(harbour: Harbour) -> None:
    delivery = harbour.delivery("native_key")
    claimed = claim_due(uuid7(), 10)
    assert [c.id for c in claimed] == [delivery.pk]
    delivery.refresh_from_db()
    assert delivery.state == "sending"
    assert tries(delivery) == [("publish", "", "")], "the attempt is written before the call"
    harbour.pass_(119)
    sweep()
    delivery.refresh_from_db()
    assert delivery.state == "sending", "the lease has not run out"
    harbour.pass_(3)
    sweep()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("unknown", "lease_ran_out")
    harbour.work(90)
    delivery.refresh_from_db()
    assert delivery.state == "published"
    assert harbour.copies(delivery) == 1


def test_a_lost_worker_whose_call_arrived_is_adopted(harbour: Harbour) -> None:
    delivery = harbour.delivery("read_back")
    harbour.send()
    Delivery.objects.filter(pk=delivery.pk).update(state="sending", remote_id="", owner=uuid7())
    Delivery.objects.filter(pk=delivery.pk).update(lease_until=delivery.due_at)
    harbour.work(30)
    delivery.refresh_from_db()
    assert delivery.state == "published"
    assert harbour.faults.stored() == 1


def test_a_container_that_is_slow_is_followed(harbour: Harbour) -> None:
    harbour.platform.memory["slow_containers"] = 3
    delivery = harbour.delivery("two_step")
    harbour.send()
    delivery.refresh_from_db()
    assert delivery.state == "processing"
    assert delivery.handle
    assert delivery.processing_until is not None
    harbour.work(30)
    delivery.refresh_from_db()
    assert delivery.state == "published"
    assert harbour.copies(delivery) == 1


def test_a_container_past_its_deadline_is_unknown(harbour: Harbour) -> None:
    harbour.platform.memory["slow_containers"] = 10_000
    delivery = harbour.delivery("two_step")
    harbour.send()
    harbour.pass_(605)
    harbour.ask()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("unknown", "processing_late")


def test_a_publish_of_a_container_whose_answer_is_lost_is_not_published_twice(harbour: Harbour) -> None:
    harbour.faults.next(Fault("drop_after", at="store"))
    delivery = harbour.delivery("two_step")
    harbour.work(90)
    delivery.refresh_from_db()
    assert delivery.state == "published"
    assert harbour.copies(delivery) == 1
    assert harbour.faults.stored() == 1
