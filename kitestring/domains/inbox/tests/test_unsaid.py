"""An answer that never went out, or stands there no more, answers nobody: the person waits again, and the list says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from kitestring.domains.inbox.actions.reply import reply
from kitestring.domains.inbox.actions.set_aside import set_aside
from kitestring.domains.inbox.models import Conversation, Message
from kitestring.domains.inbox.queries import owed, owed_count, uncounted
from kitestring.domains.inbox.tasks import (
    COUNT,
    RECOUNT,
    ask_everybody,
    conversation_uncounted,
    replies_changed,
    replies_published,
)
from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.actions.claim import claim_due
from kitestring.domains.publishing.actions.close import Result, close
from kitestring.domains.publishing.actions.requeue_failed import requeue_failed
from kitestring.domains.publishing.actions.settle_by_person import give_up
from kitestring.domains.publishing.actions.withdraw import say_withdrawn
from kitestring.domains.publishing.models import Delivery, DeliveryKind
from kitestring.domains.publishing.rules.next_step import Next
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from tests.world import World

ASKED, OURS = "Open on Sunday?", "Yes, from 7."


def work() -> None:
    """What the worker does with the news of answers, once."""
    for job in ProcrastinateJob.objects.filter(task_name=RECOUNT, status="todo").order_by("id"):
        replies_changed(**job.args)


def round_() -> None:
    """The round, and what it asks for of conversations."""
    ask_everybody(0)
    for job in ProcrastinateJob.objects.filter(task_name=COUNT, status="todo").order_by("id"):
        conversation_uncounted(**job.args)


def answered(street: Any, world: World) -> Delivery:
    street.comes(ASKED, ago=30)
    reply(world.editor, street.talk().pk, OURS)
    assert (street.talk().owed_since, street.talk().snippet) == (None, OURS), "on its way it counts"
    return Delivery.objects.get(kind=DeliveryKind.REPLY)


def refuse(delivery: Delivery) -> None:
    """As the worker writes down a final refusal."""
    me = uuid7()
    (claimed,) = claim_due(me, 1)
    result = Result(claimed.id, claimed.account_id, claimed.attempt, "sending", Next("failed", "refused"))
    assert close(me, [result]) == {delivery.pk}


def ended(street: Any, world: World, how: str) -> Delivery:
    delivery = answered(street, world)
    if how == "cancelled":
        cancel(world.editor, delivery)
    elif how == "withdrawn":
        Delivery.objects.filter(pk=delivery.pk).update(
            state="published", published_at=now(), remote_url="https://there.example/r1"
        )
        delivery.refresh_from_db()
        say_withdrawn(world.editor, delivery)
    else:
        refuse(delivery)
        if how == "given up":
            delivery.refresh_from_db()
            give_up(world.editor, delivery)
    delivery.refresh_from_db()
    return delivery


def waits_again(street: Any, world: World) -> None:
    talk = street.talk()
    asked = Message.objects.get(direction="in")
    assert (talk.owed_since, talk.snippet, talk.last_at) == (asked.at, ASKED, asked.at)
    assert (talk.answer_by - asked.at).total_seconds() == world.brand.answer_within * 60
    assert [c.pk for c in owed(world.editor, world.brand)] == [talk.pk]
    assert owed_count(world.editor, world.brand) == 1


@pytest.mark.parametrize("how", ["cancelled", "failed", "given up", "withdrawn"])
def test_who_got_no_answer_waits_again(
    street: Any, world: World, door: Callable[[Member], Client], how: str
) -> None:
    ended(street, world, how)
    work()
    waits_again(street, world)
    browser = door(world.editor)
    listed = browser.get("/inbox/").content.decode()
    assert ASKED in listed
    assert OURS not in listed
    assert ASKED in browser.get("/").content.decode(), "Today asks for it too"


@pytest.mark.parametrize("how", ["cancelled", "failed", "given up", "withdrawn"])
def test_an_emptied_queue_loses_nobody(street: Any, world: World, how: str) -> None:
    ended(street, world, how)
    ProcrastinateJob.objects.all().delete()
    assert street.talk().owed_since is None
    round_()
    waits_again(street, world)


def test_the_round_looks_once_at_what_ended(
    street: Any, world: World, move_clock: Callable[[timedelta], None]
) -> None:
    ended(street, world, "cancelled")
    Conversation.objects.update(counted_at=None)
    assert uncounted() == [street.talk().pk], "also what was never counted"
    move_clock(timedelta(minutes=2))
    round_()
    assert uncounted() == []


@pytest.mark.parametrize(
    "state", ["scheduled", "held", "sending", "processing", "unknown", "needs_attention"]
)
def test_what_may_still_arrive_counts(street: Any, world: World, state: str) -> None:
    delivery = answered(street, world)
    Delivery.objects.filter(pk=delivery.pk).update(state=state)
    replies_changed([str(delivery.pk)])
    assert street.talk().owed_since is None


def test_sent_once_more_it_counts_again(street: Any, world: World) -> None:
    delivery = ended(street, world, "failed")
    work()
    requeue_failed(world.editor, delivery)
    work()
    assert (street.talk().owed_since, street.talk().snippet) == (None, OURS)


def test_a_late_proof_answers_after_all(street: Any, world: World) -> None:
    delivery = ended(street, world, "cancelled")
    work()
    Message.objects.filter(direction="out").update(remote_id="r1")
    Delivery.objects.filter(pk=delivery.pk).update(state="published", remote_id="r1")
    replies_published([str(delivery.pk)])
    assert (street.talk().owed_since, street.talk().snippet) == (None, OURS)


def test_what_the_channel_shows_was_said(street: Any, world: World) -> None:
    """Refused by the ledger's lights, but the fetch found it there."""
    delivery = ended(street, world, "failed")
    asked = Message.objects.get(direction="in")
    street.comes(OURS, own=True, ago=0, remote_id="r1", parent_id=asked.remote_id)
    replies_changed([str(delivery.pk)])
    assert (street.talk().owed_since, street.talk().snippet) == (None, OURS)


def test_an_earlier_question_keeps_its_place(street: Any, world: World) -> None:
    """They wrote again while the answer was on its way; it was refused: they wait since their first word."""
    answered(street, world)
    first = Message.objects.get(direction="in")
    street.comes("Hello?", ago=-1)
    assert street.talk().owed_since > first.at
    cancel(world.editor, Delivery.objects.get(kind=DeliveryKind.REPLY))
    work()
    assert (street.talk().owed_since, street.talk().snippet) == (first.at, "Hello?")


def test_set_aside_stays_aside(street: Any, world: World) -> None:
    ended(street, world, "cancelled")
    work()
    set_aside(world.editor, street.talk().pk)
    round_()
    assert street.talk().owed_since is None


def test_a_post_that_ends_is_no_news_for_the_inbox(street: Any, world: World) -> None:
    post = street.delivery
    Delivery.objects.filter(pk=post.pk).update(state="scheduled", published_at=None, remote_id="")
    post.refresh_from_db()
    cancel(world.editor, post)
    assert not ProcrastinateJob.objects.filter(task_name=RECOUNT).exists()
