"""Threads for tests and the demo: consent, tokens, containers, answers, mentions, numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from kitestring.connectorkit.consent import CLIENT, SECRET
from kitestring.connectorkit.emulation import Faults, Platform
from kitestring.connectorkit.hooks import Knock
from kitestring.connectors.threads.emulated import calls
from kitestring.connectors.threads.emulated.login import Login
from kitestring.connectors.threads.emulated.publishing import Publishing
from kitestring.connectors.threads.emulated.reading import Reading
from kitestring.connectors.threads.emulated.world import World
from kitestring.providers.meta.emulated.calls import answered, challenge, untold
from kitestring.providers.meta.emulated.refusals import manners, refusals

__all__ = ["answered", "answers", "app", "build", "challenge", "pushes", "urls"]
VERSION = "v1.0"


def answers(base_url: str, account_name: str) -> dict[str, str]:
    """Nothing is typed: the person agrees at the window."""
    return {}


def app(base_url: str) -> dict[str, str]:
    """The operator's Threads app as it is known here."""
    return {"client_id": CLIENT, "client_secret": SECRET}


def urls(base_url: str) -> dict[str, str]:
    return {"api": f"{base_url}/{VERSION}", "token": base_url, "auth": base_url, "web": base_url}


def without_quotas(platform: Platform) -> None:
    platform.memory["limits"] = dict.fromkeys(("posts", "replies", "deletions"), 1_000_000)


def pushes(platform: Platform, secrets: Mapping[str, str]) -> list[Knock]:
    """What it would call the app's address with now: what people wrote and no call has told, each in its own."""
    world = World(platform)
    return [calls.call(world, item) for item in untold(platform)]


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The Threads API as our connector uses it, over this platform."""
    world, login = World(platform), Login(platform)
    publishing = Publishing(world, login)
    reading = Reading(world, login, publishing)

    @web.middleware
    async def at_home(request: web.Request, handler: Any) -> web.StreamResponse:
        world.home = str(request.url.origin())
        answer: web.StreamResponse = await handler(request)
        return answer

    made = web.Application(
        middlewares=[(faults or Faults()).middleware(manners()), at_home, refusals(VERSION)]
    )
    login.routes(made)
    publishing.routes(made)
    reading.routes(made)
    return made
