"""A database's clock that is set forward lets no time pass: nothing is believed to have been waited for."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from kitestring.connectorkit.emulation import Fault
from kitestring.domains.publishing.actions import claim_open
from kitestring.domains.publishing.actions import steady as module
from kitestring.domains.publishing.actions import sweep as sweep_module
from kitestring.domains.publishing.actions.claim import claim_due
from kitestring.domains.publishing.actions.look_round import look_round
from kitestring.domains.publishing.actions.steady import steady
from kitestring.domains.publishing.actions.sweep import sweep
from kitestring.domains.publishing.models import Delivery, Lane, judging
from kitestring.domains.publishing.rules.waiting import LEASE
from kitestring.domains.publishing.tests.conftest import Harbour, tries
from kitestring.kit import clock
from kitestring.kit.ids import uuid7


def set_forward(harbour: Harbour, monkeypatch: pytest.MonkeyPatch, seconds: float = 600) -> None:
    """The database's clock and ours are so much on, and no time has passed."""
    assert steady(), "the clock had gone on as time does"
    steadily = clock.elapsed
    monkeypatch.setattr(clock, "elapsed", lambda: steadily() - seconds)
    harbour.pass_(seconds)


def test_no_settle_time_has_passed_by_it(harbour: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform shows the post half a minute late; a look right after the jump must not prove anything."""
    harbour.platform.memory["lag"] = 630
    harbour.faults.next(Fault("drop_after", at="store"))
    delivery = harbour.delivery("read_back")
    harbour.send()
    set_forward(harbour, monkeypatch)
    harbour.work(10)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("unknown", "too_early")
    harbour.work(90)
    delivery.refresh_from_db()
    assert delivery.state == "published"
    assert (harbour.copies(delivery), harbour.faults.stored()) == (1, 1)


def test_who_is_sending_then_keeps_what_it_has(harbour: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = harbour.delivery("read_back")
    me = uuid7()
    assert claim_due(me, 10)
    set_forward(harbour, monkeypatch)
    sweep()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.owner) == ("sending", me)
    assert delivery.lease_until is not None
    assert delivery.lease_until > clock.now()
    lane = Lane.objects.get(account=delivery.account)
    assert lane.lease_until is not None
    assert lane.lease_until > clock.now()
    harbour.pass_(121)
    sweep()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("unknown", "lease_ran_out")


def test_who_never_looked_before_doubts_from_now_on(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that has just begun cannot see a jump; a lease that seems long over says nothing about when."""
    delivery = harbour.delivery("read_back")
    assert claim_due(uuid7(), 10)
    Delivery.objects.filter(pk=delivery.pk).update(lease_until=clock.now() - timedelta(minutes=10))
    monkeypatch.setattr(module, "_seen", None)
    sweep()
    harbour.ask()
    delivery.refresh_from_db()
    assert tries(delivery)[-1] == ("look_up", "unknown", "too_early")


def test_time_that_really_passes_is_no_jump(harbour: Harbour) -> None:
    assert steady()
    harbour.pass_(3600)
    assert steady()


def jumps_at(harbour: Harbour, monkeypatch: pytest.MonkeyPatch, where: Any, seconds: float = 600) -> None:
    """The clock is set forward in the very moment after `where` was found to be steady."""
    real, jumped = where.steady, list[bool]()

    def looked() -> bool:
        found = bool(real())
        if not jumped:
            jumped.append(True)
            set_forward(harbour, monkeypatch, seconds)
        return found

    monkeypatch.setattr(where, "steady", looked)


def test_between_the_look_and_the_doubt_that_is_read(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    harbour.platform.memory["lag"] = 630
    harbour.faults.next(Fault("drop_after", at="store"))
    delivery = harbour.delivery("read_back")
    harbour.send()
    harbour.pass_(6)
    jumps_at(harbour, monkeypatch, claim_open)
    harbour.ask()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("unknown", "too_early")
    assert delivery.doubt_since is not None
    assert delivery.doubt_since > clock.now() - timedelta(seconds=30), "it is waited for anew"


def test_between_the_look_and_the_lease_that_is_compared(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = harbour.delivery("read_back")
    me = uuid7()
    assert claim_due(me, 10)
    jumps_at(harbour, monkeypatch, sweep_module)
    assert sweep().lost == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.owner) == ("sending", me)
    assert delivery.lease_until is not None
    assert delivery.lease_until > clock.now()


def set_back(harbour: Harbour, monkeypatch: pytest.MonkeyPatch, seconds: float = 600) -> None:
    """The database's clock and ours are so much back, and no time has passed."""
    monkeypatch.setattr(module, "_seen", None)
    assert steady()
    steadily = clock.elapsed
    monkeypatch.setattr(clock, "elapsed", lambda: steadily() + seconds)
    harbour.pass_(-seconds)


def overdue(harbour: Harbour, count: int) -> list[Delivery]:
    """So many on one account, due for twenty minutes."""
    account = harbour.account()
    made = [harbour.delivery(account=account, text=f"Cup {n}") for n in range(count)]
    Delivery.objects.filter(pk__in=[one.pk for one in made]).update(
        due_at=clock.now() - timedelta(minutes=20)
    )
    return made


@pytest.mark.parametrize("looked_before", [True, False])
def test_set_back_an_account_does_not_stand_until_the_clock_is_there_again(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch, looked_before: bool
) -> None:
    """Its sender died with the turn and a lease that, by the new clock, ends twelve minutes from now."""
    first, second = overdue(harbour, 2)
    assert len(claim_due(uuid7(), 5)) == 1
    set_back(harbour, monkeypatch)
    if not looked_before:
        monkeypatch.setattr(module, "_seen", None)
    for _ in range(3):
        look_round()
        harbour.pass_(1)
    harbour.work(1)
    assert harbour.copies(second) == 1, "its turn was nobody's"
    first.refresh_from_db()
    assert first.lease_until is not None
    assert first.lease_until <= clock.now() + timedelta(seconds=LEASE)
    harbour.pass_(LEASE + 1)
    sweep()
    first.refresh_from_db()
    assert (first.state, first.reason) == ("unknown", "lease_ran_out")


def test_set_back_a_doubt_begins_now_and_not_in_ten_minutes(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    harbour.faults.next(Fault("drop_after", at="store"))
    delivery = harbour.delivery("read_back")
    harbour.send()
    set_back(harbour, monkeypatch)
    sweep()
    delivery.refresh_from_db()
    assert delivery.doubt_since is not None
    assert delivery.doubt_since <= clock.now()


def test_set_back_the_calls_of_a_pace_are_not_used_up(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of five calls was made: the clock that is behind must not take the others away."""
    real = judging._channels()
    paced = [one | {"pace_calls": 5.0, "pace_seconds": 10.0} for one in json.loads(real[0])]
    monkeypatch.setattr(judging, "_channels", lambda: (json.dumps(paced), real[1]))
    first, second = overdue(harbour, 2)
    Delivery.objects.filter(pk=second.pk).update(state="held")
    harbour.send()
    assert harbour.copies(first) == 1
    harbour.pass_(-600)
    Delivery.objects.filter(pk=second.pk).update(state="scheduled")
    harbour.send()
    assert harbour.copies(second) == 1
