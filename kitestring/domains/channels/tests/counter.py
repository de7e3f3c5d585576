"""A channel that has a menu, its emulator served on loopback in a thread of its own, and an account connected there."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest
from django.test import Client

from kitestring.connectorkit import registry
from kitestring.connectorkit.emulation import Faults, Platform, serve
from kitestring.connectorkit.registry import Connector
from kitestring.domains.channels.models import Account
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock
from tests.world import World


@dataclass
class Counter:
    """The channel, what stands behind it, and the account."""

    connector: Connector
    platform: Platform
    faults: Faults
    emulator: ModuleType
    address: str = ""
    account: Account | None = None

    @property
    def path(self) -> str:
        return f"/settings/accounts/{self.of.pk}/menu/"

    @property
    def of(self) -> Account:
        assert self.account is not None
        self.account.refresh_from_db()
        return self.account


@pytest.fixture
def counter(
    monkeypatch: pytest.MonkeyPatch, settings: Any, world: World, door: Callable[[Member], Client]
) -> Iterator[Counter]:
    one = next(found for found in registry._ours() if found.menus is not None)
    assert one.emulator is not None
    made, loop = Counter(one, Platform(clock.now), Faults(), one.emulator), asyncio.new_event_loop()
    up, down = threading.Event(), asyncio.Event()

    async def stand() -> None:
        async with serve(one.emulator.build(made.platform, faults=made.faults)) as made.address:
            up.set()
            await down.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(stand(),), daemon=True)
    thread.start()
    up.wait(10)
    slug = one.manifest.slug
    monkeypatch.setattr(registry, "connectors", lambda: {slug: one})
    settings.CHANNEL_URLS = {slug: dict.fromkeys(one.manifest.hosts.urls, made.address)}
    settings.ALLOW_LOOPBACK = True
    door(world.manager).post(
        f"/settings/accounts/add/{slug}/", one.emulator.answers(made.address, "hien-tra")
    )
    made.account = Account.objects.get()
    yield made
    loop.call_soon_threadsafe(down.set)
    thread.join(10)
    loop.close()
