"""The timeline of a delivery: every change of its hour with who made it, and how late it truly was."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from kitestring.connectorkit.faults import Fault
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.actions.claim_open import claim_open
from kitestring.domains.publishing.actions.end_grant import end_grant
from kitestring.domains.publishing.actions.hold import hold, release
from kitestring.domains.publishing.actions.reschedule import reschedule
from kitestring.domains.publishing.actions.schedule import publish_now, schedule_post
from kitestring.domains.publishing.actions.withdraw import say_withdrawn, withdraw
from kitestring.domains.publishing.models import Attempt, Delivery
from kitestring.domains.publishing.queries.timeline import Line, timeline_of
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.workspaces.actions.record import record
from kitestring.kit import clock
from kitestring.kit.ids import uuid7
from kitestring.ui.formats import date_time


def lines(delivery: Delivery) -> list[Line]:
    return timeline_of(Delivery.objects.select_related("account__brand", "made_by").get(pk=delivery.pk)).lines


def told(delivery: Delivery) -> list[str]:
    return [line.text for line in lines(delivery)]


def said(harbour: Harbour, at: datetime) -> str:
    return date_time(at, "short", harbour.world.brand.zone)


def test_every_change_of_the_hour_is_told_with_who_from_where_and_to_where(harbour: Harbour) -> None:
    world, start = harbour.world, clock.now().replace(microsecond=0)
    first, second, third = (start + timedelta(days=n) for n in (1, 2, 3))
    delivery = harbour.delivery(due=first)
    post = delivery.revision.post
    harbour.pass_(60)
    reschedule(world.manager, delivery, second)
    harbour.pass_(60)
    schedule_post(world.owner, post, third)
    harbour.pass_(60)
    publish_now(world.editor, post)
    harbour.send()
    by = {name: getattr(world, name).name for name in ("editor", "manager", "owner")}
    assert told(delivery)[:4] == [
        f"{by['editor']} scheduled it for {said(harbour, first)}",
        f"{by['manager']} moved it from {said(harbour, first)} to {said(harbour, second)}",
        f"{by['owner']} moved it from {said(harbour, second)} to {said(harbour, third)}",
        f"{by['editor']} chose “publish now”",
    ]
    assert lines(delivery)[3].detail == f"Before, it was due {said(harbour, third)}"


@pytest.mark.parametrize(
    ("late", "told_as"),
    [
        (0.4, "Sent within a second of its hour"),
        (1.6, "Sent 1 s after its hour"),
        (300, "Sent 5 min after its hour"),
    ],
)
def test_how_late_it_was_is_what_is_said(harbour: Harbour, late: float, told_as: str) -> None:
    delivery = harbour.delivery()
    harbour.send()
    # The hour of the try itself: how fast this machine is has no say in it.
    Attempt.objects.filter(delivery=delivery).update(started_at=delivery.due_at + timedelta(seconds=late))
    assert told_as in [line.detail for line in lines(delivery)]


def test_new_words_at_the_same_hour_are_told(harbour: Harbour) -> None:
    due = clock.now().replace(microsecond=0) + timedelta(days=1)
    delivery = harbour.delivery(due=due)
    post = post_for(harbour.world.editor, delivery.revision.post_id)
    save_post(harbour.world.editor, post.pk, {"text": "Another cup"}, post.version)
    harbour.pass_(60)
    schedule_post(harbour.world.editor, post, due)
    name = harbour.world.editor.name
    assert told(delivery)[-1] == f"{name} scheduled it anew for {said(harbour, due)}"


def test_who_held_it_let_it_go_and_cancelled_it_is_said_once(harbour: Harbour) -> None:
    world = harbour.world
    delivery = harbour.delivery(due=clock.now() + timedelta(days=1))
    name = world.manager.name
    hold(world.manager, delivery)
    assert told(delivery)[1:] == [f"{name} held it"]
    release(world.manager, delivery)
    cancel(world.manager, delivery)
    assert told(delivery)[2:] == [f"{name} let it go on", f"{name} cancelled it. It will never go out"]


def test_a_look_whose_worker_was_stopped_is_not_under_way_for_ever(harbour: Harbour) -> None:
    delivery = harbour.delivery("read_back")
    harbour.faults.next(Fault("drop_after", at="store"))
    harbour.send()
    harbour.pass_(5)
    assert claim_open(uuid7(), "unknown", 10)
    assert told(delivery)[-1] == "Look 1 is under way"
    harbour.pass_(130)
    broken = lines(delivery)[-1]
    assert broken.text == "Look 1 broke off: it found nothing out"
    assert "was stopped before the answer came" in broken.detail
    harbour.work(5)
    found = told(delivery)
    assert found[-2:] == ["Look 1 broke off: it found nothing out", found[-1]]
    assert found[-1].startswith("Look 2 found it on ")


def test_an_ended_grant_and_who_connected_again_are_told(harbour: Harbour) -> None:
    delivery = harbour.delivery(due=clock.now() + timedelta(days=1))
    end_grant(delivery.account_id, "grant_expired")
    assert "The account’s grant ended" in told(delivery)
    harbour.pass_(600)
    account = delivery.account
    record(harbour.world.manager, "account.reconnect", account, after={"name": account.name})
    Account.objects.filter(pk=account.pk).update(state="connected")
    harbour.pass_(86400)
    harbour.work(30)
    lines = told(delivery)
    again = lines.index(f"{harbour.world.manager.name} connected the account again")
    assert lines.index("The account’s grant ended") < again
    assert lines[again + 1].startswith("Attempt 1")


def test_what_was_put_before_a_person_stays_in_the_story_after_it_was_moved(harbour: Harbour) -> None:
    harbour.world.brand.needs_approval = True
    harbour.world.brand.save()
    delivery = harbour.delivery()
    harbour.work(5)
    delivery.refresh_from_db()
    assert "Put before a person" in told(delivery)
    before = lines(delivery)[-1]
    harbour.pass_(60)
    reschedule(harbour.world.editor, delivery, clock.now() + timedelta(hours=2))
    after = lines(delivery)
    (kept,) = [line for line in after if line.text == "Put before a person"]
    assert (kept.at, kept.detail, kept.shape) == (before.at, before.detail, before.shape)
    assert after[-1].text.startswith("Minh Quân moved it from ")


def test_who_had_it_taken_down_is_named(harbour: Harbour) -> None:
    delivery = harbour.delivery()
    harbour.send()
    delivery.refresh_from_db()
    withdraw(harbour.world.manager, delivery)
    assert told(delivery)[-1] == "Hà had it taken down"
    by_hand = harbour.delivery("none")
    harbour.send()
    by_hand.refresh_from_db()
    say_withdrawn(harbour.world.manager, by_hand)
    assert told(by_hand)[-1] == "Hà said: it is no longer there"
    assert "Hà had it taken down" not in told(by_hand)


@pytest.mark.parametrize("reason", ["", "hand_off"])
def test_a_hand_off_is_told_whatever_its_reason(harbour: Harbour, reason: str) -> None:
    delivery = harbour.delivery()
    Delivery.objects.filter(pk=delivery.pk).update(state="handed_off", reason=reason, changed_at=clock.now())
    assert told(delivery)[-1] == "Handed off to be published by hand"
