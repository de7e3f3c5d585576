"""Somebody who writes under the brand's posts, through the same door as a connector's fetch."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Incoming
from kitestring.connectorkit.manifest import ReplyWindow
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.models import Post, Revision
from kitestring.domains.inbox.actions.take_in import take_in
from kitestring.domains.inbox.models import Conversation, Message
from kitestring.domains.publishing.models import Delivery
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from tests.world import World


class Street:
    """One account with one live post, and the people under it."""

    def __init__(self, world: World) -> None:
        slug = next(s for s, c in registry.connectors().items() if c.can("inbox") and c.manifest.reply)
        self.account = Account.objects.create(
            workspace=world.workspace,
            brand=world.brand,
            channel=slug,
            remote_id="us",
            handle="us",
            name="Crumb",
        )
        post = Post.objects.create(brand=world.brand, title="A warm loaf", text="A warm loaf")
        revision = Revision.objects.create(post=post, number=1, digest="d", content={})
        self.delivery = Delivery.objects.create(
            account=self.account, kind="variant", subject_id=uuid7(), publish_kind="post", revision=revision,
            due_at=now(), payload={"text": "A warm loaf"}, state="published", published_at=now(), remote_id="post",
        )  # fmt: skip
        self.count = 0

    def comes(self, text: str, *, who: str = "lan", ago: float = 5, **more: Any) -> list[Message]:
        """A message of `who`, so many minutes ago; `own` and the other fields of Incoming as keywords."""
        return take_in(self.account, [self.says(text, who=who, ago=ago, **more)], {"post": self.delivery})

    def says(self, text: str, *, who: str = "lan", ago: float = 5, **more: Any) -> Incoming:
        """The same as the channel tells it, not taken in yet."""
        self.count += 1
        at: datetime = now() - timedelta(minutes=ago)
        return Incoming(
            remote_id=more.pop("remote_id", f"m{self.count}"), post_remote_id="post", author_id=who,
            author_name=who.title(), text=text, at=at, parent_id=more.pop("parent_id", "post"), **more,
        )  # fmt: skip

    def talk(self, who: str = "lan") -> Conversation:
        return Conversation.objects.get(contact__remote_id=who)


@pytest.fixture
def street(world: World) -> Street:
    return Street(world)


@pytest.fixture
def one_reply_each(street: Street, monkeypatch: pytest.MonkeyPatch) -> Street:
    """The street on a channel that allows one answer to each message."""
    fact = {
        "en": "One answer to each comment.",
        "zh-hans": "每条留言只能回复一次。",
        "vi": "Mỗi bình luận một câu trả lời.",
    }
    window = ReplyWindow.model_validate(
        {"replies": 1, "explains": fact, "source": "a test", "checked_on": "2026-11-22"}
    )
    connector = registry.get(street.account.channel)
    changed = replace(connector, manifest=connector.manifest.model_copy(update={"reply_window": window}))
    monkeypatch.setitem(registry.connectors(), street.account.channel, changed)
    assert registry.get(street.account.channel).manifest.reply_window == window
    return street
