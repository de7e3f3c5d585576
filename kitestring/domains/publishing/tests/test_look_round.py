"""Every second each worker looks for what could leave and nobody sends: a lost job, a worker that is gone."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from kitestring.connectorkit.faults import Fault
from kitestring.domains.publishing.actions import deliver, flight
from kitestring.domains.publishing.actions.claim import claim_due
from kitestring.domains.publishing.actions.database import on_database
from kitestring.domains.publishing.actions.look_round import look_round
from kitestring.domains.publishing.actions.presence import TWICE, Presence, free_lanes
from kitestring.domains.publishing.tasks import look_round_now
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.kit.beat import beat_on, each
from kitestring.kit.http import Answer, Client
from kitestring.kit.ids import uuid7

pytestmark = pytest.mark.django_db


def freed() -> int:
    """What two looks free, one after the other."""
    first = free_lanes()
    time.sleep(TWICE)
    return first + free_lanes()


def wakes() -> int:
    return ProcrastinateJob.objects.filter(task_name="publishing.drain", status="todo").count()


def emptied() -> None:
    ProcrastinateJob.objects.all().delete()


def test_what_is_due_without_a_job_is_woken_once(harbour: Harbour) -> None:
    assert not look_round(), "nothing is due"
    harbour.delivery()
    emptied()
    assert look_round()
    assert look_round()
    assert wakes() == 1


def test_what_may_not_leave_wakes_nobody(harbour: Harbour) -> None:
    delivery = harbour.delivery()
    emptied()
    harbour.pass_(delivery.tolerance + 60)
    assert not look_round()
    assert wakes() == 0


def test_who_is_sending_here_is_not_woken(harbour: Harbour) -> None:
    harbour.delivery()
    emptied()
    assert not look_round(sending=True)


def test_a_second_drain_leaves_all_to_the_one_under_way(harbour: Harbour) -> None:
    """Two of them in one process would only share its accounts."""
    deliveries = [harbour.delivery(account=harbour.account(name=f"cup{n}")) for n in range(3)]
    made: list[int] = []

    async def both() -> None:
        made.extend(await asyncio.gather(deliver.drain(), deliver.drain()))

    harbour.run(both)
    assert made == [3, 0]
    assert [harbour.copies(one) for one in deliveries] == [1, 1, 1]


def test_one_whose_channels_do_not_answer_holds_nobody_up(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All its places are taken by calls that wait: what is due meanwhile is begun by another."""
    monkeypatch.setattr(flight, "STALLED", 0.05)
    harbour.faults.next(Fault("slow", seconds=1.0, at="store"))
    for name in "ab":
        harbour.delivery(account=harbour.account(name=name))
    made: list[int] = []

    async def later() -> None:
        await asyncio.sleep(0.4)
        made.append(await deliver.drain(at_once=1))

    async def both() -> None:
        await asyncio.gather(deliver.drain(at_once=1), later())

    harbour.run(both)
    assert made == [1]


def test_the_account_of_a_sender_who_is_gone_goes_on_at_once(harbour: Harbour) -> None:
    """The post that was in its hands keeps its lease: it may be under way still. The next of the account need not wait."""
    account, me = harbour.account(), uuid7()
    first, second = (harbour.delivery(account=account, text=f"Cup {n}") for n in range(2))
    presence = Presence(me)
    presence.show()
    presence.show()
    assert [one.id for one in claim_due(me, 5)] == [first.pk]
    harbour.pass_(2)
    assert free_lanes() == 0, "its sender is there"
    presence.leave()
    assert freed() == 1
    harbour.send()
    assert harbour.copies(second) == 1
    first.refresh_from_db()
    assert first.state == "sending"
    harbour.work(200)
    first.refresh_from_db()
    assert (first.state, harbour.copies(first)) == ("published", 1)


