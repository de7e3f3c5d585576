"""Scheduling writes the row, its key and its wake-up together, once; what cannot go out is refused at the desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from kitestring.connectorkit.faults import Fault
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.claim_exemption import claim_exemption
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.models import Post
from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.actions.reply import schedule_reply
from kitestring.domains.publishing.actions.reschedule import reschedule
from kitestring.domains.publishing.actions.schedule import publish_now, schedule_delivery, schedule_post
from kitestring.domains.publishing.actions.tell import _whole
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.rules.waiting import WOKEN_BEFORE
from kitestring.domains.publishing.tests.conftest import Harbour, tries
from kitestring.domains.workspaces.models import AuditEntry
from kitestring.kit import clock
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from kitestring.kit.refusals import Conflict, Refusal
from tests.world import World

SOON = timedelta(hours=2)


def jobs(name: str) -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name=name))


def test_all_variants_of_a_post_are_scheduled_with_keys_and_one_wake_up(harbour: Harbour) -> None:
    variant = harbour.variant(harbour.account("native_key"))
    add_variant(harbour.world.editor, variant.post_id, harbour.account("read_back"))
    due = (clock.now() + SOON).replace(microsecond=0)
    made = schedule_post(harbour.world.editor, variant.post, due)
    assert len(made) == 2
    assert len({d.key for d in made}) == 2
    assert {d.state for d in made} == {"scheduled"}
    assert {d.revision_id for d in made} == {made[0].revision_id}
    assert len(jobs("publishing.slot")) == 1
    assert jobs("publishing.slot")[0].scheduled_at == due - timedelta(seconds=WOKEN_BEFORE)
    assert AuditEntry.objects.filter(verb="delivery.schedule").count() == 2


def test_the_same_again_is_the_same_row(harbour: Harbour) -> None:
    variant, due = harbour.variant(harbour.account()), clock.now() + SOON
    once = schedule_delivery(harbour.world.editor, variant, due)
    twice = schedule_delivery(harbour.world.editor, variant, due)
    assert (once.pk, once.key) == (twice.pk, twice.key)
    assert Delivery.objects.count() == 1


def test_scheduled_again_after_a_busy_channel_it_takes_the_new_words(harbour: Harbour) -> None:
    """It was tried, but nothing is out: what is told scheduled must be what the post says now."""
    delivery = harbour.delivery(due=clock.now() + timedelta(minutes=5))
    harbour.faults.next(Fault("busy", after=600, at="store"))
    harbour.pass_(301)
    harbour.work(1)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason, delivery.attempts) == ("scheduled", "busy", 1)
    post = Post.objects.get(pk=delivery.revision.post_id)
    save_post(harbour.world.editor, post.pk, {"text": "A warmer cup"}, post.version)
    (again,) = schedule_post(harbour.world.editor, post, clock.now() + timedelta(minutes=30))
    assert (again.key, again.payload["text"]) == (delivery.key, "A warmer cup")
    harbour.work(1860, step=60)
    assert [i.text for i in harbour.platform.posts()] == ["A warmer cup"]


def test_scheduled_again_what_may_lie_on_the_channel_keeps_its_words(harbour: Harbour) -> None:
    delivery = harbour.delivery(due=clock.now() + timedelta(minutes=5))
    Delivery.objects.filter(pk=delivery.pk).update(attempts=1, handle="half made")
    post = Post.objects.get(pk=delivery.revision.post_id)
    save_post(harbour.world.editor, post.pk, {"text": "A warmer cup"}, post.version)
    (again,) = schedule_post(harbour.world.editor, post, clock.now() + timedelta(minutes=30))
    assert again.payload["text"] == delivery.payload["text"]


def test_a_past_hour_is_refused_beside_the_field(harbour: Harbour) -> None:
    variant = harbour.variant(harbour.account())
    with pytest.raises(Refusal) as refused:
        schedule_delivery(harbour.world.editor, variant, clock.now() - timedelta(minutes=5))
    assert refused.value.field == "due_at"
    assert Delivery.objects.count() == 0
    assert publish_now(harbour.world.editor, variant.post)[0].state == "scheduled"


def test_the_payload_stays_as_it_was_frozen(harbour: Harbour) -> None:
    variant = harbour.variant(harbour.account(), text="as it was")
    delivery = schedule_delivery(harbour.world.editor, variant, clock.now() + SOON)
    variant.text = "half a sent"
    variant.save()
    harbour.pass_(SOON.total_seconds() + 1)
    harbour.work(1)
    delivery.refresh_from_db()
    assert [i.text for i in harbour.platform.posts()] == ["as it was"]


def test_who_may_not_schedule_is_told(harbour: Harbour) -> None:
    with pytest.raises(Refusal) as refused:
        schedule_post(harbour.world.analyst, harbour.variant(harbour.account()).post, clock.now() + SOON)
    assert refused.value.reason == "not_permitted"


def test_another_workspaces_post_is_not_here(harbour: Harbour, stranger: World) -> None:
    variant = harbour.variant(harbour.account())
    with pytest.raises((Refusal, type(variant.post).DoesNotExist)):
        schedule_post(stranger.editor, variant.post, clock.now() + SOON)
    with pytest.raises(Refusal):
        schedule_delivery(stranger.editor, variant, clock.now() + SOON)


def test_a_post_without_accounts_or_text_is_refused(harbour: Harbour) -> None:
    variant = harbour.variant(harbour.account())
    empty = type(variant.post).objects.create(brand=harbour.world.brand, text="nobody carries it")
    with pytest.raises(Refusal) as refused:
        schedule_post(harbour.world.editor, empty, clock.now() + SOON)
    assert refused.value.field == "accounts"


def test_moving_keeps_the_key_and_a_moved_one_goes_out_at_its_new_hour(harbour: Harbour) -> None:
    delivery = harbour.delivery(due=clock.now() + SOON)
    key = delivery.key
    reschedule(harbour.world.editor, delivery, clock.now() + timedelta(minutes=10))
    assert delivery.key == key
    harbour.pass_(601)
    harbour.work(1)
    delivery.refresh_from_db()
    assert delivery.state == "published"
    with pytest.raises(Conflict, match="published already"):
        reschedule(harbour.world.editor, delivery, clock.now() + SOON)


def test_a_delivery_that_is_being_sent_is_not_moved(harbour: Harbour) -> None:
    delivery = harbour.delivery(due=clock.now() + SOON)
    Delivery.objects.filter(pk=delivery.pk).update(state="sending")
    with pytest.raises(Conflict, match="being sent"):
        reschedule(harbour.world.editor, delivery, clock.now() + SOON)
    with pytest.raises(Conflict, match="being sent"):
        cancel(harbour.world.editor, delivery)


def test_a_year_that_must_be_a_slip_is_refused(harbour: Harbour) -> None:
    post = harbour.variant(harbour.account()).post
    for day in (datetime(9999, 12, 31, tzinfo=UTC), now() + timedelta(days=6 * 366)):
        with pytest.raises(Refusal, match="years ahead") as refused:
            schedule_post(harbour.world.editor, post, day)
        assert refused.value.field == "due_at"
    assert not Delivery.objects.exists()


def test_moving_into_the_past_is_refused(harbour: Harbour) -> None:
    delivery = harbour.delivery(due=clock.now() + SOON)
    with pytest.raises(Refusal):
        reschedule(harbour.world.editor, delivery, clock.now() - SOON)


def test_cancelled_never_leaves_and_scheduling_anew_is_a_new_duty(harbour: Harbour) -> None:
    variant = harbour.variant(harbour.account())
    old = schedule_delivery(harbour.world.editor, variant, clock.now() + timedelta(minutes=1))
    cancel(harbour.world.editor, old)
    new = schedule_delivery(harbour.world.editor, variant, clock.now() + timedelta(minutes=1))
    assert new.pk != old.pk
    assert new.key != old.key
    harbour.pass_(61)
    harbour.work(1)
    old.refresh_from_db()
    assert old.state == "cancelled"
    assert len(harbour.platform.posts()) == 1


def test_a_reply_goes_through_the_same_ledger_once(harbour: Harbour) -> None:
    account, message = harbour.account(), uuid7()
    said = {"reply_to": "77", "root": "70"}
    first = schedule_reply(harbour.world.editor, message, account, "Thank you", **said)
    again = schedule_reply(harbour.world.editor, message, account, "Thank you", **said)
    assert first.pk == again.pk
    harbour.work(1)
    first.refresh_from_db()
    assert first.state == "published"
    assert tries(first) == [("publish", "published", "")]
    assert [i.extra["reply_to"] for i in harbour.platform.posts()] == ["77"]


def test_a_reply_needs_no_approval(harbour: Harbour) -> None:
    harbour.world.brand.needs_approval = True
    harbour.world.brand.save()
    reply = schedule_reply(
        harbour.world.editor, uuid7(), harbour.account(), "Thank you", reply_to="1", root="1"
    )
    harbour.work(1)
    reply.refresh_from_db()
    assert reply.state == "published"


def test_a_broken_second_is_woken_for_after_it_not_before() -> None:
    moment = now().replace(microsecond=400_000)
    assert _whole(moment) - moment == timedelta(milliseconds=600)
    assert _whole(_whole(moment)) == _whole(moment)


def test_what_a_rule_forbids_is_not_scheduled_until_an_exemption_is_claimed(harbour: Harbour) -> None:
    variant, editor = harbour.variant(harbour.account()), harbour.world.editor
    save_post(
        editor, variant.post_id, {"text": "Ly ngon nhất phố"}, Post.objects.get(pk=variant.post_id).version
    )
    due = clock.now() + SOON
    with pytest.raises(Refusal) as refused:
        schedule_post(editor, variant.post, due)
    assert (refused.value.reason, refused.value.field) == ("rule", "text")
    assert not Delivery.objects.exists()
    values = {"rule": "vn-best", "words": "ngon nhất", "ground": "no-claim", "reason": "A story"}
    claim_exemption(editor, variant.post_id, values, Post.objects.get(pk=variant.post_id).version)
    (made,) = schedule_post(editor, variant.post, due)
    assert made.payload["exemptions"][0]["reason"] == "A story"
