"""A worker that is asked to stop, an answer that cannot be written: neither loses what others said, nothing is doubled."""

from __future__ import annotations

import asyncio

import pytest

from kitestring.connectorkit.faults import Fault
from kitestring.domains.publishing.actions import flight
from kitestring.domains.publishing.actions.claim import claim_due
from kitestring.domains.publishing.actions.close import Result, close
from kitestring.domains.publishing.actions.database import on_database
from kitestring.domains.publishing.actions.deliver import drain
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.rules.next_step import Next
from kitestring.domains.publishing.tests.conftest import Harbour, tries
from kitestring.kit.beat import leaving
from kitestring.kit.ids import uuid7


def test_asked_to_stop_the_call_under_way_is_written_and_nothing_new_begins(harbour: Harbour) -> None:
    account = harbour.account("none")
    harbour.faults.next(Fault("slow", seconds=0.4, at="store"))
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


def test_asked_to_stop_each_answer_is_written_as_it_comes(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever stops a worker does not wait for the slowest of its calls: what came before that must be written by then."""
    monkeypatch.setattr(flight, "LAST_WORD", 30.0)
    harbour.faults.next(Fault("slow", seconds=6.0, at="store"))
    for _ in range(3):
        harbour.faults.next(Fault("slow", seconds=0.6, at="store"))
    for name in "abcd":
        harbour.delivery(account=harbour.account(name=name), text=name)
    written: list[bool] = []

    async def stopped() -> None:
        working = asyncio.create_task(drain())
        for _ in range(500):
            if len(harbour.faults.seen) == 4:
                break
            await asyncio.sleep(0.02)
        working.cancel()
        for _ in range(40):
            await asyncio.sleep(0.1)
            if await on_database(published) == 3:
                written.append(not working.done())
                break
        await asyncio.gather(working, return_exceptions=True)

    harbour.run(stopped)
    assert written == [True]
    assert published() == 4


def published() -> int:
    return Delivery.objects.filter(state="published").count()


def test_told_that_it_will_be_asked_it_takes_nothing_more(harbour: Harbour) -> None:
    """The moment a worker is asked to stop: the engine lets its jobs go on for a while, and they must not take more."""
    account = harbour.account("none")
    harbour.faults.next(Fault("slow", seconds=0.6, at="store"))
    first = harbour.delivery(account=account, text="under way")
    second = harbour.delivery(account=account, text="not begun")
    made: list[int] = []

    async def told() -> None:
        working = asyncio.create_task(drain())
        for _ in range(500):
            if harbour.faults.seen:
                break
            await asyncio.sleep(0.02)
        leaving()
        made.append(await working)
        made.append(await drain())

    harbour.run(told)
    first.refresh_from_db()
    second.refresh_from_db()
    assert made == [1, 0]
    assert (first.state, second.state, second.attempts) == ("published", "scheduled", 0)
    harbour.send()
    second.refresh_from_db()
    assert second.state == "published", "another worker's life goes on"


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
