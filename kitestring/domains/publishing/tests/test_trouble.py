"""A platform that is down, slow, busy, not itself, or has ended the grant: a sentence, a cure, nothing lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kitestring.connectorkit.faults import Fault
from kitestring.domains.channels.models import AccountState
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.publishing.actions.deliver import drain
from kitestring.domains.publishing.actions.requeue_failed import requeue_failed
from kitestring.domains.publishing.tests.conftest import Harbour, tries


def test_busy_waits_as_long_as_it_was_told(harbour: Harbour) -> None:
    harbour.faults.next(Fault("busy", after=40, at="store"))
    delivery = harbour.delivery("native_key")
    harbour.send()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason, delivery.counted_at) == ("scheduled", "busy", None)
    harbour.work(30)
    delivery.refresh_from_db()
    assert delivery.state == "scheduled"
    assert harbour.faults.stored() == 1
    harbour.work(20)
    delivery.refresh_from_db()
    assert delivery.state == "published"
    assert harbour.copies(delivery) == 1


def test_a_busy_answer_makes_the_whole_account_wait(harbour: Harbour) -> None:
    account = harbour.account("native_key")
    harbour.faults.next(Fault("busy", after=40, at="store"))
    first = harbour.delivery(account=account, text="first")
    second = harbour.delivery(account=account, text="second")
    harbour.work(10)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.attempts) == ("scheduled", "scheduled", 0)
    harbour.work(60)
    assert [i.text for i in harbour.platform.posts()] == ["first", "second"]


@pytest.mark.parametrize("kind", ["html", "down"])
def test_a_web_page_in_place_of_an_answer_is_unclear_and_looked_up(harbour: Harbour, kind: str) -> None:
    harbour.faults.next(Fault(kind, at="store"))
    delivery = harbour.delivery("read_back")
    harbour.send()
    delivery.refresh_from_db()
    assert delivery.state == "unknown"
    harbour.work(90)
    delivery.refresh_from_db()
    assert delivery.state == "published"
    assert harbour.copies(delivery) == 1


def test_a_platform_that_cannot_be_reached_is_tried_again(harbour: Harbour, settings: Any) -> None:
    delivery = harbour.delivery("native_key")

    async def nowhere() -> None:
        settings.CHANNEL_URLS = {delivery.account.channel: {"api": "http://127.0.0.1:9"}}
        await drain()

    harbour.run(nowhere)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("scheduled", "not_reached")
    harbour.work(30)
    delivery.refresh_from_db()
    assert delivery.state == "published"


def test_down_for_longer_than_it_tolerates_asks_a_person(harbour: Harbour) -> None:
    harbour.faults.always(Fault("busy", after=600, at="store"))
    delivery = harbour.delivery("native_key")
    harbour.work(3600 + 1300, step=300)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("needs_attention", "late")


def test_an_ended_grant_holds_the_account_and_everything_on_it(harbour: Harbour) -> None:
    account = harbour.account("native_key")
    harbour.faults.always(Fault("unauthorized"))
    now_ = harbour.delivery(account=account)
    tomorrow = harbour.delivery(account=account, due=now_.due_at + timedelta(days=1))
    harbour.work()
    for delivery in (now_, tomorrow):
        delivery.refresh_from_db()
        assert (delivery.state, delivery.reason) == ("held", "grant_expired")
    account.refresh_from_db()
    assert account.state == AccountState.EXPIRED
    harbour.faults.clear()
    account.state = AccountState.CONNECTED
    account.save()
    harbour.work(10)
    now_.refresh_from_db()
    tomorrow.refresh_from_db()
    assert (now_.state, tomorrow.state) == ("published", "scheduled")
    assert harbour.copies(now_) == 1


def test_a_refusal_is_final_until_a_person_puts_it_right(harbour: Harbour) -> None:
    delivery = harbour.delivery("native_key", text="forbidden")
    harbour.send()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("failed", "word_not_allowed")
    assert "word not allowed" in delivery.said
    post = delivery.revision.post
    save_post(harbour.world.editor, post.pk, {"text": "allowed"}, post.version)
    key = delivery.key
    requeue_failed(harbour.world.editor, delivery)
    harbour.work(5)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.key) == ("published", key)
    assert [i.text for i in harbour.platform.posts()] == ["allowed"]


def test_a_slow_platform_only_takes_longer(harbour: Harbour) -> None:
    harbour.faults.next(Fault("slow", seconds=0.4, at="store"))
    delivery = harbour.delivery("none")
    harbour.send()
    delivery.refresh_from_db()
    assert delivery.state == "published"


def test_an_account_without_a_grant_is_held_with_the_reason(harbour: Harbour) -> None:
    delivery = harbour.delivery("native_key")
    delivery.account.grant.delete()
    harbour.send()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("held", "no_grant")
    assert tries(delivery) == [("publish", "held", "no_grant")]
    assert harbour.faults.seen == []
