"""A wish to take a post down stands on its row: no emptied queue loses it, no two workers ask twice, every end is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from kitestring.connectorkit import registry
from kitestring.connectorkit.faults import Fault
from kitestring.domains.publishing.actions.sweep import sweep
from kitestring.domains.publishing.actions.take_down import Said, _claim, _write, take_down
from kitestring.domains.publishing.actions.withdraw import say_withdrawn, withdraw
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.tests.conftest import Harbour, renewable, tries
from kitestring.domains.workspaces.models import AuditEntry
from kitestring.kit.ids import uuid7
from kitestring.kit.refusals import Conflict
from tests.world import World


@pytest.fixture
def live(harbour: Harbour) -> Delivery:
    """One that is out there."""
    delivery = harbour.delivery()
    harbour.send()
    delivery.refresh_from_db()
    assert delivery.state == "published"
    return delivery


def wakings() -> list[str]:
    found = ProcrastinateJob.objects.filter(task_name="publishing.withdraw", status="todo")
    return [job.args["delivery"] for job in found]


def asked(harbour: Harbour, delivery: Delivery) -> int:
    return sum(1 for seen in harbour.faults.seen if seen.method == "DELETE")


def test_the_wish_stands_with_who_and_when_and_is_one_however_often_it_is_uttered(
    harbour: Harbour, live: Delivery
) -> None:
    withdraw(harbour.world.editor, live)
    first = live.withdraw_asked
    assert first is not None
    assert live.withdraw_by == harbour.world.editor
    withdraw(harbour.world.owner, live)
    assert (live.withdraw_asked, live.withdraw_by) == (first, harbour.world.editor)
    assert wakings() == [str(live.pk)]
    assert AuditEntry.objects.filter(verb="delivery.withdraw", subject_id=live.pk).count() == 1


def test_an_emptied_queue_loses_no_wish(harbour: Harbour, live: Delivery) -> None:
    withdraw(harbour.world.editor, live)
    ProcrastinateJob.objects.all().delete()
    assert sweep().to_withdraw == 1
    assert wakings() == [str(live.pk)]
    harbour.run(lambda: take_down(live.pk), lambda: take_down(live.pk))
    live.refresh_from_db()
    assert live.state == "withdrawn"
    assert asked(harbour, live) == 1, "the second job found nothing to do"
    assert sweep().to_withdraw == 0


def test_while_one_worker_is_at_it_another_leaves_it_and_a_dead_one_is_followed(
    harbour: Harbour, live: Delivery
) -> None:
    withdraw(harbour.world.editor, live)
    taken = _claim(live.pk, uuid7(), uuid7())
    assert taken is not None
    assert taken.delivery == live
    harbour.run(lambda: take_down(live.pk))
    assert asked(harbour, live) == 0
    assert sweep().to_withdraw == 0
    harbour.pass_(121)
    assert sweep().to_withdraw == 1
    harbour.run(lambda: take_down(live.pk))
    live.refresh_from_db()
    assert live.state == "withdrawn"
    assert tries(live)[-2:] == [("withdraw", "unknown", "lease_ran_out"), ("withdraw", "withdrawn", "")]


def test_a_busy_channel_is_asked_again_by_itself(harbour: Harbour, live: Delivery) -> None:
    withdraw(harbour.world.editor, live)
    harbour.faults.next(Fault("busy", after=30))
    harbour.run(lambda: take_down(live.pk))
    live.refresh_from_db()
    assert (live.state, live.reason) == ("published", "busy")
    assert live.withdraw_asked is not None
    harbour.run(lambda: take_down(live.pk))
    assert asked(harbour, live) == 1, "it waits as long as it was told to"
    harbour.pass_(32)
    assert sweep().to_withdraw == 1
    harbour.run(lambda: take_down(live.pk))
    live.refresh_from_db()
    assert (live.state, live.reason) == ("withdrawn", "")


def test_after_an_hour_of_trouble_the_wish_is_dropped_and_told(harbour: Harbour, live: Delivery) -> None:
    withdraw(harbour.world.editor, live)
    harbour.faults.always(Fault("busy"))
    harbour.pass_(3700)
    harbour.run(lambda: take_down(live.pk))
    live.refresh_from_db()
    assert (live.state, live.reason, live.withdraw_asked) == ("published", "busy", None)
    assert sweep().to_withdraw == 0


def test_a_final_no_drops_the_wish_and_it_may_be_uttered_again(harbour: Harbour, live: Delivery) -> None:
    withdraw(harbour.world.editor, live)
    registry.connectors().pop(live.account.channel)
    harbour.run(lambda: take_down(live.pk))
    live.refresh_from_db()
    assert (live.state, live.reason, live.withdraw_asked) == ("published", "no_connector", None)


def test_a_person_who_was_quicker_is_not_overruled(harbour: Harbour, live: Delivery) -> None:
    withdraw(harbour.world.editor, live)
    me, attempt = uuid7(), uuid7()
    claimed = _claim(live.pk, me, attempt)
    say_withdrawn(harbour.world.editor, live)
    assert claimed is not None
    _write(claimed, me, attempt, Said("refused", "too old"))
    live.refresh_from_db()
    assert (live.state, live.reason) == ("withdrawn", "")


def test_what_is_gone_is_not_asked_for_again(harbour: Harbour, live: Delivery) -> None:
    stale = Delivery.objects.get(pk=live.pk)
    say_withdrawn(harbour.world.editor, live)
    with pytest.raises(Conflict):
        withdraw(harbour.world.editor, stale)
    stale.refresh_from_db()
    assert stale.withdraw_asked is None


def test_the_page_says_that_it_is_being_taken_down(
    harbour: Harbour, live: Delivery, world: World, door: object
) -> None:
    client = door(world.editor)
    client.post(f"/deliveries/{live.pk}/do/withdraw/")
    page = client.get(f"/deliveries/{live.pk}/").content.decode()
    assert "It is being taken down." in page
    assert "hx-trigger" in page
    assert 'data-open="take-down"' not in page
    harbour.faults.next(Fault("busy", after=timedelta(minutes=5).total_seconds()))
    harbour.run(lambda: take_down(live.pk))
    assert "tried again by itself" in client.get(f"/deliveries/{live.pk}/").content.decode()


def test_one_refusal_drops_no_wish_and_ends_no_account(harbour: Harbour) -> None:
    account = renewable(harbour)
    delivery = harbour.delivery(account=account)
    harbour.send()
    delivery.refresh_from_db()
    withdraw(harbour.world.editor, delivery)
    harbour.faults.next(Fault("unauthorized"))
    harbour.run(lambda: take_down(delivery.pk))
    delivery.refresh_from_db()
    account.refresh_from_db()
    assert (account.state, delivery.state) == ("connected", "withdrawn")
    assert harbour.copies(delivery) == 0


def test_a_wish_that_is_refused_with_its_renewal_says_that_the_account_ended(
    harbour: Harbour, live: Delivery
) -> None:
    withdraw(harbour.world.editor, live)
    harbour.faults.always(Fault("unauthorized"))
    harbour.run(lambda: take_down(live.pk))
    live.refresh_from_db()
    live.account.refresh_from_db()
    assert (live.state, live.reason, live.withdraw_asked) == ("published", "grant_expired", None)
    assert live.account.state == "expired"
