"""What lies on a channel unpublished until we ask again: it waits for the checks of any sending, and our troubles end nothing."""

from __future__ import annotations

from functools import partial

import pytest
from django.conf import settings

from kitestring.connectorkit import registry
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.faults import Fault
from kitestring.domains.channels.models import StoredGrant
from kitestring.domains.composing.models import Variant
from kitestring.domains.publishing.actions import speak
from kitestring.domains.publishing.actions.deliver import drain
from kitestring.domains.publishing.actions.hand_off import take
from kitestring.domains.publishing.actions.pause import pause, resume
from kitestring.domains.publishing.actions.schedule import publish_now
from kitestring.domains.publishing.actions.settle_by_person import give_up
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.tests.conftest import Harbour, tries
from kitestring.kit.crypto import Vault
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


def test_a_second_try_that_looked_for_long_does_not_begin_to_send(harbour: Harbour) -> None:
    """Nothing begins after 80 % of the lease: also not what comes behind a slow look."""
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
    account = harbour.account()
    sealed = Vault(settings.CRYPTO_KEYS).seal({"token": "t", "renewable": True})
    StoredGrant.objects.filter(account=account).update(sealed=sealed)
    delivery = harbour.delivery(account=account)
    harbour.faults.next(Fault("busy", after=5, at="store"))
    harbour.send()
    harbour.faults.next(Fault("unauthorized", at="store"))
    harbour.pass_(8)
    harbour.work(10)
    delivery.refresh_from_db()
    assert [reason for _step, _outcome, reason in tries(delivery)] == ["busy", "grant_renewed", ""]
    again = harbour.delivery(account=account, text="Another cup")
    harbour.faults.always(Fault("unauthorized", at="store"))
    harbour.send()
    again.refresh_from_db()
    assert (again.state, again.reason) == ("held", "grant_expired")
