"""Traps that were met while the ledger was built and that no other test here stands before."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from kitestring.cli.worker import POLL
from kitestring.connectorkit.contract import Outcome, Outgoing, Published, Session
from kitestring.domains.publishing.actions import deliver
from kitestring.domains.publishing.actions.deliver import drain
from kitestring.domains.publishing.actions.schedule import schedule_post
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.rules.waiting import WOKEN_BEFORE
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.harbour import publishing
from kitestring.kit import clock

Counts = list[int]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Counts:
    """A channel that takes a moment; how many deliveries a worker held each time it was asked."""
    held: Counts = []

    async def publish(session: Session, outgoing: Outgoing) -> Outcome:
        rows = Delivery.objects.filter(state="sending")
        held.append(await deliver.on_database(rows.count))
        await asyncio.sleep(0.05)
        return Published(str(outgoing.key), "https://harbour.test/p/1")

    monkeypatch.setattr(publishing, "publish", publish)
    return held


def test_a_worker_does_not_claim_the_whole_backlog(harbour: Harbour, slow: Counts) -> None:
    """Trap 2: what it has taken and not in the air pays the whole recovery when it is killed."""
    for n in range(12):
        harbour.delivery(account=harbour.account("native_key", f"n{n}"))
    harbour.run(lambda: drain(at_once=3))
    assert (max(slow), len(slow)) == (3, 12)


# Every column that 0001_initial made, and none that came later.
OLD_ROW = """
INSERT INTO publishing_delivery (id, account_id, kind, subject_id, occurrence, key, stamp, publish_kind, payload, revision_id,
    state, due_at, tolerance, needs_approval, attempts, unclear, handle, waits_for, remote_id, remote_url, reason,
    reason_params, said, made_by_id, made_at, changed_at)
SELECT gen_random_uuid(), account_id, kind, subject_id, '2', gen_random_uuid(), stamp, publish_kind, payload, revision_id,
    'scheduled', due_at, tolerance, needs_approval, 0, 0, '', '', '', '', '', '{}', '', made_by_id, made_at, changed_at
FROM publishing_delivery WHERE id = %s RETURNING id"""


def test_an_upgrade_picks_up_what_the_version_before_scheduled(harbour: Harbour) -> None:
    """Trap 5: its rows have no column that came later, its jobs may have names that nobody knows any more."""
    first = harbour.delivery()
    Delivery.objects.filter(pk=first.pk).update(state="cancelled")
    with connection.cursor() as cursor:
        cursor.execute(OLD_ROW, [first.pk])
        (old,) = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET task_name = 'publishing.slot_of_old'")
    harbour.work(10)
    kept = Delivery.objects.get(pk=old)
    assert (kept.state, harbour.copies(kept)) == ("published", 1)


def test_the_slot_is_deferred_last(harbour: Harbour) -> None:
    """Trap 7: its name is a unique index, and another new one of that name waits until we commit."""
    variant = harbour.variant(harbour.account())
    with CaptureQueriesContext(
        connection,
    ) as asked:
        schedule_post(harbour.world.editor, variant.post, clock.now() + timedelta(hours=1))
    said = [one["sql"] for one in asked.captured_queries]
    deferred = next(n for n, sql in enumerate(said) if "procrastinate_defer" in sql)
    assert all("SAVEPOINT" in sql for sql in said[deferred + 1 :]), said[deferred + 1 :]


def test_a_slot_is_found_well_before_its_second() -> None:
    """Trap 8: a job whose time has come sends no notification; it is found by a poll, the second one if need be."""
    assert 2 * POLL < WOKEN_BEFORE


def test_a_row_committed_after_its_slot_woke_has_a_slot_of_its_own(harbour: Harbour) -> None:
    """Trap 9: a slot that found nothing is over, or about to be; the next one may not be taken for it."""
    near, far = clock.now() + timedelta(seconds=5), clock.now() + timedelta(hours=1)
    for due, slots in ((near, [None, None]), (far, [f"slot:{int(far.timestamp()) + 1}"])):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
        for n in range(2):
            harbour.delivery(account=harbour.account("native_key", f"{due} {n}"[:40]), due=due)
        jobs = ProcrastinateJob.objects.filter(task_name="publishing.slot")
        assert list(jobs.values_list("queueing_lock", flat=True)) == slots


def test_a_slot_that_finds_nothing_leaves_the_late_row_to_its_own(harbour: Harbour) -> None:
    """Trap 9, the other half: whoever drains at that second finds it, whichever slot it was."""
    due = clock.now() + timedelta(seconds=5)
    async_to_sync(drain)()
    delivery = harbour.delivery(due=due)
    harbour.pass_(6)
    harbour.send()
    delivery.refresh_from_db()
    assert delivery.state == "published"
