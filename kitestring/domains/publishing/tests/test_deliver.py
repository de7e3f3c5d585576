"""A due delivery goes out once, whatever the channel's way of safety; its attempts tell the story."""

from __future__ import annotations

import pytest

from kitestring.connectorkit.faults import Fault
from kitestring.domains.publishing.actions.claim import claim_due
from kitestring.domains.publishing.actions.close import Result, close
from kitestring.domains.publishing.rules.answers import Live, Taken
from kitestring.domains.publishing.rules.next_step import Next
from kitestring.domains.publishing.tests.conftest import WAYS, Harbour, tries
from kitestring.kit.ids import uuid7


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


@pytest.mark.parametrize(
    "odd",
    [
        Next("failed", reason="refused", said="half \ud800", params={"name": "\udfff\x00"}, sure=True),
        Next("published", live=Live("1" * 600, f"https://harbour.test/{'1' * 1200}")),
        Next("published", live=Live("1\x00", "https://harbour.test/1\ud800")),
        Next("processing", taken=Taken("h\x00\ud800", 5.0, "w" * 80)),
    ],
)
def test_one_odd_answer_does_not_hold_up_its_batch(harbour: Harbour, odd: Next) -> None:
    """An answer the database could not keep as it came would leave a hundred others in unknown."""
    first, second = (harbour.delivery(account=harbour.account(name=name)) for name in ("hien", "lan"))
    me = uuid7()
    held = {claimed.id: claimed for claimed in claim_due(me, 10)}
    fine = Next("published", live=Live("2", ""))
    results = [
        Result(d.pk, d.account_id, held[d.pk].attempt, "sending", step)
        for d, step in ((first, odd), (second, fine))
    ]
    assert close(me, results) == {first.pk, second.pk}
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (odd.state, "published")
