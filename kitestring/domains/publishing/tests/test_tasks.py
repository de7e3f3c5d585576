"""The worker's doors with a real queue and a real clock: on its second, once, whatever the queue forgets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import connection, connections, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from kitestring.connectorkit.emulation import serve
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.rules.waiting import wake_at
from kitestring.domains.publishing.tests.conftest import WAYS, Harbour
from kitestring.domains.publishing.tests.harbour import emulator
from kitestring.kit import clock
from kitestring.kit.beat import beat_on
from kitestring.kit.jobs import enqueue

pytestmark = pytest.mark.django_db(transaction=True)

PLACES = 8  # for jobs at once


def work_until(harbour: Harbour, done: Callable[[], bool], seconds: float = 20.0) -> None:
    """A worker as the product runs it, until `done` or the time is over."""
    sql("DELETE FROM procrastinate_jobs WHERE task_name NOT LIKE 'publishing.%'")

    async def run() -> None:
        async with serve(emulator.build(harbour.platform, faults=harbour.faults)) as base:
            harbour.settings.CHANNEL_URLS = {f"harbour-{w.replace('_', '-')}": {"api": base} for w in WAYS}
            connector: Any = app.connector.get_worker_connector()
            with app.replace_connector(connector):
                async with app.open_async():
                    worker = asyncio.create_task(
                        app.run_worker_async(
                            concurrency=PLACES,
                            install_signal_handlers=False,
                            fetch_job_polling_interval=0.5,
                            task_middleware=[closing],
                        )
                    )
                    beating = asyncio.create_task(beat_on())
                    for _ in range(int(seconds * 10)):
                        await asyncio.sleep(0.1)
                        if worker.done() or await sync_to_async(done)():
                            break
                    worker.cancel()
                    beating.cancel()
                    await asyncio.gather(worker, beating, return_exceptions=True)

    async_to_sync(run)()


def closing(call_next: Callable[[], Any], _context: object, _worker: object) -> Any:
    """Other rooms' jobs run in threads with connections of their own, which the test database must not keep."""
    try:
        return call_next()
    finally:
        connections.close_all()


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture(autouse=True)
def only_ours(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This worker has the ledger's doors alone; other rooms' jobs and clocks have tests of their own."""
    ours = {k: v for k, v in app.periodic_registry.periodic_tasks.items() if k[0].startswith("publishing.")}
    monkeypatch.setattr(app.periodic_registry, "periodic_tasks", ours)
    sql("TRUNCATE procrastinate_jobs CASCADE")
    yield
    sql("TRUNCATE procrastinate_jobs CASCADE")


def all_in(state: str) -> bool:
    return not Delivery.objects.exclude(state=state).exists()


def test_it_leaves_on_its_second(harbour: Harbour) -> None:
    due = (clock.now() + timedelta(seconds=5)).replace(microsecond=0)
    made = [harbour.delivery(account=harbour.account("native_key", f"n{n}"), due=due) for n in range(5)]
    work_until(harbour, lambda: all_in("published"))
    for delivery in made:
        delivery.refresh_from_db()
        assert delivery.state == "published"
        late = (delivery.tries.get().started_at - due).total_seconds()
        assert 0 <= late < 2, f"{late} s after its second"
        assert harbour.copies(delivery) == 1


def test_an_emptied_queue_loses_nothing(harbour: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does it where the look of every second is blind: the sweep finds it."""
    monkeypatch.setattr("kitestring.domains.publishing.tasks.look_round", lambda **_: False)
    delivery = harbour.delivery()
    sql("TRUNCATE procrastinate_jobs CASCADE")
    work_until(harbour, lambda: all_in("published"), seconds=25)
    delivery.refresh_from_db()
    assert delivery.state == "published"


def test_a_followed_container_needs_nobody(harbour: Harbour) -> None:
    harbour.platform.memory["slow_containers"] = 1
    delivery = harbour.delivery("two_step")
    work_until(harbour, lambda: all_in("published"))
    delivery.refresh_from_db()
    assert delivery.state == "published"


def test_a_job_is_written_with_its_rows_or_not_at_all(harbour: Harbour) -> None:
    """Inside a worker too, where the queue has connections of its own."""
    connector: Any = app.connector.get_worker_connector()

    def rolled_back() -> None:
        with transaction.atomic():
            enqueue("publishing.drain")
            transaction.set_rollback(True)

    with app.replace_connector(connector):
        rolled_back()
    assert not ProcrastinateJob.objects.filter(task_name="publishing.drain").exists()


@app.task(name="publishing.takes_long", queue="delivery", priority=20)
async def takes_long(seconds: float) -> None:
    """A job of any room that waits for a channel."""
    await asyncio.sleep(seconds)


def test_sending_needs_no_place_among_the_jobs(harbour: Harbour) -> None:
    """Every place is taken by jobs that take long: what is due leaves all the same, long before one is free."""
    delivery = harbour.delivery()
    sql("TRUNCATE procrastinate_jobs CASCADE")
    for _ in range(PLACES):
        enqueue("publishing.takes_long", seconds=9.0)
    begun = clock.now()
    work_until(harbour, lambda: all_in("published"), seconds=12)
    delivery.refresh_from_db()
    assert delivery.state == "published"
    assert (delivery.tries.get().started_at - begun).total_seconds() < 9


def test_a_slot_whose_second_is_far_waits_in_the_queue(harbour: Harbour) -> None:
    """A clock that is behind, or was set back: as many as the worker has places would keep everything else from it."""
    delivery = harbour.delivery()
    sql("TRUNCATE procrastinate_jobs CASCADE")
    seconds = [clock.now().replace(microsecond=0) + timedelta(seconds=300 + n) for n in range(PLACES)]
    for second in seconds:
        enqueue("publishing.slot", due=second.isoformat())
    work_until(harbour, lambda: all_in("published") and waiting() == PLACES, seconds=12)
    delivery.refresh_from_db()
    assert delivery.state == "published"
    assert waiting() == PLACES
    first = ProcrastinateJob.objects.filter(task_name="publishing.slot").order_by("scheduled_at", "id")[0]
    assert first.scheduled_at == wake_at(seconds[0])


def waiting() -> int:
    return (
        ProcrastinateJob.objects.filter(task_name="publishing.slot", status="todo")
        .exclude(queueing_lock=None)
        .count()
    )
