"""What a look finds is never taken for two deliveries: equal words are two posts, and one of them may be missing."""

from __future__ import annotations

import pytest

from kitestring.connectorkit.emulation import Fault
from kitestring.domains.publishing.actions import call
from kitestring.domains.publishing.models import Delivery, Part
from kitestring.domains.publishing.queries.adopted import is_anothers
from kitestring.domains.publishing.rules.answers import Answer, Live
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.kit.ids import uuid7


def finds(monkeypatch: pytest.MonkeyPatch, remote_id: str) -> None:
    async def look(_line: call.Line) -> Answer:
        return Live(remote_id, "")

    monkeypatch.setattr(call, "look", look)


def two(harbour: Harbour) -> tuple[Delivery, Delivery]:
    """The first is out; of the second's try nothing came back."""
    account = harbour.account("read_back")
    first = harbour.delivery("read_back", account=account)
    harbour.work(5)
    second = harbour.delivery("read_back", account=account)
    harbour.faults.next(Fault("drop_before", at="store"))
    harbour.send()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("published", "unknown")
    return first, second


def test_what_another_delivery_has_is_left_to_a_person(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two(harbour)
    finds(monkeypatch, first.remote_id)
    harbour.work(600, step=60)
    second.refresh_from_db()
    assert (second.state, second.reason, second.remote_id) == ("needs_attention", "unclear_thrice", "")


def test_what_nobody_has_is_its_own(harbour: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    _first, second = two(harbour)
    finds(monkeypatch, "nobodys")
    harbour.work(120, step=30)
    second.refresh_from_db()
    assert (second.state, second.remote_id) == ("published", "nobodys")


def test_own_rows_are_no_others(harbour: Harbour) -> None:
    delivery = harbour.sequence("native_key")
    harbour.work(10)
    delivery.refresh_from_db()
    part = Part.objects.get(delivery=delivery, place=1)
    of = delivery.account_id
    assert not is_anothers(of, delivery.remote_id, delivery.pk, 0)
    assert not is_anothers(of, part.remote_id, delivery.pk, 1)
    assert is_anothers(of, delivery.remote_id, delivery.pk, 1)
    assert is_anothers(of, part.remote_id, delivery.pk, 2)
    assert is_anothers(of, part.remote_id, uuid7(), 0)
