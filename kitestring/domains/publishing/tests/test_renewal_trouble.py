"""A renewal that cannot be asked for, or fails while a person connects: nothing is lost and nothing is ended by it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from kitestring.connectorkit.errors import GrantExpired
from kitestring.connectorkit.faults import Fault
from kitestring.domains.channels.actions import renew
from kitestring.domains.channels.models import Account, StoredGrant
from kitestring.domains.publishing.actions import desks, speak
from kitestring.domains.publishing.tests.conftest import Harbour, renewable, tries
from kitestring.kit import clock


class Away:
    """`ask_renewal` while the queue cannot be written; `asked` counts who wanted to."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, account: Account, **told: str) -> None:
        self.asked += 1
        raise OperationalError("the queue is away")


def test_refused_while_the_queue_is_away_the_next_try_asks(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery, away = harbour.delivery(account=renewable(harbour)), Away()
    monkeypatch.setattr(speak, "ask_renewal", away)
    harbour.faults.always(Fault("unauthorized", at="store"))
    harbour.send()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason, away.asked) == ("scheduled", "grant_renewing", 1)
    assert tries(delivery) == [("publish", "scheduled", "grant_renewing")]

    monkeypatch.undo()
    harbour.faults.clear()
    harbour.work(120)
    delivery.refresh_from_db()
    assert (delivery.state, harbour.copies(delivery)) == ("published", 1)


def test_what_could_not_be_asked_ahead_is_asked_again(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked once is enough; asked in vain is not."""
    account, away = renewable(harbour), Away()
    StoredGrant.objects.update(expires_at=clock.now() + timedelta(seconds=90))
    loaded = Account.objects.select_related("grant").get(pk=account.pk)
    known = desks.Desks()
    monkeypatch.setattr(desks, "ends_soon", lambda account: True)
    monkeypatch.setattr(desks, "ask_renewal", away)
    known._look_ahead(loaded)
    known._look_ahead(loaded)
    assert away.asked == 2
    asked: list[Account] = []
    monkeypatch.setattr(desks, "ask_renewal", asked.append)
    known._look_ahead(loaded)
    known._look_ahead(loaded)
    assert asked == [loaded]


def test_connected_anew_while_its_renewal_fails(harbour: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    """The channel's no to the old grant comes when the person's new one is stored already."""
    account = renewable(harbour)
    delivery = harbour.delivery(account=account)
    real = renew.renewed_grant

    def too_late(found: Account, **more: Any) -> Any:
        real(found, **more)
        StoredGrant.objects.filter(account=found).update(renewed_at=clock.now())
        raise GrantExpired("consent_withdrawn")

    monkeypatch.setattr(renew, "renewed_grant", too_late)
    harbour.faults.next(Fault("unauthorized", at="store"))
    harbour.work(120)
    account.refresh_from_db()
    delivery.refresh_from_db()
    assert (account.state, account.problem) == ("connected", "")
    assert (delivery.state, harbour.copies(delivery)) == ("published", 1)


def test_one_refusal_of_a_grant_that_is_a_moment_old_ends_nothing(harbour: Harbour) -> None:
    """It was renewed, or given by a person, a minute ago: that makes one wrong answer no truer."""
    account = renewable(harbour)
    StoredGrant.objects.update(renewed_at=clock.now() - timedelta(seconds=30))
    delivery = harbour.delivery(account=account)
    harbour.faults.next(Fault("unauthorized", at="store"))
    harbour.work(60)
    account.refresh_from_db()
    delivery.refresh_from_db()
    assert (account.state, delivery.state, harbour.copies(delivery)) == ("connected", "published", 1)


def test_a_doubt_of_yesterday_is_none_of_today(harbour: Harbour) -> None:
    account = renewable(harbour)
    StoredGrant.objects.update(
        renewed_at=clock.now() - timedelta(seconds=30), doubted_at=clock.now() - timedelta(days=1)
    )
    delivery = harbour.delivery(account=account)
    harbour.faults.next(Fault("unauthorized", at="store"))
    harbour.work(60)
    account.refresh_from_db()
    delivery.refresh_from_db()
    assert (account.state, delivery.state) == ("connected", "published")


def test_two_refusals_in_a_row_end_it(harbour: Harbour) -> None:
    account = renewable(harbour)
    delivery = harbour.delivery(account=account)
    harbour.faults.next(Fault("unauthorized", at="store"), Fault("unauthorized", at="store"))
    harbour.work(60)
    account.refresh_from_db()
    delivery.refresh_from_db()
    assert (account.state, delivery.state) == ("expired", "held")
    assert tries(delivery)[0][2] == "grant_renewing"
