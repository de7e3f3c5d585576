"""Hostile hours: a proof that comes late, a page that is old, a clock that jumps, a grant that ended in other words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from kitestring.connectorkit.faults import Fault
from kitestring.domains.channels.models import AccountState
from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.actions.claim import claim_due
from kitestring.domains.publishing.actions.close import Result, close
from kitestring.domains.publishing.actions.hold import hold
from kitestring.domains.publishing.actions.schedule import publish_now
from kitestring.domains.publishing.actions.settle_by_person import give_up, say_not_live
from kitestring.domains.publishing.actions.sweep import sweep
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.rules.answers import Live
from kitestring.domains.publishing.rules.next_step import Next
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock
from kitestring.kit.ids import uuid7
from kitestring.kit.refusals import Conflict

Door = Callable[[Member], Client]


@pytest.mark.parametrize("meanwhile", ["scheduled", "held"])
def test_a_proof_that_comes_after_a_look_put_it_back_keeps_it_from_leaving_again(
    harbour: Harbour, meanwhile: str
) -> None:
    """A worker that slept for longer than lease and settle time wakes up with the answer."""
    delivery, me = harbour.delivery(), uuid7()
    (claimed,) = claim_due(me, 1)
    harbour.pass_(121)
    sweep()
    harbour.pass_(61)
    harbour.ask()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("scheduled", "proven_absent")
    if meanwhile == "held":
        hold(harbour.world.editor, delivery)
    proof = Next("published", live=Live("77", "https://harbour.test/p/77"))
    assert close(me, [Result(claimed.id, claimed.account_id, claimed.attempt, "sending", proof)])
    harbour.work(20)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.remote_id) == ("published", "77")
    assert harbour.faults.stored() == 0


def put_back(harbour: Harbour, me: UUID) -> tuple[Delivery, Result]:
    """Taken by `me`, who fell asleep, put back by a look too early; and the proof that `me` brings."""
    delivery = harbour.delivery()
    (claimed,) = claim_due(me, 1)
    harbour.pass_(121)
    sweep()
    harbour.pass_(61)
    harbour.ask()
    delivery.refresh_from_db()
    assert delivery.state == "scheduled"
    proof = Next("published", live=Live("77", "https://harbour.test/p/77"))
    return delivery, Result(claimed.id, claimed.account_id, claimed.attempt, "sending", proof)


@pytest.mark.parametrize("meanwhile", ["cancelled", "failed", "sending"])
def test_a_proof_counts_whatever_became_of_it_meanwhile(harbour: Harbour, meanwhile: str) -> None:
    me = uuid7()
    delivery, result = put_back(harbour, me)
    if meanwhile == "cancelled":
        cancel(harbour.world.editor, delivery)
    elif meanwhile == "sending":
        claim_due(uuid7(), 1)
    else:
        Delivery.objects.update(state=meanwhile)
    assert close(me, [result]) == {delivery.pk}
    delivery.refresh_from_db()
    assert (delivery.state, delivery.remote_id) == ("published", "77")
    with pytest.raises(Conflict, match="published already"):
        publish_now(harbour.world.editor, delivery.revision.post)
    harbour.work(20)
    assert harbour.faults.stored() == 0


def test_what_took_the_place_of_one_that_is_out_after_all_does_not_leave(harbour: Harbour) -> None:
    me = uuid7()
    delivery, result = put_back(harbour, me)
    cancel(harbour.world.editor, delivery)
    (second,) = publish_now(harbour.world.editor, delivery.revision.post)
    assert second.pk != delivery.pk
    assert close(me, [result]) == {delivery.pk}
    harbour.work(20)
    second.refresh_from_db()
    delivery.refresh_from_db()
    assert (second.state, second.reason) == ("cancelled", "out_already")
    assert (delivery.state, harbour.faults.stored()) == ("published", 0)


def test_after_a_clock_that_jumped_the_settle_time_is_waited_for_all_the_same(harbour: Harbour) -> None:
    """Its call is still under way, and the hour has become tomorrow's."""
    delivery = harbour.delivery("read_back")
    claim_due(uuid7(), 1)
    harbour.pass_(86_400)
    sweep()
    harbour.ask()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("unknown", "too_early")
    assert harbour.faults.stored() == 0


def test_a_clock_that_is_set_in_a_doubt_is_no_settle_time(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The timeline is late by 45 seconds, and the clock goes ten minutes ahead after the first look."""
    passed = clock.elapsed()
    monkeypatch.setattr(clock, "elapsed", lambda: passed)
    harbour.platform.memory["lag"] = 645
    harbour.faults.next(Fault("drop_after", at="store"))
    delivery = harbour.delivery("read_back")
    harbour.send()
    harbour.ask()
    harbour.pass_(600)
    harbour.work(0)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("unknown", "too_early")
    assert harbour.faults.stored() == 1


@pytest.mark.parametrize("reason", ["grant_expired", "bot_shut_out", "no_grant", "seal_broken"])
def test_whatever_the_channel_called_it_connecting_again_lets_it_go(harbour: Harbour, reason: str) -> None:
    delivery = harbour.delivery()
    account = delivery.account
    Delivery.objects.update(state="held", reason=reason, attempts=1)
    account.state = AccountState.EXPIRED
    account.save()
    harbour.work(20)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("held", reason)
    account.state = AccountState.CONNECTED
    account.save()
    harbour.work(20)
    delivery.refresh_from_db()
    assert delivery.state == "published"
    assert len(harbour.platform.posts()) == 1


def test_its_page_offers_to_connect_again(harbour: Harbour, door: Door) -> None:
    delivery = harbour.delivery(due=clock.now() + timedelta(hours=1))
    Delivery.objects.update(state="held", reason="bot_shut_out", attempts=1)
    page = door(harbour.world.editor).get(f"/deliveries/{delivery.pk}/").content.decode()
    assert "Connect again" in page


def in_doubt(harbour: Harbour) -> Delivery:
    harbour.faults.next(Fault("drop_after", at="store"))
    delivery = harbour.delivery("none")
    harbour.work(5)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("needs_attention", "no_look_up")
    return delivery


def test_a_no_to_an_earlier_try_is_not_a_no_to_this_one(harbour: Harbour, door: Door) -> None:
    """Two people have the page open; the second presses after the first one's sending was lost too."""
    first = in_doubt(harbour)
    old, page = Delivery.objects.get(), f"/deliveries/{first.pk}/do/send/"
    harbour.faults.next(Fault("drop_after", at="store"))
    say_not_live(harbour.world.editor, first)
    harbour.work(5)
    with pytest.raises(Conflict):
        say_not_live(harbour.world.owner, old)
    assert door(harbour.world.owner).post(page, {"seen": "1"}).status_code == 409
    harbour.work(5)
    assert harbour.faults.stored() == 2
    assert (
        'name="seen" value="2"' in door(harbour.world.owner).get(f"/deliveries/{first.pk}/").content.decode()
    )


def test_what_was_given_up_in_doubt_is_not_sent_a_second_time(harbour: Harbour) -> None:
    delivery = in_doubt(harbour)
    post = delivery.revision.post
    give_up(harbour.world.editor, delivery)
    with pytest.raises(Conflict, match="nobody knows whether it went out"):
        publish_now(harbour.world.editor, post)
    harbour.work(5)
    assert harbour.faults.stored() == 1
