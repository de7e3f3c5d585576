"""What lies on a channel unpublished until we ask again: it waits for the checks of any sending, and our troubles end nothing."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from kitestring.connectorkit import registry
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.faults import Fault
from kitestring.domains.channels.models import Account, StoredGrant
from kitestring.domains.composing.models import Variant
from kitestring.domains.publishing.actions import deliver, desks, speak
from kitestring.domains.publishing.actions.claim_open import claim_open, recall
from kitestring.domains.publishing.actions.deliver import drain
from kitestring.domains.publishing.actions.hand_off import take
from kitestring.domains.publishing.actions.pause import pause, resume
from kitestring.domains.publishing.actions.schedule import publish_now
from kitestring.domains.publishing.actions.settle_by_person import give_up
from kitestring.domains.publishing.actions.sweep import sweep
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.rules import waiting
from kitestring.domains.publishing.tests.conftest import Harbour, renewable, renewals, tries
from kitestring.domains.publishing.tests.harbour import auth
from kitestring.kit import clock
from kitestring.kit.ids import uuid7
from kitestring.kit.refusals import Conflict


def container(harbour: Harbour) -> Delivery:
    """A delivery that the channel has taken and does not show yet."""
    delivery = harbour.delivery("two_step")
    harbour.send()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.handed_over) == ("processing", False)
    return delivery


def test_a_pause_stops_what_the_channel_has_but_does_not_show(harbour: Harbour) -> None:
    delivery, owner = container(harbour), harbour.world.owner
    pause(owner, "workspace", owner.workspace_id)
    harbour.pass_(2)
    harbour.work(30)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("held", "workspace_paused")
    assert harbour.copies(delivery) == 0
    resume(owner, "workspace", owner.workspace_id)
    harbour.work(60)
    delivery.refresh_from_db()
    assert (delivery.state, harbour.copies(delivery)) == ("published", 1)


def test_words_without_their_yes_are_not_published_from_there(harbour: Harbour) -> None:
    delivery = container(harbour)
    type(harbour.world.brand).objects.update(needs_approval=True)
    Delivery.objects.update(needs_approval=True)
    harbour.pass_(2)
    harbour.work(30)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("needs_attention", "not_approved")
    assert harbour.copies(delivery) == 0


@pytest.mark.parametrize("trouble", ["file", "connector"])
def test_a_trouble_of_ours_is_no_refusal_of_what_the_channel_has(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    delivery = container(harbour)
    harbour.pass_(2)
    with monkeypatch.context() as broken:
        if trouble == "file":

            def gone(*_args: object, **_more: object) -> object:
                raise Rejected("media", "file_gone")

            broken.setattr(speak, "outgoing", gone)
        else:
            broken.delitem(registry.connectors(), "harbour-two-step")
        harbour.ask()
    delivery.refresh_from_db()
    assert (delivery.state, bool(delivery.handle)) == ("processing", True)
    harbour.pass_(60)
    harbour.work(10)
    delivery.refresh_from_db()
    assert (delivery.state, harbour.copies(delivery)) == ("published", 1)


@pytest.mark.parametrize("carried", [True, False])
def test_a_hand_off_given_up_late_is_not_given_out_again(harbour: Harbour, carried: bool) -> None:
    """Whoever had it on the phone may have published it and forgotten the proof."""
    editor = harbour.world.editor
    variant = harbour.variant(harbour.account("by_hand"))
    delivery = publish_now(editor, variant.post)[0]
    harbour.work(1)
    if carried:
        delivery.refresh_from_db()
        take(editor, delivery)
    harbour.pass_(3700)
    harbour.work(1)
    delivery.refresh_from_db()
    assert delivery.reason == "hand_off_late"
    give_up(editor, delivery)
    with pytest.raises(Conflict):
        publish_now(editor, Variant.objects.get().post)
    assert Delivery.objects.count() == 1


def test_a_second_try_that_looked_for_long_does_not_begin_to_send(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing begins after 80 % of the lease: also not what comes behind a slow look."""
    monkeypatch.setattr(waiting, "STOP_AT", 20.0)  # the look itself is not cut, however slow this machine is
    delivery = harbour.delivery("read_back")
    Delivery.objects.update(attempts=1)
    harbour.faults.next(Fault("slow", seconds=0.9))

    harbour.run(partial(drain, lease=1.0))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("scheduled", "not_started")
    assert harbour.faults.stored() == 0
    harbour.pass_(30)
    harbour.work(5)
    delivery.refresh_from_db()
    assert (delivery.state, harbour.copies(delivery)) == ("published", 1)