def test_a_lane_of_this_very_moment_is_left_alone(harbour: Harbour) -> None:
    harbour.delivery()
    claim_due(uuid7(), 5)
    assert freed() == 0
    harbour.pass_(0.5)
    assert freed() == 1


def test_a_lock_that_one_look_misses_may_be_back_at_the_next(harbour: Harbour) -> None:
    """Whoever's connection was replaced takes its lock again at once, and has it by then."""
    harbour.delivery()
    presence = Presence(uuid7())
    presence.show()
    claim_due(presence._owner, 5)
    harbour.pass_(2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")
    assert free_lanes() == 0
    presence._on = None
    presence.show()
    assert freed() == 0
    presence.leave()
    assert freed() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("beside", [False, True])
def test_a_connection_that_is_replaced_takes_no_account_from_who_sends_over_it(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch, beside: bool
) -> None:
    """Every five minutes it is, at whatever asks next: its lock goes with it, and its calls are in the air still."""
    slow = harbour.account(name="slow")
    for name in ("first", "second"):
        harbour.delivery(account=slow, text=name)
    request = Client.request

    async def slowly(client: Client, method: str, url: str, **more: Any) -> Answer:
        if "first" in str(more):
            await asyncio.sleep(2.0)  # before the channel hears of it: what goes out beside it is there first
        return await request(client, method, url, **more)

    monkeypatch.setattr(Client, "request", slowly)

    def old() -> None:
        connection.close_at = time.monotonic() - 1

    async def story() -> None:
        sending = asyncio.create_task(deliver.drain(at_once=1 if beside else deliver.CALLS))
        for _ in range(3):
            await asyncio.sleep(0.4)
            await on_database(old)
            await on_database(look_round, sending=not beside)
            await deliver.drain(at_once=1)
        await sending

    harbour.run(story)
    assert [one.text for one in sorted(harbour.platform.posts(), key=lambda one: int(one.id))] == [
        "first",
        "second",
    ]


@pytest.mark.django_db(transaction=True)
def test_what_stood_behind_one_who_is_gone_waits_for_no_slow_call(harbour: Harbour) -> None:
    """Who is sending has places free and nothing back: it is told by the look that an account came free."""
    gone, slow = harbour.account(name="gone"), harbour.account(name="slow")
    harbour.delivery(account=gone, text="killed")
    claim_due(uuid7(), 1)
    behind = harbour.delivery(account=gone, text="behind")
    harbour.delivery(account=slow, text="slow")
    harbour.faults.next(Fault("slow", seconds=4, at="store"))
    copies: list[int] = []

    async def beat() -> None:
        for _ in range(6):
            await asyncio.sleep(0.5)
            await look_round_now()
        copies.append(harbour.copies(behind))

    async def both() -> None:
        await asyncio.gather(deliver.drain(), beat())

    harbour.run(both)
    assert copies == [1]


def test_whoever_sends_and_runs_short_takes_over_from_who_is_gone(harbour: Harbour) -> None:
    """Not only at the next look, up to a second later: what stands behind the gone one's post goes with the others."""
    account = harbour.account()
    _first, second = (harbour.delivery(account=account, text=f"Cup {n}") for n in range(2))
    claim_due(uuid7(), 1)
    harbour.pass_(0.5)
    other = harbour.delivery(account=harbour.account(name="other"))
    harbour.send()
    assert [harbour.copies(one) for one in (other, second)] == [1, 1]


def test_a_flight_is_seen_while_it_sends_and_leaves_no_lock(harbour: Harbour) -> None:
    harbour.delivery()
    harbour.send()
    assert free_lanes() == 0


async def test_a_beat_that_fails_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kitestring.kit.beat._beats", [])
    seen: list[int] = []
    enough = asyncio.Event()

    @each(0.001)
    async def look() -> None:
        seen.append(1)
        if len(seen) < 3:
            raise RuntimeError("not yet")
        enough.set()

    beating = asyncio.create_task(beat_on())
    await enough.wait()
    beating.cancel()
