"""The owl's roost on loopback: an authorization server in its own thread, with a page a person can say yes on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from kitestring.connectorkit import consent, manifest, registry
from kitestring.connectorkit.emulation import Platform, serve
from kitestring.connectorkit.registry import Connector


@dataclass
class Roost:
    """`address`: where it is served; `desk`: whom it gave what; `ending`: its answer to who gives
    a consent back, in place of doing it."""

    address: str = ""
    health: dict[str, Any] = field(default_factory=lambda: {"findings": [], "scopes": ["hoot"], "left": 3})
    ending: web.Response | None = None
    desk: consent.Desk = field(init=False)

    def __post_init__(self) -> None:
        self.desk = consent.Desk(
            Platform(), "Owl", access=3600, rotates=True, pkce=True, more=lambda account: {"account": account}
        )

    def app(self) -> web.Application:
        made = web.Application()
        made.router.add_route("*", "/agree", self.desk.page)
        made.router.add_post("/token", self.desk.token)
        made.router.add_post("/end", self._end)
        made.router.add_get("/health", self._health)
        return made

    async def _end(self, request: web.Request) -> web.Response:
        if self.ending is not None:
            return self.ending
        token = str((await request.post()).get("token", ""))
        if token not in self.desk.kept["access"] and token not in self.desk.kept["refresh"]:
            return web.json_response({"error": "invalid_token"}, status=400)
        return await self.desk.revocation(request)

    async def _health(self, request: web.Request) -> web.Response:
        if self.desk.bearer(request) is None:
            return web.json_response({"error": "no"}, status=401)
        return web.json_response(self.health)

    def agree(self, url: str, account: str, decision: str = "allow") -> dict[str, str]:
        return asyncio.run(consent.say_yes(url, account, decision=decision))


@pytest.fixture
def roost(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Roost]:
    here = Path(__file__).parent / "owl"
    owl = Connector(manifest.load(here), f"{__package__}.owl", here)
    found, loop = Roost(), asyncio.new_event_loop()
    up, down = threading.Event(), asyncio.Event()

    async def stand() -> None:
        async with serve(found.app()) as found.address:
            up.set()
            await down.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(stand(),), daemon=True)
    thread.start()
    up.wait(10)
    monkeypatch.setattr(registry, "connectors", lambda: {"owl": owl})
    settings.CHANNEL_URLS = {"owl": {"api": found.address}}
    settings.ALLOW_LOOPBACK = True
    yield found
    loop.call_soon_threadsafe(down.set)
    thread.join()
    loop.close()
