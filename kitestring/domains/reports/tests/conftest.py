"""A brand with live posts, their numbers and conversations, as rows: what reports are made from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from kitestring.connectorkit import registry
from kitestring.domains.analytics.models import Sample
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.models import Post, Revision
from kitestring.domains.inbox.models import Contact, Conversation, Message
from kitestring.domains.planning.models import Campaign
from kitestring.domains.publishing.models import Delivery
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from tests.world import World


class Past:
    """Writes what was published, read and said. Ages are days before now."""

    def __init__(self, world: World) -> None:
        self.world = world

    def account(self, name: str = "Crumb there", **more: Any) -> Account:
        slug = next(s for s, c in registry.connectors().items() if c.can("metrics") and c.can("inbox"))
        return Account.objects.create(
            workspace=self.world.workspace, brand=self.world.brand, channel=more.pop("channel", slug),
            remote_id=name, handle=name, name=name, **more,
        )  # fmt: skip

    def post(
        self,
        account: Account,
        value: float | None,
        *,
        age: float = 10,
        title: str = "A warm loaf",
        campaign: Campaign | None = None,
        language: str = "en",
        metric: str = "likes",
    ) -> Delivery:
        post = Post.objects.create(brand=self.world.brand, title=title, text=title, campaign=campaign)
        revision = Revision.objects.create(post=post, number=1, digest="d", content={})
        at = now() - timedelta(days=age)
        delivery = Delivery.objects.create(
            account=account, kind="variant", subject_id=uuid7(), publish_kind="post", revision=revision, due_at=at,
            payload={"text": title, "language": language}, state="published", published_at=at, remote_id=str(post.pk),
        )  # fmt: skip
        if value is not None:
            Sample.objects.create(
                delivery=delivery, metric=metric, value=value, field="count", at=at + timedelta(hours=1)
            )
        return delivery

    def talk(self, delivery: Delivery, *, answered_after: float | None, age: float = 5) -> Message:
        """A question, answered after so many minutes (None: not yet)."""
        at = now() - timedelta(days=age)
        contact = Contact.objects.create(
            brand=self.world.brand, channel=delivery.account.channel, remote_id=str(uuid7()), name="Lan"
        )
        talk = Conversation.objects.create(
            brand=self.world.brand, account=delivery.account, contact=contact, delivery=delivery, contact_name="Lan",
            post_remote_id=delivery.remote_id, snippet="?", last_at=at,
            owed_since=at if answered_after is None else None,
        )  # fmt: skip
        asked = self._say(talk, "in", at)
        if answered_after is not None:
            self._say(talk, "out", at + timedelta(minutes=answered_after))
        return asked

    def _say(self, talk: Conversation, direction: str, at: datetime) -> Message:
        return Message.objects.create(
            conversation=talk,
            account=talk.account,
            direction=direction,
            remote_id=str(uuid7()),
            text="?",
            at=at,
        )


@pytest.fixture
def past(world: World) -> Past:
    return Past(world)


@pytest.fixture
def days() -> Callable[[], dict[str, Any]]:
    """The last 30 days, as `make_report` wants them."""

    def made() -> dict[str, Any]:
        today = now().date()
        return {"starts_on": today - timedelta(days=30), "ends_on": today}

    return made
