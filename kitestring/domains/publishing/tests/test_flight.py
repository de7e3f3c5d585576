"""A pass whose database stumbles: what was taken goes back at once, and no more is taken meanwhile than can be called."""

from __future__ import annotations

import time
from collections.abc import Iterable
from uuid import UUID

import pytest
from django.db import OperationalError

from kitestring.connectorkit.faults import Fault
from kitestring.domains.channels.models import Account
from kitestring.domains.publishing.actions import flight as flights
from kitestring.domains.publishing.actions.claim import Claimed, take_due
from kitestring.domains.publishing.actions.desks import Desk, Desks
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.kit import clock
from kitestring.kit.ids import uuid7

PREPARE = Desks.prepare


def due(harbour: Harbour, count: int) -> None:
    for n in range(count):
        harbour.delivery(account=harbour.account("native_key", f"n{n}"), text=f"{n}")


@pytest.mark.parametrize("first_too", [False, True])
def test_accounts_that_cannot_be_read_for_a_moment_cost_nothing_its_lease(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch, first_too: bool
) -> None:
    """One slow call is in the air all the while; or nothing is yet."""
    monkeypatch.setattr(flights, "A_TURN", 4)
    monkeypatch.setattr(flights, "AWAY_FOR", 0.1)
    monkeypatch.setattr(flights, "ENOUGH", 2)
    due(harbour, 40)
    visits: list[float] = []

    def prepare(self: Desks, claimed: Iterable[Claimed]) -> dict[UUID, Desk]:
        taken = list(claimed)
        visits.append(time.monotonic())
        if taken and (first_too or len(visits) > 1) and visits[-1] - visits[0] < 0.5:
            raise OperationalError("canceling statement due to statement timeout")
        return PREPARE(self, taken)

    monkeypatch.setattr(Desks, "prepare", prepare)
    harbour.faults.next(Fault("slow", seconds=1.0, at="store"))
    if first_too:
        with pytest.raises(OperationalError):
            harbour.send()
        assert not Delivery.objects.filter(state="sending").exists()
        harbour.pass_(2)
        time.sleep(0.5)
    harbour.send()
    harbour.work(5)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"published"}
    assert len(harbour.platform.posts()) == 40
    failed = [at for at in visits if at - visits[0] < 0.5]
    assert len(failed) <= 14, "a database that is away is not asked again without a pause"


def test_only_what_is_passed_over_on_an_account_that_is_nobodys_is_judged_again(harbour: Harbour) -> None:
    """To judge all that is due costs more than sending it: neither a full turn nor the hands of others are a reason."""
    due(harbour, 6)
    taken, passed_over = take_due(uuid7(), 2)
    assert (len(taken), passed_over) == (2, False)
    taken, passed_over = take_due(uuid7(), 10)
    assert (len(taken), passed_over) == (4, False)
    for one in Delivery.objects.select_related("account")[:3]:
        harbour.delivery(account=one.account, text="behind it")
    assert take_due(uuid7(), 10) == ([], False), "all accounts are in the hands of the two before"
    held = harbour.delivery(account=harbour.account(name="held up"))
    Account.objects.filter(pk=held.account_id).update(paused_at=clock.now())
    assert take_due(uuid7(), 10) == ([], True)
