"""A sequence that stops in its middle: what is out stays out, and a person says what becomes of the rest."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from kitestring.cli.doubted import doubt_open
from kitestring.connectorkit.contract import Incoming
from kitestring.connectorkit.faults import Fault
from kitestring.domains.inbox.actions.take_in import take_in
from kitestring.domains.inbox.models import Message
from kitestring.domains.publishing.actions import go_on_changed as changed
from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.actions.claim import claim_due
from kitestring.domains.publishing.actions.close import Result, close
from kitestring.domains.publishing.actions.midway import leave_as_it_is
from kitestring.domains.publishing.actions.pause import pause, resume
from kitestring.domains.publishing.actions.reschedule import movable
from kitestring.domains.publishing.actions.settle_by_person import give_up, say_live, say_not_live
from kitestring.domains.publishing.actions.sweep import sweep
from kitestring.domains.publishing.actions.take_down import find_withdrawals, take_down
from kitestring.domains.publishing.actions.take_off import take_off
from kitestring.domains.publishing.actions.withdraw import withdraw
from kitestring.domains.publishing.models import Attempt, Delivery, Part
from kitestring.domains.publishing.queries.deliveries import by_remote_id
from kitestring.domains.publishing.queries.quotas import places_between
from kitestring.domains.publishing.queries.summary import summary_of
from kitestring.domains.publishing.queries.timeline import timeline_of
from kitestring.domains.publishing.queries.timeline_parts import parts_shown
from kitestring.domains.publishing.rules.answers import Live
from kitestring.domains.publishing.rules.next_step import Next
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.test_sequence import WHOLE, at_store
from kitestring.kit import clock
from kitestring.kit.ids import uuid7
from kitestring.kit.refusals import Conflict, Refusal


def stopped(harbour: Harbour) -> Delivery:
    """Its head is live; its second part was refused for good."""
    delivery = harbour.sequence("native_key", "A warm cup", "forbidden", "More in the shop")
    harbour.send()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.part, delivery.reason) == ("needs_attention", 1, "word_not_allowed")
    return delivery


def waiting(harbour: Harbour, way: str = "read_back") -> Delivery:
    """Its head is live; its second part was told to come again."""
    delivery = harbour.sequence(way)
    at_store(harbour, 1, "busy")
    harbour.send()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.part) == ("partly_out", 1)
    return delivery


def test_what_is_partly_out_is_neither_failed_nor_cancelled(harbour: Harbour) -> None:
    delivery, editor = stopped(harbour), harbour.world.editor
    for deed in (cancel, give_up):
        with pytest.raises(Conflict, match="1 of its 3 parts is live"):
            deed(editor, delivery)
    variant = delivery.revision.post.variants.get()
    with pytest.raises(Conflict, match="1 of its 3 parts is live"):
        take_off(editor, variant.pk)
    assert not movable(delivery)
    told = summary_of(delivery, timeline_of(delivery))
    assert told.startswith("1 of its 3 parts is live.")
    assert [one.state for one in parts_shown(delivery)] == ["published", "needs_attention", "waits"]
    lines = [line.text for line in timeline_of(delivery).lines]
    assert any(line.startswith("Part 2 of 3: Refused. This part is not live") for line in lines), lines


def test_left_as_it_is_it_counts_as_published_and_says_how_much(harbour: Harbour) -> None:
    delivery, editor = stopped(harbour), harbour.world.editor
    leave_as_it_is(editor, delivery)
    harbour.work(10)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.part, len(harbour.thread(delivery))) == ("published", 1, 1)
    assert summary_of(delivery, timeline_of(delivery)) == "1 of its 3 parts is live. The rest is never sent."
    assert [one.state for one in parts_shown(delivery)] == ["published", "absent", "left"]


def test_the_rest_goes_on_with_other_words_and_what_is_out_keeps_its_own(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery, editor = stopped(harbour), harbour.world.editor
    texts = ("Another head", "A second one", "More in the shop")
    roles = ("head", "part", "comment")
    newest = {"parts": [{"role": r, "text": t} for r, t in zip(roles, texts, strict=True)]}
    monkeypatch.setattr(changed, "frozen_for", lambda *_: newest)
    changed.go_on_changed(editor, delivery)
    harbour.send()
    delivery.refresh_from_db()
    assert (delivery.state, harbour.thread(delivery)) == ("published", WHOLE)
    monkeypatch.setattr(changed, "frozen_for", lambda *_: {"parts": newest["parts"][:1]})
    Delivery.objects.filter(pk=delivery.pk).update(state="needs_attention", part=1)
    delivery.refresh_from_db()
    with pytest.raises(Refusal, match="no part after them"):
        changed.go_on_changed(editor, delivery)


def test_going_on_is_refused_where_a_check_would_stop_the_rest_at_once(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery, editor, brand = stopped(harbour), harbour.world.editor, harbour.world.brand
    brand.paused_at = clock.now()
    brand.save()
    with pytest.raises(Conflict, match=r"This brand is paused: resume it first\. Nothing was changed\."):
        say_not_live(editor, delivery)
    brand.paused_at, brand.needs_approval = None, True
    brand.save()
    Delivery.objects.filter(pk=delivery.pk).update(needs_approval=True)
    delivery.refresh_from_db()
    newest = {"parts": [{"role": "part", "text": text} for text in ("A warm cup", "A second one")]}
    monkeypatch.setattr(changed, "frozen_for", lambda *_: newest)
    for deed in (say_not_live, changed.go_on_changed):
        with pytest.raises(Conflict, match=r"Have it approved first\. Nothing was changed\."):
            deed(editor, delivery)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("needs_attention", "word_not_allowed")


@pytest.mark.parametrize("gone", [False, True])
def test_what_is_out_is_taken_down_last_first_each_once(harbour: Harbour, gone: bool) -> None:
    delivery = harbour.sequence()
    harbour.send()
    delivery.refresh_from_db()
    if gone:
        harbour.platform.remove(Part.objects.get(delivery=delivery, place=1).remote_id)
    withdraw(harbour.world.editor, delivery)
    for _ in range(3):
        found = find_withdrawals()
        assert found == [delivery.pk]
        harbour.run(lambda: take_down(delivery.pk))
    delivery.refresh_from_db()
    assert (delivery.state, harbour.thread(delivery)) == ("withdrawn", [])
    tries = Attempt.objects.filter(delivery=delivery, step="withdraw").order_by("number")
    assert [(one.part, one.outcome) for one in tries] == [
        (2, "withdrawn"),
        (1, "withdrawn"),
        (0, "withdrawn"),
    ]


def test_taken_down_in_its_middle_nothing_more_is_sent(harbour: Harbour) -> None:
    delivery = waiting(harbour)
    withdraw(harbour.world.editor, delivery)
    harbour.run(lambda: take_down(delivery.pk))
    harbour.work(20)
    delivery.refresh_from_db()
    assert (delivery.state, harbour.thread(delivery), find_withdrawals()) == ("withdrawn", [], [])


def test_where_nobody_can_look_a_person_says_it_of_the_part_in_doubt(harbour: Harbour) -> None:
    delivery = harbour.sequence("none")
    at_store(harbour, 1, "drop_after")
    harbour.work(10)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.part, delivery.reason) == ("needs_attention", 1, "no_look_up")
    say_live(harbour.world.editor, delivery, "https://harbour.test/p/2")
    harbour.send()
    delivery.refresh_from_db()
    assert (delivery.state, harbour.thread(delivery)) == ("published", WHOLE)
    assert Part.objects.get(delivery=delivery, place=1).remote_url == "https://harbour.test/p/2"


def test_a_head_known_by_its_address_alone_carries_nothing(harbour: Harbour) -> None:
    delivery, editor = harbour.sequence("none"), harbour.world.editor
    at_store(harbour, 0, "drop_after")
    harbour.work(10)
    delivery.refresh_from_db()
    twice = Delivery.objects.get(pk=delivery.pk)
    say_live(editor, delivery, "https://harbour.test/p/1")
    with pytest.raises(
        Conflict
    ):  # a second click: the address is the head's, and of the next part nothing was said
        say_live(editor, twice, "https://harbour.test/p/1")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.part, delivery.reason) == ("needs_attention", 1, "head_without_id")
    with pytest.raises(Refusal, match="by its address alone"):
        say_not_live(editor, delivery)
    leave_as_it_is(editor, delivery)
    assert (delivery.state, delivery.remote_url) == ("published", "https://harbour.test/p/1")


@pytest.mark.parametrize("then", ["", "look"])
def test_a_pause_in_its_middle_asks_and_resuming_lets_it_go_on(harbour: Harbour, then: str) -> None:
    delivery, owner = waiting(harbour), harbour.world.owner
    pause(owner, "account", delivery.account_id)
    harbour.pass_(20)
    sweep()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("needs_attention", "account_paused")
    resume(owner, "account", delivery.account_id, then)
    harbour.send()
    delivery.refresh_from_db()
    if then:
        assert (delivery.state, len(harbour.thread(delivery))) == ("needs_attention", 1)
        assert delivery.reason == "late", (
            "no switch is to be gone to any more: it is asked whether the rest goes out"
        )
        say_not_live(owner, delivery)
        harbour.send()
        delivery.refresh_from_db()
    assert (delivery.state, harbour.thread(delivery)) == ("published", WHOLE)


def test_a_rest_that_a_pause_made_late_is_asked_about(harbour: Harbour) -> None:
    delivery, owner = waiting(harbour), harbour.world.owner
    pause(owner, "account", delivery.account_id)
    harbour.pass_(20)
    sweep()
    harbour.pass_(delivery.tolerance + 60)
    resume(owner, "account", delivery.account_id)
    harbour.work(20)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason, len(harbour.thread(delivery))) == ("needs_attention", "late", 1)


def test_restored_it_is_looked_for_before_a_persons_no_is_believed(harbour: Harbour) -> None:
    """The second part went out after the backup; whoever looked did not see it."""
    delivery = waiting(harbour)
    at_store(harbour, 1, "busy")
    harbour.pass_(10)
    harbour.send()
    assert len(harbour.thread(delivery)) == 2
    delivery.refresh_from_db()
    Part.objects.filter(delivery=delivery, place=1).update(remote_id="", remote_url="", published_at=None)
    Delivery.objects.filter(pk=delivery.pk).update(
        state="needs_attention", reason="restored", part=1, part_from=delivery.attempts, not_before=None,
        doubt_since=clock.now(), backup_at=clock.now(),
    )  # fmt: skip
    delivery.refresh_from_db()
    say_not_live(harbour.world.editor, delivery)
    harbour.faults.clear()
    harbour.work(20)
    delivery.refresh_from_db()
    assert (delivery.state, harbour.thread(delivery)) == ("published", WHOLE)


def test_a_rest_that_cannot_follow_in_time_asks(harbour: Harbour) -> None:
    delivery = waiting(harbour)
    harbour.pass_(delivery.tolerance + 60)
    sweep()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason, delivery.part) == ("needs_attention", "late", 1)


@pytest.mark.parametrize("meanwhile", ["scheduled", "cancelled"])
def test_a_late_proof_of_its_head(harbour: Harbour, meanwhile: str) -> None:
    """It goes on by itself, unless a person had stopped it: then that person is asked about the rest."""
    delivery, me = harbour.sequence("read_back"), uuid7()
    (claimed,) = claim_due(me, 1)
    Delivery.objects.filter(pk=delivery.pk).update(state=meanwhile, owner=None, lease_until=None)
    proof = Next("partly_out", live=Live("77", "https://harbour.test/p/77"))
    result = Result(claimed.id, claimed.account_id, claimed.attempt, "sending", proof, 0.0, 0, 3)
    assert close(me, [result]) == {delivery.pk}
    delivery.refresh_from_db()
    expected = {"scheduled": ("partly_out", ""), "cancelled": ("needs_attention", "partly_out")}[meanwhile]
    assert ((delivery.state, delivery.reason), delivery.part, delivery.remote_id) == (expected, 1, "77")


def test_a_part_that_a_backup_knows_nothing_of_is_found_by_its_key(harbour: Harbour) -> None:
    """The backup was made when the head was out; the second part left after it."""
    delivery = waiting(harbour)
    kept = Delivery.objects.filter(pk=delivery.pk).values().get()
    rows = list(Part.objects.filter(delivery=delivery).values())
    at_store(harbour, 1, "busy")
    harbour.pass_(10)
    harbour.send()
    assert len(harbour.thread(delivery)) == 2
    Part.objects.filter(delivery=delivery).delete()
    Part.objects.bulk_create([Part(**row) for row in rows])
    del kept["id"]
    Delivery.objects.filter(pk=delivery.pk).update(**kept)
    doubt_open(connection.connection, (clock.now() - timedelta(minutes=1)).isoformat(), clock.now())
    harbour.faults.clear()
    harbour.work(200, step=20)
    delivery.refresh_from_db()
    assert (delivery.state, harbour.thread(delivery)) == ("published", WHOLE)


def test_own_parts_are_no_conversations(harbour: Harbour) -> None:
    delivery = harbour.sequence()
    harbour.send()
    delivery.refresh_from_db()
    parts = list(Part.objects.filter(delivery=delivery))
    marked = [True, False]  # also where the channel does not say that it is ours
    own = [
        Incoming(
            remote_id=part.remote_id, post_remote_id=delivery.remote_id, parent_id=delivery.remote_id, own=is_own,
            author_id="me", author_name="me", author_handle="me", text="A second one", at=clock.now(),
        )
        for part, is_own in zip(parts, marked, strict=True)
    ]  # fmt: skip
    assert take_in(delivery.account, own, {delivery.remote_id: delivery}) == []
    assert not Message.objects.exists()
    assert by_remote_id(delivery.account, parts[0].remote_id) == delivery


def test_a_quota_counts_each_part_as_the_answer_it_is(harbour: Harbour) -> None:
    delivery = harbour.sequence()
    harbour.send()
    found = places_between(
        [delivery.account], clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=1)
    )
    assert sorted(place.kind for place in found) == ["post", "reply", "reply"]


def test_a_grant_that_ends_in_its_middle_asks(harbour: Harbour) -> None:
    delivery = harbour.sequence()
    harbour.faults.next(Fault("slow", seconds=0, at="store"), Fault("unauthorized", at="store"))
    harbour.work(20)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.part) == ("needs_attention", 1)
