"""A worker that is asked to stop, an answer that cannot be written: neither loses what others said, nothing is doubled."""

from __future__ import annotations

import asyncio

import pytest

from kitestring.connectorkit.faults import Fault
from kitestring.domains.publishing.actions.claim import claim_due
from kitestring.domains.publishing.actions.close import Result, close
from kitestring.domains.publishing.actions.deliver import drain
from kitestring.domains.publishing.rules.next_step import Next
from kitestring.domains.publishing.tests.conftest import Harbour, tries
from kitestring.kit.ids import uuid7


def test_asked_to_stop_the_call_under_way_is_written_and_nothing_new_begins(harbour: Harbour) -> None:
    account = harbour.account("none")
    harbour.faults.next(Fault("slow", seconds=0.8, at="store"))
    first = harbour.delivery(account=account, text="under way")
    second = harbour.delivery(account=account, text="not begun")

    async def stopped() -> None:
        working = asyncio.create_task(drain())
        for _ in range(500):
            if harbour.faults.seen:
                break
            await asyncio.sleep(0.02)
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working

    harbour.run(stopped)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("published", "scheduled")
    assert second.attempts == 0


def test_one_answer_that_cannot_be_written_takes_no_other_with_it(harbour: Harbour) -> None:
    odd = harbour.delivery(account=harbour.account("native_key", "odd"), text="odd params")
    plain = [harbour.delivery(account=harbour.account("native_key", f"p{n}")) for n in range(3)]
    harbour.send()
    for delivery in plain:
        delivery.refresh_from_db()
        assert delivery.state == "published", tries(delivery)
    odd.refresh_from_db()
    assert odd.state == "sending"
    harbour.work(900, step=45)
    odd.refresh_from_db()
    assert (odd.state, odd.reason) == ("needs_attention", "unclear_thrice"), (
        "three leases ran out: a person is told"
    )


def test_an_id_longer_than_any_is_looked_at_and_put_before_a_person(harbour: Harbour) -> None:
    odd = harbour.delivery(text="a long name")
    harbour.work(120, step=20)
    odd.refresh_from_db()
    assert (odd.state, odd.reason) == ("needs_attention", "unclear_thrice")
    assert len(harbour.platform.posts()) == 1


def test_a_nul_in_a_channels_words_is_no_obstacle(harbour: Harbour) -> None:
    delivery = harbour.delivery()
    me = uuid7()
    (claimed,) = claim_due(me, 1)
    step = Next("failed", reason="refused", said="a\x00b \\u0000", params={"n": "x\x00y"})
    assert close(me, [Result(claimed.id, claimed.account_id, claimed.attempt, "sending", step)]) == {
        delivery.pk
    }
    delivery.refresh_from_db()
    assert delivery.said == "ab \\u0000"
    assert delivery.reason_params == {"n": "xy"}
