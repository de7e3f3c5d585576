"""Instagram for tests and the demo: login, an account linked to a Page, containers, comments, talks, numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from kitestring.connectorkit.consent import CLIENT, SECRET
from kitestring.connectorkit.emulation import Faults, Platform
from kitestring.connectorkit.hooks import Knock
from kitestring.connectors.instagram.emulated import calls as called
from kitestring.connectors.instagram.emulated.containers import Containers
from kitestring.connectors.instagram.emulated.reading import Reading
from kitestring.connectors.instagram.emulated.world import World
from kitestring.providers.meta.emulated.calls import answered, challenge, untold
from kitestring.providers.meta.emulated.desk import Login, number
from kitestring.providers.meta.emulated.refusals import GRAPH, manners, refusals
from kitestring.providers.meta.emulated.subscribing import Subscriptions, kept, stop_calling

__all__ = ["answered", "answers", "app", "build", "calls", "challenge", "pushes", "stop_calling", "urls"]
VERSION = "v25.0"


def answers(base_url: str, account_name: str) -> dict[str, str]:
    """Nothing is typed: the person agrees at the dialog."""
    return {}


def app(base_url: str) -> dict[str, str]:
    """The operator's app as it is known here."""
    return {"client_id": CLIENT, "client_secret": SECRET}


def urls(base_url: str) -> dict[str, str]:
    return {"api": f"{base_url}/{VERSION}", "auth": f"{base_url}/{VERSION}", "web": base_url}


def without_quotas(platform: Platform) -> None:
    platform.memory["quota"] = 1_000_000


def pushes(platform: Platform, secrets: Mapping[str, str]) -> list[Knock]:
    """What it would call the app's address with now: what people wrote and no call has told, each in its own."""
    world = World(platform)
    return [called.call(world, item) for item in untold(platform)]


def calls(platform: Platform, account: str, address: str) -> bool:
    """Whether the app is on the Page of the account; which address Meta then calls stands in the app."""
    return bool(kept(platform).get(number("page", account)))


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The Graph API as our connector uses it, over this platform."""
    world = World(platform)
    login = Login(platform, "Instagram", world.page)
    containers = Containers(world, login)
    reading = Reading(world, login, containers)

    @web.middleware
    async def at_home(request: web.Request, handler: Any) -> web.StreamResponse:
        world.home = str(request.url.origin())
        answer: web.StreamResponse = await handler(request)
        return answer

    made = web.Application(
        middlewares=[(faults or Faults()).middleware(manners()), at_home, refusals(*GRAPH)]
    )
    login.routes(made)
    Subscriptions(login).routes(made)
    containers.routes(made)
    reading.routes(made)
    return made
