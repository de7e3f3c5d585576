"""Deliveries of one account go out one behind the other; two workers never hold the same one, nor the same account."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

import pytest
from django.db import connection, transaction

from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.models import Variant
from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.actions.claim import SCAN, Claimed, claim_due, make_lanes
from kitestring.domains.publishing.actions.end_grant import end_grant
from kitestring.domains.publishing.actions.hold import hold
from kitestring.domains.publishing.actions.reschedule import reschedule
from kitestring.domains.publishing.actions.schedule import publish_now, schedule_post
from kitestring.domains.publishing.actions.set_aside import release_held, set_aside
from kitestring.domains.publishing.actions.take_off import take_off
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.tests.at_once import at_once
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.reviewing.actions.ask_approval import ask_approval
from kitestring.domains.reviewing.actions.decide_approval import approve
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from kitestring.kit.refusals import Conflict


def test_an_account_sends_in_the_order_in_which_it_owes(harbour: Harbour) -> None:
    account = harbour.account("native_key")
    made = [harbour.delivery(account=account, text=f"{n}") for n in range(6)]
    for n, delivery in enumerate(made):
        Delivery.objects.filter(pk=delivery.pk).update(due_at=delivery.due_at - timedelta(seconds=60 - n))
    harbour.send()
    assert [i.text for i in harbour.platform.posts()] == [str(n) for n in range(6)]


def test_a_claim_takes_one_an_account(harbour: Harbour) -> None:
    one, two = harbour.account("native_key", "one"), harbour.account("native_key", "two")
    for account in (one, one, two):
        harbour.delivery(account=account)
    first = claim_due(uuid7(), 10)
    assert {c.account_id for c in first} == {one.pk, two.pk}
    assert claim_due(uuid7(), 10) == [], "the third waits for its account"


def test_an_account_is_found_behind_hundreds_of_rows_of_another(harbour: Harbour) -> None:
    crowd = harbour.delivery(account=harbour.account("native_key", "crowd"))
    behind = harbour.delivery(account=harbour.account("native_key", "behind"))
    earlier = crowd.due_at - timedelta(minutes=1)
    Delivery.objects.bulk_create(
        Delivery(
            **{**_columns(crowd), "id": uuid7(), "key": uuid7(), "subject_id": uuid7(), "due_at": earlier}
        )
        for _ in range(SCAN + 10)
    )
    make_lanes()
    assert behind.pk in {one.id for one in claim_due(uuid7(), 10)}
    assert claim_due(uuid7(), 10) == [], "the crowd's account has no other that may leave"


def _columns(delivery: Delivery) -> dict[str, object]:
    return {field.attname: getattr(delivery, field.attname) for field in delivery._meta.concrete_fields}


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    """Two database connections, as two workers have."""

    def test_two_workers_share_a_batch_without_a_double(self, harbour: Harbour) -> None:
        accounts = [harbour.account("native_key", f"n{n}") for n in range(12)]
        for account in accounts:
            for n in range(2):
                harbour.delivery(account=account, text=f"{n}")
        for _ in range(4):
            batches = at_once(*[lambda: claim_due(uuid7(), 8)] * 3)
            claimed = [c for batch in batches for c in batch]
            assert all(isinstance(c, Claimed) for c in claimed)
            assert len({c.id for c in claimed}) == len(claimed)
        sending = Delivery.objects.filter(state="sending").values_list("account_id", flat=True)
        assert len(sending) == len(set(sending)) == 12, "one at a time on each account"

    def test_a_cancel_at_the_instant_of_the_claim_is_one_or_the_other(self, harbour: Harbour) -> None:
        for n in range(8):
            delivery = harbour.delivery(account=harbour.account("native_key", f"c{n}"))
            cancelled, claimed = at_once(
                lambda d=delivery: cancel(harbour.world.editor, d), lambda: claim_due(uuid7(), 1)
            )
            delivery.refresh_from_db()
            if isinstance(cancelled, Conflict):
                assert delivery.state == "sending"
                assert [c.id for c in claimed] == [delivery.pk]
            else:
                assert delivery.state == "cancelled"
                assert claimed == []

    def meanwhile(self, held: Callable[[], object], waits: Callable[[], object]) -> tuple[object, object]:
        """What `held` and `waits` answered: the first holds its rows until the second stands before their lock."""
        said: list[object] = []
        waiting = threading.Thread(target=lambda: said.extend(at_once(waits)))
        with transaction.atomic():
            first = held()
            waiting.start()
            deadline = monotonic() + 60
            while not _somebody_waits_for_a_lock():
                assert waiting.is_alive(), f"it did not wait: {said}"
                assert monotonic() < deadline
        waiting.join()
        return first, said[0]

    @pytest.mark.parametrize("deed", ["cancel", "move", "schedule", "now", "hold", "take off"])
    def test_a_deed_that_waited_for_a_claim_comes_too_late(self, harbour: Harbour, deed: str) -> None:
        delivery, editor = harbour.delivery(), harbour.world.editor
        variant = Variant.objects.get(post_id=delivery.subject_id)
        later = now() + timedelta(days=1)
        deeds: dict[str, Callable[[], object]] = {
            "cancel": lambda: cancel(editor, delivery),
            "move": lambda: reschedule(editor, delivery, later),
            "schedule": lambda: schedule_post(editor, variant.post, later),
            "now": lambda: publish_now(editor, variant.post),
            "hold": lambda: hold(editor, delivery),
            "take off": lambda: take_off(editor, variant.pk),
        }
        claimed, said = self.meanwhile(lambda: claim_due(uuid7(), 1), deeds[deed])
        assert [c.id for c in claimed] == [delivery.pk]
        assert isinstance(said, Conflict)
        assert "being sent" in said.message
        key, due_at = delivery.key, delivery.due_at
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.key, delivery.due_at) == ("sending", key, due_at)
        assert delivery.owner is not None

    def test_a_claim_that_waited_for_a_move_leaves_it_to_its_new_hour(self, harbour: Harbour) -> None:
        delivery, later = harbour.delivery(), now() + timedelta(days=1)
        _moved, claimed = self.meanwhile(
            lambda: reschedule(harbour.world.editor, delivery, later), lambda: claim_due(uuid7(), 1)
        )
        assert claimed == []
        delivery.refresh_from_db()
        assert (delivery.state, delivery.due_at, delivery.attempts) == ("scheduled", later, 0)

    def test_a_claim_that_waited_for_other_words_judges_them_first(self, harbour: Harbour) -> None:
        """The yes was given to the old words; the new ones may not leave on it."""
        delivery, editor = harbour.delivery(), harbour.world.editor
        approve(harbour.world.approver, ask_approval(editor, delivery.subject_id).pk)
        type(harbour.world.brand).objects.update(needs_approval=True)
        variant = Variant.objects.get(post_id=delivery.subject_id)

        def other_words() -> object:
            said = {"text": "Not approved by anybody"}
            post = save_post(editor, variant.post_id, said, variant.post.version)
            return publish_now(editor, post)

        _again, claimed = self.meanwhile(other_words, lambda: claim_due(uuid7(), 1))
        assert claimed == []
        delivery.refresh_from_db()
        assert delivery.payload["text"] == "Not approved by anybody", "it stands there with its new words"
        assert claim_due(uuid7(), 1) == [], "and they wait for a yes of their own"

    def test_what_is_moved_as_it_is_set_aside_is_not_called_late(self, harbour: Harbour) -> None:
        delivery, later = harbour.delivery(), now() + timedelta(days=1)
        Delivery.objects.update(due_at=now() - timedelta(hours=2))
        self.meanwhile(lambda: reschedule(harbour.world.editor, delivery, later), set_aside)
        delivery.refresh_from_db()
        assert (delivery.state, delivery.reason) == ("scheduled", "")

    def test_a_release_that_waited_for_another_cause_leaves_it_held(self, harbour: Harbour) -> None:
        """Its pause was over when it was judged; meanwhile it was moved, and the account's grant ended."""
        delivery, later = harbour.delivery(), now() + timedelta(days=1)
        Delivery.objects.update(state="held", reason="account_paused")

        def moved_then_ended() -> None:
            reschedule(harbour.world.editor, delivery, later)
            end_grant(delivery.account_id, "grant_expired")

        _ended, released = self.meanwhile(moved_then_ended, release_held)
        assert released == []
        delivery.refresh_from_db()
        assert (delivery.state, delivery.reason, delivery.due_at) == ("held", "grant_expired", later)

    def test_a_claim_that_waits_for_nobody(self, harbour: Harbour) -> None:
        busy = harbour.delivery(account=harbour.account("native_key", "busy"))
        free = harbour.delivery(account=harbour.account("native_key", "free"))
        make_lanes()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM publishing_lane WHERE account_id = %s FOR UPDATE", [busy.account_id]
            )
            (claimed,) = at_once(lambda: claim_due(uuid7(), 10))
        assert [c.id for c in claimed] == [free.pk]


def _somebody_waits_for_a_lock() -> bool:
    """In this database, others of the same server belong to other tests. By pg_locks: pg_stat_activity stands still
    inside a transaction, and a wait for a row names no database."""
    with connection.cursor() as cursor:
        cursor.execute("""SELECT EXISTS (SELECT 1 FROM pg_locks waits JOIN pg_locks has ON has.pid = waits.pid
            JOIN pg_database d ON d.oid = has.database
            WHERE NOT waits.granted AND has.granted AND d.datname = current_database())""")
        return bool(cursor.fetchone()[0])