def test_a_grant_is_renewed_on_any_try_and_ends_when_a_new_one_is_refused(harbour: Harbour) -> None:
    account = renewable(harbour)
    delivery = harbour.delivery(account=account)
    harbour.faults.next(Fault("busy", after=5, at="store"))
    harbour.send()
    harbour.faults.next(Fault("unauthorized", at="store"))
    harbour.pass_(8)
    harbour.work(30)
    delivery.refresh_from_db()
    assert [reason for _step, _outcome, reason in tries(delivery)] == ["busy", "grant_renewing", ""]
    StoredGrant.objects.update(renewed_at=clock.now() - timedelta(hours=1))
    again = harbour.delivery(account=account, text="Another cup")
    later = harbour.delivery(account=account, text="Next week", due=clock.now() + timedelta(days=7))
    harbour.faults.always(Fault("unauthorized", at="store"))
    harbour.work(30)
    for one in (again, later):
        one.refresh_from_db()
        assert (one.state, one.reason) == ("held", "grant_expired")
    account.refresh_from_db()
    assert account.state == "expired"


def test_who_sends_waits_for_no_renewal(harbour: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    """A renewal may take as long as a channel likes; a hundred other accounts have their hour meanwhile."""
    monkeypatch.setattr(auth, "renew", None)  # called by who sends, it would break
    account = renewable(harbour)
    soon, ended = clock.now() + timedelta(seconds=60), clock.now() + timedelta(seconds=2)
    StoredGrant.objects.update(expires_at=soon)
    first = harbour.delivery(account=account)
    harbour.send()
    StoredGrant.objects.update(expires_at=ended)
    second = harbour.delivery(account=account, text="Another cup")
    harbour.send()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.reason) == ("published", "scheduled", "grant_renewing")
    monkeypatch.undo()
    renewals()
    StoredGrant.objects.update(expires_at=None)
    harbour.send()
    second.refresh_from_db()
    assert (second.state, harbour.copies(second)) == ("published", 1)


def test_connected_anew_while_the_old_grant_was_refused(harbour: Harbour) -> None:
    """What a channel says of an older grant says nothing of the one that a person has just given."""
    account = renewable(harbour)
    delivery = harbour.delivery(account=account)
    harbour.faults.next(Fault("unauthorized", at="store"))
    harbour.send()
    StoredGrant.objects.update(renewed_at=clock.now())
    harbour.work(20)
    delivery.refresh_from_db()
    account.refresh_from_db()
    assert (account.state, delivery.state) == ("connected", "published")


def test_a_no_answer_leaves_what_lies_there_as_it_was(harbour: Harbour) -> None:
    """Asked whether it is ready, the channel was busy: that does not make it handed over, and a pause still stops it."""
    delivery, owner = container(harbour), harbour.world.owner
    harbour.faults.next(Fault("busy", after=1))
    harbour.pass_(2)
    harbour.ask()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.handed_over, bool(delivery.handle)) == ("processing", False, True)
    pause(owner, "workspace", owner.workspace_id)
    harbour.pass_(60)
    harbour.work(30)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.handle, harbour.copies(delivery)) == ("held", "", 0)


def test_who_died_in_the_step_that_publishes_leaves_a_doubt(harbour: Harbour) -> None:
    """The container may be out: it is looked up before anything else, and neither asked nor taken back."""
    delivery, owner = container(harbour), harbour.world.owner
    harbour.pass_(5)
    (claimed,) = claim_open(uuid7(), "processing", 5, lease=10)
    assert claimed.id == delivery.pk
    pause(owner, "workspace", owner.workspace_id)
    harbour.pass_(11)
    assert recall() == []
    assert claim_open(uuid7(), "processing", 5) == []
    sweep()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("unknown", "lease_ran_out")


def test_one_account_that_cannot_be_opened_does_not_stop_the_others(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd, sound = harbour.delivery(account=harbour.account(name="odd")), harbour.delivery()
    real = desks.opened

    def opened(account: Account, **more: Any) -> Any:
        if account.pk == odd.account_id:
            raise ValueError("a grant of a shape that nobody knows")
        return real(account, **more)

    monkeypatch.setattr(desks, "opened", opened)
    harbour.send()
    for one in (odd, sound):
        one.refresh_from_db()
    assert (odd.state, odd.reason, sound.state) == ("scheduled", "not_started", "published")


def test_asked_to_stop_while_it_takes_a_batch(harbour: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database goes on with what it was asked; what it took is given back instead of doubted."""
    delivery = harbour.delivery()
    taking = threading.Event()
    real = deliver.take_due

    def slow(*given: Any) -> Any:
        taking.set()
        time.sleep(0.3)
        return real(*given)

    monkeypatch.setattr(deliver, "take_due", slow)

    async def stopped() -> None:
        draining = asyncio.create_task(drain())
        await asyncio.to_thread(taking.wait)
        draining.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await draining

    harbour.run(stopped)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason, harbour.copies(delivery)) == ("scheduled", "not_started", 0)
    monkeypatch.undo()
    harbour.work(20)
    delivery.refresh_from_db()
    assert (delivery.state, harbour.copies(delivery)) == ("published", 1)
