"""Live posts with samples on the reading ladder."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kitestring.connectorkit import registry
from kitestring.domains.analytics.models import Sample
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.models import Post, Revision
from kitestring.domains.publishing.models import Delivery
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from tests.world import World


class Record:
    """Posts of one account; `age` in days."""

    def __init__(self, world: World) -> None:
        self.world = world
        slug = next(s for s, c in registry.connectors().items() if c.can("metrics"))
        self.account = Account.objects.create(
            workspace=world.workspace,
            brand=world.brand,
            channel=slug,
            remote_id="us",
            handle="us",
            name="Crumb",
        )

    def post(
        self, *values: float | None, age: float = 10, title: str = "A warm loaf", **more: Any
    ) -> Delivery:
        """`values`: likes after 1, 2, 3 ... hours."""
        post = Post.objects.create(brand=self.world.brand, title=title, text=title, **more)
        revision = Revision.objects.create(post=post, number=1, digest="d", content={})
        at = now() - timedelta(days=age)
        delivery = Delivery.objects.create(
            account=self.account, kind="variant", subject_id=uuid7(), publish_kind="post", revision=revision,
            due_at=at, payload={"text": title}, state="published", published_at=at, remote_id=str(post.pk),
        )  # fmt: skip
        for hour, value in enumerate(values, 1):
            read = at + timedelta(hours=hour)
            Sample.objects.create(
                delivery=delivery, metric="likes", value=value, field="likeCount", at=read, read_at=read
            )
        return delivery

    def again_on(self, delivery: Delivery, name: str, value: float) -> Delivery:
        """The same post on one account more, with so many likes."""
        account = Account.objects.create(
            workspace=self.world.workspace, brand=self.world.brand, channel=self.account.channel, remote_id=name, name=name,
        )  # fmt: skip
        more = Delivery.objects.create(
            account=account, kind="variant", subject_id=uuid7(), publish_kind="post", revision=delivery.revision,
            due_at=delivery.due_at, payload=delivery.payload, state="published", published_at=delivery.published_at,
            remote_id=f"{name}-{delivery.pk}",
        )  # fmt: skip
        self.read_at(more, minutes=60, value=value)
        return more

    def read_at(self, delivery: Delivery, *, minutes: float, value: float) -> None:
        """One more reading, so many minutes after it went live."""
        assert delivery.published_at is not None
        read = delivery.published_at + timedelta(minutes=minutes)
        Sample.objects.create(
            delivery=delivery, metric="likes", value=value, field="likeCount", at=read, read_at=read
        )


@pytest.fixture
def record(world: World) -> Record:
    return Record(world)
