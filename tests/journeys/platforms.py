"""The channels' emulators, all at once, served over loopback by a thread of their own while a browser is at work."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field

from kitestring.connectorkit import registry
from kitestring.connectorkit.emulation import Faults, Item, Platform, serve
from kitestring.connectorkit.registry import Connector
from kitestring.kit import clock


@dataclass
class There:
    """One channel as it stands on the other side."""

    connector: Connector
    platform: Platform = field(default_factory=lambda: Platform(clock.now))
    faults: Faults = field(default_factory=Faults)
    base: str = ""

    @property
    def slug(self) -> str:
        return self.connector.manifest.slug

    def urls(self) -> dict[str, str]:
        own = getattr(self.connector.emulator, "urls", None)
        return dict(own(self.base)) if own else dict.fromkeys(self.connector.manifest.hosts.urls, self.base)

    def typed(self, name: str) -> dict[str, str]:
        """What a person types to connect the account `name` here."""
        assert self.connector.emulator is not None
        return self.connector.emulator.answers(self.base, name)

    def answers_to(self, item_id: str) -> list[Item]:
        """Comments directly under an item."""
        return [item for item in self.platform.items.values() if item.parent == item_id]


Platforms = dict[str, There]


def emulated() -> list[Connector]:
    """Connectors that publish by themselves and bring an emulator."""
    return [c for c in registry.connectors().values() if c.can("emulator") and c.manifest.mode == "api"]


def by_hand() -> Connector:
    """A channel without an API that takes pictures."""
    return registry.get("xiaohongshu")


@contextmanager
def served() -> Iterator[Platforms]:
    """Every emulator, reachable from any thread of this process while inside."""
    there = {c.manifest.slug: There(c) for c in emulated()}
    ready, done = threading.Event(), threading.Event()

    async def run() -> None:
        async with AsyncExitStack() as stack:
            for one in there.values():
                assert one.connector.emulator is not None
                app = one.connector.emulator.build(one.platform, faults=one.faults)
                one.base = await stack.enter_async_context(serve(app))
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=lambda: asyncio.run(run()), name="platforms", daemon=True)
    thread.start()
    try:
        assert ready.wait(20), "the emulators did not start"
        yield there
    finally:
        done.set()
        thread.join(10)
