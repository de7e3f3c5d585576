"""The ledger at work on the test channel, over loopback http, on the test's own transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings as django_settings
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from kitestring.connectorkit import registry
from kitestring.connectorkit.emulation import Faults, Platform, serve
from kitestring.domains.channels.models import Account, StoredGrant
from kitestring.domains.channels.tasks import renew_asked
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Variant
from kitestring.domains.publishing.actions.deliver import ask_around, drain
from kitestring.domains.publishing.actions.schedule import publish_now, schedule_delivery
from kitestring.domains.publishing.actions.sweep import sweep
from kitestring.domains.publishing.models import Attempt, Delivery
from kitestring.domains.publishing.tasks import grant_ended, grant_renewed
from kitestring.domains.publishing.tests.harbour import emulator, manifests
from kitestring.kit import clock
from kitestring.kit.crypto import Vault
from tests.world import World

WAYS = ("native_key", "two_step", "read_back", "none")


@dataclass
class Harbour:
    """One emulated platform, accounts on it, and a worker that runs when told."""

    world: World
    move_clock: Callable[[timedelta], None]
    settings: Any
    platform: Platform = field(default_factory=lambda: Platform(clock.now))
    faults: Faults = field(default_factory=Faults)
    moved: timedelta = timedelta(0)

    def account(self, way: str = "native_key", name: str = "hien", **more: Any) -> Account:
        account = Account.objects.create(
            workspace=self.world.workspace, brand=self.world.brand, channel=f"harbour-{way.replace('_', '-')}",
            account_type=way, remote_id=f"{way}-{name}", handle=f"@{name}", name=name, **more,
        )  # fmt: skip
        sealed = Vault(django_settings.CRYPTO_KEYS).seal({"token": "t"})
        StoredGrant.objects.create(
            account=account, sealed=sealed, renewed_at=clock.now() - timedelta(hours=1)
        )
        return account

    def variant(self, account: Account, text: str = "A warm cup") -> Variant:
        post = write_post(self.world.editor, self.world.brand, text=text)
        return add_variant(self.world.editor, post.pk, account)

    def delivery(
        self, way: str = "native_key", text: str = "A warm cup", due: datetime | None = None, **more: Any
    ) -> Delivery:
        """Scheduled, and due this moment unless told otherwise."""
        variant = self.variant(more.pop("account", None) or self.account(way), text)
        if due is not None:
            return schedule_delivery(self.world.editor, variant, due, **more)
        return publish_now(self.world.editor, variant.post, only=variant)[0]

    def sequence(self, way: str = "native_key", *texts: str, **more: Any) -> Delivery:
        """A head, a part and a comment (or `texts`, the last of them the comment), scheduled and due this moment."""
        words = texts or ("A warm cup", "A second one", "More in the shop")
        roles = ["head", *["part"] * (len(words) - 2), "comment"]
        delivery = self.delivery(way, "\n---\n".join(words), **more)
        parts = [{"role": role, "text": text} for role, text in zip(roles, words, strict=True)]
        delivery.payload = {**delivery.payload, "parts": parts}
        delivery.save(update_fields=["payload"])
        return delivery

    def thread(self, delivery: Delivery) -> list[tuple[str, str]]:
        """What stands there of this account, in order: each text and the text it stands under."""
        items = list(self.platform.posts(delivery.account.remote_id))
        said = {str(i.id): i.text for i in items}
        return [
            (i.text, said.get(str(i.extra["reply_to"]), "")) for i in sorted(items, key=lambda i: int(i.id))
        ]

    def pass_(self, seconds: float) -> None:
        """Let time pass, for Python and the database."""
        self.moved += timedelta(seconds=seconds)
        self.move_clock(self.moved)

    def run(self, *steps: Callable[[], Awaitable[Any]]) -> None:
        """Run the steps with the platform up."""

        async def all_of_it() -> None:
            async with serve(emulator.build(self.platform, faults=self.faults)) as base:
                self.settings.CHANNEL_URLS = {f"harbour-{w.replace('_', '-')}": {"api": base} for w in WAYS}
                for step in steps:
                    await step()

        async_to_sync(all_of_it)()

    def send(self) -> None:
        self.run(drain)

    def ask(self) -> None:
        self.run(ask_around)

    def work(self, seconds: float = 0, step: float = 5) -> None:
        """What a worker does in so many seconds: sweep, send, ask, again and again."""
        end = self.moved + timedelta(seconds=seconds)
        while True:
            sweep()
            self.run(drain, ask_around, drain, sync_to_async(renewals))
            if self.moved >= end:
                return
            self.pass_(step)

    def copies(self, delivery: Delivery) -> int:
        """How many posts carry this delivery's key there."""
        return sum(1 for item in self.platform.posts() if item.extra["key"] == str(delivery.key))


def renewable(harbour: Harbour) -> Account:
    """An account whose grant can be renewed."""
    account = harbour.account()
    sealed = Vault(django_settings.CRYPTO_KEYS).seal({"token": "t", "renewable": True})
    StoredGrant.objects.filter(account=account).update(sealed=sealed)
    return account


def tries(delivery: Delivery) -> list[tuple[str, str, str]]:
    """(step, outcome, reason) of each attempt, in order."""
    rows = Attempt.objects.filter(delivery=delivery).order_by("number")
    return [(row.step, row.outcome, row.reason) for row in rows]


def renewals() -> None:
    """What the worker's other half does meanwhile: the renewals that were asked for, and what follows from them."""
    doors: dict[str, Callable[..., Any]] = {
        "channels.renew_one": renew_asked,
        "publishing.grant_ended": grant_ended,
        "publishing.grant_renewed": grant_renewed,
    }
    for name, door in doors.items():
        jobs = ProcrastinateJob.objects.filter(task_name=name, status="todo").order_by("id")
        for args in jobs.values_list("args", flat=True):
            door(**args)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = %s", [name])


@pytest.fixture
def channels() -> Iterator[dict[str, registry.Connector]]:
    """The registry with the test channel in it."""
    known = registry.connectors()
    ours = [manifests.connector(way) for way in (*WAYS, "by_hand")]
    known.update({c.manifest.slug: c for c in ours})
    yield known
    for one in ours:
        known.pop(one.manifest.slug, None)


@pytest.fixture
def harbour(
    world: World, channels: object, move_clock: Callable[[timedelta], None], settings: Any
) -> Harbour:
    world.brand.needs_approval = False
    world.brand.save()
    return Harbour(world, move_clock, settings)
