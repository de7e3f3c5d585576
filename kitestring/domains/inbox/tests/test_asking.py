"""How often a channel is asked what people said: as it bears it, and about old posts less often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kitestring.connectorkit.contract import IncomingPage
from kitestring.connectorkit.errors import RetryLater
from kitestring.connectorkit.facts import Asking
from kitestring.domains.channels.models import Account
from kitestring.domains.inbox import tasks
from kitestring.domains.inbox.actions import collect as action
from kitestring.domains.inbox.rules import OFTEN, due_again, its_turn
from kitestring.domains.publishing.models import Delivery
from kitestring.kit.clock import now

Move = Callable[[timedelta], None]
ASKING = Asking(every=300, by_post=True, source="a test", checked_on="2026-11-21")


def turns(age: timedelta, hours: float, every: float = 300) -> int:
    """How often a post that was `age` old at first is asked about in so many hours."""
    start, phase, asked, count = now(), 12345, None, 0
    for at in range(int(hours * 3600 / every)):
        moment = start + timedelta(seconds=at * every)
        count += its_turn(start - age, phase, asked, every, moment)
        asked = moment
    return count


@pytest.mark.parametrize(
    ("age", "least", "most"),
    [
        (timedelta(0), 96, 96),
        (timedelta(days=2), 24, 50),
        (timedelta(days=7), 3, 13),
        (timedelta(days=29), 1, 4),
    ],
)
def test_the_older_a_post_the_less_it_is_asked_about(age: timedelta, least: int, most: int) -> None:
    assert least <= turns(age, 8) <= most


def test_a_month_of_posts_stays_within_a_small_quota() -> None:
    """Four posts a day for 30 days, a call for each: far below 10,000 a day."""
    day = sum(turns(timedelta(days=n / 4), 24) for n in range(120))
    assert 1000 < day < 5000


def test_old_posts_do_not_come_all_in_the_same_round() -> None:
    start = now()
    asked = start - timedelta(seconds=300)
    born = start - timedelta(days=20)
    in_this_round = sum(its_turn(born, phase * 977, asked, 300, start) for phase in range(200))
    assert 0 < in_this_round < 60


def test_an_account_is_asked_again_when_its_time_has_come() -> None:
    moment = now()
    assert due_again(None, 300, moment)
    assert not due_again(moment - timedelta(seconds=200), 300, moment)
    assert due_again(moment - timedelta(seconds=300), 300, moment)
    assert due_again(moment - timedelta(seconds=OFTEN), OFTEN, moment)


def test_the_round_leaves_out_who_was_asked_just_now(street: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(tasks, "enqueue", lambda *_, account_id, **__: asked.append(account_id))
    tasks.ask_everybody(0)
    assert asked == [str(street.account.pk)]
    Account.objects.update(inbox_asked_at=now() - timedelta(seconds=OFTEN / 2))
    tasks.ask_everybody(0)
    assert len(asked) == 1
    Account.objects.update(inbox_asked_at=now() - timedelta(seconds=OFTEN))
    tasks.ask_everybody(0)
    assert len(asked) == 2


def test_a_channel_in_trouble_is_not_asked_sooner(street: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def talk(_account: object, _ask: object) -> IncomingPage:
        raise RetryLater("rate_limited")

    monkeypatch.setattr(action, "talk", talk)
    action.collect(street.account)
    asked_at = Account.objects.get().inbox_asked_at
    assert asked_at is not None
    assert now() - asked_at < timedelta(minutes=1)


def test_only_posts_whose_turn_it_is_are_asked_about(street: Any) -> None:
    Delivery.objects.update(published_at=now() - timedelta(days=20))
    account = street.account
    everyone = action.asked_about(account, None)
    assert everyone
    assert action.asked_about(account, ASKING) == everyone
    account.inbox_asked_at = now()
    assert action.asked_about(account, ASKING) == {}
    account.inbox_asked_at = now() - timedelta(hours=12)
    assert action.asked_about(account, ASKING) == everyone
