"""A connector at work on its own emulator, for the tests that live beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kitestring.connectorkit import registry, sessions
from kitestring.connectorkit.consent import say_yes
from kitestring.connectorkit.contract import Connected, Media, Outgoing, Session
from kitestring.connectorkit.emulation import Faults, Platform, serve
from kitestring.kit import clock
from kitestring.kit.ids import uuid7

BACK = "https://kitestring.example/channels/back"


@dataclass
class AtWork:
    """The emulator's world, its faults, and a session on it."""

    platform: Platform
    faults: Faults
    base_url: str
    typed: Mapping[str, str]
    connected: Connected
    session: Session
    power: Any = field(repr=False)


@pytest.fixture
async def at_work() -> AsyncIterator[Callable[..., Awaitable[AtWork]]]:
    """`await at_work("mastodon", platform=...)` connects an account there and opens its session. `way`: of connecting."""
    async with AsyncExitStack() as stack:

        async def open_(
            slug: str,
            *,
            platform: Platform | None = None,
            timeout: float = 5.0,
            way: str = "",
            **typed_too: str,
        ) -> AtWork:
            connector, world, faults = registry.get(slug).by(way), platform or Platform(), Faults()
            emulator = connector.emulator
            if emulator is None or connector.auth is None:
                raise LookupError(f"{slug} has no emulator or no auth.py")
            base = await stack.enter_async_context(serve(emulator.build(world, faults=faults)))
            own = getattr(emulator, "urls", None)
            urls = dict(own(base)) if own else dict.fromkeys(connector.manifest.hosts.urls, base)
            typed = {**emulator.answers(base, "hien-ca-phe"), **typed_too}
            options: dict[str, Any] = {"urls_override": urls, "allow_loopback": True}
            app = dict(emulator.app(base)) if connector.manifest.auth.app and not connector.registers else {}
            app |= {key: typed_too[key] for key in app if key in typed_too}
            async with sessions.connecting(connector.manifest, typed, **options) as (http, found):
                if connector.consent is None:
                    connected = await connector.auth.connect(http, found, typed)
                else:
                    begun = await connector.consent.begin(
                        http, found, app, typed, state="s", redirect_uri=BACK
                    )
                    app = dict(begun.app) or app
                    back = await say_yes(begun.url, "hien-ca-phe")
                    several = await connector.consent.finish(http, found, app, begun, back, redirect_uri=BACK)
                    connected = several[0]
            session = await stack.enter_async_context(
                sessions.session(
                    connector.manifest,
                    connected.grant,
                    remote_id=connected.remote_id,
                    handle=connected.handle,
                    account_type=connected.account_type,
                    settings=connected.settings,
                    timeout=timeout,
                    app=app,
                    **options,
                )
            )
            return AtWork(world, faults, base, typed, connected, session, connector)

        yield open_


@pytest.fixture
def picture(tmp_path: Path) -> Callable[..., Media]:
    """A small real PNG on disk."""

    def make(name: str = "ly-tra", alt: str = "Một ly trà", size: tuple[int, int] = (640, 400)) -> Media:
        path = tmp_path / f"{name}.png"
        Image.new("RGB", size, "#2F4A3C").save(path)
        return Media(path, "image/png", path.stat().st_size, name, alt, *size)

    return make


@pytest.fixture
def duty() -> Callable[..., Outgoing]:
    """One thing to publish, with a key of its own."""

    def make(kind: str, text: str, **more: Any) -> Outgoing:
        return Outgoing(uuid7(), clock.now(), kind, text, **more)

    return make
