"""A due delivery goes out once, whatever the channel's way of safety; its attempts tell the story."""

from __future__ import annotations

import pytest

from kitestring.connectorkit.faults import Fault
from kitestring.domains.publishing.tests.conftest import WAYS, Harbour, tries


@pytest.mark.parametrize("way", WAYS)
def test_goes_out_once(harbour: Harbour, way: str) -> None:
    delivery = harbour.delivery(way)
    harbour.work(6)
    delivery.refresh_from_db()
    assert delivery.state == "published"
    assert delivery.remote_url.startswith("https://harbour.test/p/")
    assert harbour.copies(delivery) == 1
    assert delivery.published_at is not None
    assert delivery.owner is None


@pytest.mark.parametrize("way", ["native_key", "read_back"])
@pytest.mark.parametrize("kind", ["drop_after", "error_after"])
def test_answer_lost_after_storing_is_looked_up_and_adopted(harbour: Harbour, way: str, kind: str) -> None:
    harbour.faults.next(Fault(kind, at="store"))
    delivery = harbour.delivery(way)
    harbour.send()
    delivery.refresh_from_db()
    assert delivery.state == "unknown"
    harbour.pass_(5)
    harbour.ask()
    delivery.refresh_from_db()
    assert delivery.state == "published"
    assert harbour.copies(delivery) == 1
    assert [t[:2] for t in tries(delivery)] == [("publish", "unknown"), ("look_up", "published")]
