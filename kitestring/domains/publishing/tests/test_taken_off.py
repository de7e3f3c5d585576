"""An account that is taken off a post and added again is still the same duty: the post goes there once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from kitestring.domains.composing.actions.add_variant import add_variant, remove_variant
from kitestring.domains.composing.models import Variant
from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.actions.schedule import publish_now, schedule_delivery, schedule_post
from kitestring.domains.publishing.actions.take_off import take_off
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.calendar import chips_between
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.workspaces.models import AuditEntry
from kitestring.kit import clock
from kitestring.kit.ids import uuid7
from kitestring.kit.refusals import Conflict
from tests.world import World

STANDING = {
    "sending": "being sent",
    "processing": "processing it",
    "unknown": "Nobody knows yet",
    "published": "published already",
    "needs_attention": "waits for a person",
    "failed": "refused it",
    "handed_off": "publish by hand",
}


def added_anew(harbour: Harbour, delivery: Delivery) -> Variant:
    """Take the account off behind the ledger's back, as a script might, and add it again."""
    post_id = delivery.subject_id
    remove_variant(harbour.world.editor, Variant.objects.get(post_id=post_id, account=delivery.account).pk)
    return add_variant(harbour.world.editor, post_id, delivery.account)


@pytest.mark.parametrize("state", STANDING)
def test_what_stands_there_already_is_not_delivered_a_second_time(harbour: Harbour, state: str) -> None:
    delivery = harbour.delivery()
    Delivery.objects.filter(pk=delivery.pk).update(state=state)
    again = added_anew(harbour, delivery)
    for ask in (
        lambda: schedule_delivery(harbour.world.editor, again, clock.now() + timedelta(hours=1)),
        lambda: schedule_post(harbour.world.editor, again.post, clock.now() + timedelta(hours=1)),
        lambda: publish_now(harbour.world.editor, again.post),
        lambda: publish_now(harbour.world.editor, again.post, only=again),
    ):
        with pytest.raises(Conflict, match=STANDING[state]) as refused:
            ask()
        assert "hien" in refused.value.message, "the account is named"
    assert Delivery.objects.count() == 1


def test_published_and_added_anew_there_is_one_copy(harbour: Harbour) -> None:
    delivery = harbour.delivery()
    harbour.work(5)
    again = added_anew(harbour, delivery)
    with pytest.raises(Conflict):
        publish_now(harbour.world.editor, again.post)
    harbour.work(5)
    assert len(harbour.platform.posts()) == 1


def test_scheduled_and_added_anew_it_is_the_same_row_with_the_new_words(harbour: Harbour) -> None:
    delivery = harbour.delivery(due=clock.now() + timedelta(minutes=5))
    again = added_anew(harbour, delivery)
    again.text = "Its own words"
    again.save()
    same = schedule_delivery(harbour.world.editor, again, clock.now() + timedelta(minutes=5))
    assert (same.pk, same.key) == (delivery.pk, delivery.key)
    harbour.pass_(301)
    harbour.work(5)
    assert [item.text for item in harbour.platform.posts()] == ["Its own words"]


def test_the_table_itself_takes_no_second_row_of_a_duty_that_stands(harbour: Harbour) -> None:
    delivery = harbour.delivery(due=clock.now() + timedelta(hours=1))
    twin = Delivery.objects.get(pk=delivery.pk)
    twin.pk, twin.key, twin.occurrence = uuid7(), uuid7(), "2"
    with pytest.raises(IntegrityError, match="delivery_stands_once"), transaction.atomic():
        twin.save(force_insert=True)
    Delivery.objects.filter(pk=delivery.pk).update(state="cancelled")
    twin.save(force_insert=True)


def test_another_account_joins_a_post_that_is_out_and_only_it_gets_the_post(harbour: Harbour) -> None:
    first = harbour.delivery()
    harbour.work(5)
    post_id = first.subject_id
    joined = add_variant(harbour.world.editor, post_id, harbour.account("read_back"))
    made = schedule_post(harbour.world.editor, joined.post, clock.now() + timedelta(hours=1))
    assert [d.account_id for d in made] == [joined.account_id]
    assert Delivery.objects.filter(account=first.account).count() == 1


