"""A fetch: the cursor moves with the messages; a channel in trouble leaves everything as it was."""

from __future__ import annotations

from typing import Any

import pytest

from kitestring.connectorkit.contract import Incoming, IncomingPage
from kitestring.connectorkit.errors import GrantExpired, RetryLater
from kitestring.domains.channels.models import Account, AccountState
from kitestring.domains.inbox.actions import collect as action
from kitestring.domains.inbox.models import Message
from kitestring.kit.clock import now


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
    before = (Account.objects.values().get(), list(Message.objects.values()), street.talk().owed_since)
    answering(monkeypatch, RetryLater("unreachable"))
    assert action.collect(street.account) == []
    assert (
        Account.objects.values().get(),
        list(Message.objects.values()),
        street.talk().owed_since,
    ) == before


def test_an_ended_grant_is_written_down(street: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, GrantExpired("expired_token"))
    assert action.collect(street.account) == []
    assert Account.objects.get().state == AccountState.EXPIRED
