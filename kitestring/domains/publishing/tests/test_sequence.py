"""Sequences: one delivery of several parts, each out once, in order, under its own key, whatever happens in its middle."""

from __future__ import annotations

from typing import Any

import pytest

from kitestring.connectorkit.faults import Fault
from kitestring.domains.publishing.models import Part
from kitestring.domains.publishing.rules.sequence import key_of
from kitestring.domains.publishing.tests.conftest import WAYS, Harbour

WHOLE = [("A warm cup", ""), ("A second one", "A warm cup"), ("More in the shop", "A warm cup")]


def at_store(harbour: Harbour, at: int, kind: Any) -> None:
    """The call that puts part `at` there goes wrong; those before it do not."""
    fine = [Fault("slow", seconds=0, at="store")] * at
    harbour.faults.next(*fine, Fault(kind, at="store"))


@pytest.mark.parametrize("way", WAYS)
def test_each_part_goes_out_once_in_order_under_the_one_before(harbour: Harbour, way: str) -> None:
    delivery = harbour.sequence(way)
    harbour.work(30)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.part) == ("published", 3)
    assert harbour.thread(delivery) == WHOLE
    keys = [str(key_of(delivery.key, place)) for place in range(3)]
    posts = sorted(harbour.platform.posts(), key=lambda item: int(item.id))
    assert [item.extra["key"] for item in posts] == keys
    rows = list(Part.objects.filter(delivery=delivery))
    assert [(row.place, str(row.key), row.remote_id) for row in rows] == [
        (n, keys[n], str(posts[n].id)) for n in (1, 2)
    ]
    assert delivery.remote_id == str(posts[0].id)


@pytest.mark.parametrize("way", ["native_key", "two_step", "read_back"])
@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize("kind", ["drop_after", "drop_before", "error_after", "busy"])
def test_a_part_whose_answer_is_lost_is_looked_for_under_its_own_key(
    harbour: Harbour, way: str, at: int, kind: str
) -> None:
    delivery = harbour.sequence(way)
    at_store(harbour, at, kind)
    harbour.work(240)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.part, harbour.thread(delivery)) == ("published", 3, WHOLE)