def test_the_page_says_which_accounts_were_left_alone(harbour: Harbour, world: World, door: object) -> None:
    first = harbour.delivery()
    harbour.work(5)
    joined = add_variant(world.editor, first.subject_id, harbour.account("read_back", "other"))
    page = door(world.editor).post(f"/posts/{joined.post_id}/publish-now/", headers={"HX-Request": "true"})
    assert "Left as it is on hien" in page.content.decode()


@pytest.mark.parametrize(
    ("state", "reason", "told"),
    [
        ("published", "", "Left as it is on hien · Harbour (native_key): it went there already."),
        ("sending", "", "Left as it is on hien · Harbour (native_key): it is on its way there."),
        ("processing", "", "Left as it is on hien · Harbour (native_key): it is on its way there."),
        (
            "unknown",
            "",
            "Left as it is on hien · Harbour (native_key): nobody knows yet whether it went out there.",
        ),
        ("failed", "file_gone", "hien · Harbour (native_key) (Refused)</a>: it waits for a person there."),
        (
            "needs_attention",
            "late",
            "hien · Harbour (native_key) (Needs you)</a>: it waits for a person there.",
        ),
        (
            "needs_attention",
            "not_approved",
            "hien · Harbour (native_key) (Needs you)</a>: it waits for a person there.",
        ),
        ("handed_off", "", "hien · Harbour (native_key) (Hand-off)</a>: it waits for a person there."),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_each_account_left_alone_is_told_as_it_stands(
    harbour: Harbour, world: World, door: object, state: str, reason: str, told: str, htmx: bool
) -> None:
    first = harbour.delivery(due=clock.now() + timedelta(hours=1))
    Delivery.objects.filter(pk=first.pk).update(state=state, reason=reason)
    add_variant(world.editor, first.subject_id, harbour.account("native_key", "<b>other"))
    at = (clock.now() + timedelta(hours=3)).astimezone(world.brand.zone)
    client, typed = door(world.editor), {"day": at.date().isoformat(), "time": at.strftime("%H:%M")}
    headers = {"HX-Request": "true"} if htmx else {}
    page = client.post(f"/posts/{first.subject_id}/schedule/", typed, headers=headers, follow=True)
    text = page.content.decode()
    assert "Scheduled on 1 account. " in text
    assert told in text
    assert ("it went there already" in text) == (state == "published")
    linked = f'Not sent anew on <a href="/deliveries/{first.pk}/">hien · Harbour (native_key) (' in text
    assert linked == (state in ("failed", "needs_attention", "handed_off"))
    assert "<b>other" not in text


def test_what_was_frozen_goes_nowhere_when_its_account_is_gone_behind_our_back(harbour: Harbour) -> None:
    delivery = harbour.delivery(due=clock.now() + timedelta(minutes=5))
    Variant.objects.filter(post_id=delivery.subject_id).delete()
    harbour.pass_(301)
    harbour.work(1)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("needs_attention", "variant_gone")
    assert harbour.faults.seen == []


def test_a_variant_that_is_gone_meanwhile_is_said_not_thrown(harbour: Harbour) -> None:
    variant = harbour.variant(harbour.account())
    Variant.objects.filter(pk=variant.pk).delete()
    with pytest.raises(Conflict, match="taken off the post"):
        schedule_delivery(harbour.world.editor, variant, clock.now() + timedelta(hours=1))


def variant_of(delivery: Delivery) -> Variant:
    return Variant.objects.get(post_id=delivery.subject_id, account=delivery.account)


@pytest.mark.parametrize("state", ["scheduled", "held", "failed", "needs_attention"])
def test_what_has_not_left_is_cancelled_with_its_account_at_once(harbour: Harbour, state: str) -> None:
    delivery = harbour.delivery(due=clock.now() + timedelta(hours=1))
    Delivery.objects.filter(pk=delivery.pk).update(state=state)
    cancelled = take_off(harbour.world.editor, variant_of(delivery).pk)
    delivery.refresh_from_db()
    assert cancelled == delivery
    assert (delivery.state, delivery.reason) == ("cancelled", "account_taken_off")
    assert not Variant.objects.filter(post_id=delivery.subject_id).exists()
    assert AuditEntry.objects.filter(verb="delivery.cancel", subject_id=delivery.pk).exists()
    day = timedelta(days=1)
    assert not chips_between(harbour.world.editor, harbour.world.brand, clock.now() - day, clock.now() + day)
    harbour.pass_(3700)
    harbour.work(5)
    assert harbour.faults.seen == []


@pytest.mark.parametrize("state", ["sending", "processing", "unknown", "handed_off"])
def test_what_may_be_out_keeps_its_account_on_the_post(harbour: Harbour, state: str) -> None:
    delivery = harbour.delivery()
    Delivery.objects.filter(pk=delivery.pk).update(state=state)
    with pytest.raises(Conflict, match=r"hien · .+ stays on the post"):
        take_off(harbour.world.editor, variant_of(delivery).pk)
    delivery.refresh_from_db()
    assert delivery.state == state
    assert variant_of(delivery)


def test_in_doubt_before_a_person_it_stays_until_somebody_looked(harbour: Harbour) -> None:
    delivery = harbour.delivery()
    doubted = {"state": "needs_attention", "reason": "no_look_up", "doubt_since": clock.now()}
    Delivery.objects.filter(pk=delivery.pk).update(**doubted)
    with pytest.raises(Conflict, match="Nobody knows whether"):
        take_off(harbour.world.editor, variant_of(delivery).pk)


@pytest.mark.parametrize("carried", [True, False])
def test_a_late_hand_off_stays_until_somebody_says_what_came_of_it(harbour: Harbour, carried: bool) -> None:
    """It lies ready on phones, or on one: whoever has it may publish it this minute."""
    delivery = harbour.delivery()
    late = {"state": "needs_attention", "reason": "paused_over" if carried else "hand_off_late"}
    carrier = harbour.world.editor if carried else None
    Delivery.objects.filter(pk=delivery.pk).update(**late, carried_by=carrier)
    with pytest.raises(Conflict, match="Nobody knows whether"):
        take_off(harbour.world.editor, variant_of(delivery).pk)
    delivery.refresh_from_db()
    assert delivery.state == "needs_attention"
    assert variant_of(delivery)


@pytest.mark.parametrize("state", ["published", "cancelled"])
def test_what_is_settled_stays_as_it_is(harbour: Harbour, state: str) -> None:
    delivery = harbour.delivery(due=clock.now() + timedelta(hours=1))
    if state == "cancelled":
        cancel(harbour.world.editor, delivery)
    else:
        Delivery.objects.filter(pk=delivery.pk).update(state=state)
    assert take_off(harbour.world.editor, variant_of(delivery).pk) is None
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == (state, "")


def test_taken_off_and_added_again_it_is_a_new_duty_and_leaves_once(harbour: Harbour) -> None:
    first = harbour.delivery(due=clock.now() + timedelta(minutes=5))
    take_off(harbour.world.editor, variant_of(first).pk)
    again = add_variant(harbour.world.editor, first.subject_id, first.account)
    second = schedule_delivery(harbour.world.editor, again, clock.now() + timedelta(minutes=5))
    assert second.key != first.key
    harbour.pass_(301)
    harbour.work(5)
    assert len(harbour.platform.posts()) == 1


def test_the_page_cancels_and_says_so(harbour: Harbour, world: World, door: object) -> None:
    delivery = harbour.delivery(due=clock.now() + timedelta(hours=1))
    page = door(world.editor).post(f"/variants/{variant_of(delivery).pk}/remove/", follow=True)
    assert "What was to go out there is cancelled." in page.content.decode()
    own = door(world.editor).get(f"/deliveries/{delivery.pk}/").content.decode()
    assert "taken off the post" in own
