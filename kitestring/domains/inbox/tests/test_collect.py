"""A fetch: the cursor moves with the messages; a channel in trouble leaves everything as it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kitestring.connectorkit.contract import Incoming, IncomingPage
from kitestring.connectorkit.errors import GrantExpired, RetryLater
from kitestring.domains.channels.models import Account, AccountState
from kitestring.domains.inbox.actions import collect as action
from kitestring.domains.inbox.models import Message
from kitestring.domains.publishing.models import Delivery
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


def answering(monkeypatch: pytest.MonkeyPatch, page: IncomingPage | Exception) -> None:
    """What the channel says when it is asked next."""

    def talk(_account: object, _ask: object) -> IncomingPage:
        if isinstance(page, Exception):
            raise page
        return page

    monkeypatch.setattr(action, "talk", talk)


def test_the_cursor_moves_with_the_messages(street: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    said = Incoming("m1", "post", "lan", "Lan", "Open?", now(), parent_id="post")
    answering(monkeypatch, IncomingPage([said], "cursor 2"))
    assert len(action.collect(street.account)) == 1
    assert action.collect(street.account) == []
    assert Account.objects.get().inbox_cursor == "cursor 2"


def test_a_channel_that_is_down_leaves_everything(street: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    street.comes("hello")
    before = (
        Account.objects.values("inbox_cursor", "state").get(),
        list(Message.objects.values()),
        street.talk().owed_since,
    )
    answering(monkeypatch, RetryLater("unreachable"))
    assert action.collect(street.account) == []
    assert (
        Account.objects.values("inbox_cursor", "state").get(),
        list(Message.objects.values()),
        street.talk().owed_since,
    ) == before


def test_an_ended_grant_is_written_down(street: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, GrantExpired("expired_token"))
    assert action.collect(street.account) == []
    assert Account.objects.get().state == AccountState.EXPIRED


def test_every_post_of_a_busy_month_is_asked_about(street: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = now()
    for n in range(150):
        Delivery(
            account=street.account, kind="variant", subject_id=uuid7(), publish_kind="post", payload={}, state="published",
            due_at=moment, published_at=moment - timedelta(hours=4 * n), remote_id=f"busy {n}",
        ).save()  # fmt: skip
    answering(monkeypatch, IncomingPage([Incoming("m9", "busy 149", "lan", "Lan", "Open?", moment)], "c"))
    assert [m.remote_id for m in action.collect(street.account)] == ["m9"]
