"""Facebook for tests and the demo: login, a Page for each account, posts in two steps, comments, talks, numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from kitestring.connectorkit.consent import CLIENT, SECRET
from kitestring.connectorkit.emulation import Faults, Platform
from kitestring.connectorkit.hooks import Knock
from kitestring.connectors.facebook.emulated import calls as called
from kitestring.connectors.facebook.emulated.films import Films
from kitestring.connectors.facebook.emulated.publishing import Publishing
from kitestring.connectors.facebook.emulated.reading import Reading
from kitestring.connectors.facebook.emulated.world import World
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
    return {
        "api": f"{base_url}/{VERSION}",
        "auth": f"{base_url}/{VERSION}",
        "upload": f"{base_url}/video-upload/{VERSION}",
        "web": base_url,
    }


def lose_files(platform: Platform) -> None:
    """Clear away photos and videos that no post shows, as Facebook does after about a day."""
    platform.memory.get("photos", {}).clear()
    platform.memory.get("videos", {}).clear()


def pushes(platform: Platform, secrets: Mapping[str, str]) -> list[Knock]:
    """What it would call the app's address with now: what people wrote and no call has told, each in its own."""
    world = World(platform)
    return [called.call(world, item) for item in untold(platform)]


def calls(platform: Platform, account: str, address: str) -> bool:
    """Whether the app is on the account's Page; which address Meta then calls stands in the app."""
    return "feed" in kept(platform).get(number("page", account), ())


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The Graph API as our connector uses it, over this platform."""
    world = World(platform)
    login = Login(platform, "Facebook", world.page)
    publishing = Publishing(world, login)
    films = Films(world, login, publishing)
    publishing.publishes_video = films.publish
    reading = Reading(world, login, publishing, films)

    @web.middleware
    async def at_home(request: web.Request, handler: Any) -> web.StreamResponse:
        world.home = str(request.url.origin())
        answer: web.StreamResponse = await handler(request)
        return answer

    made = web.Application(
        middlewares=[(faults or Faults()).middleware(manners()), at_home, refusals(*GRAPH)],
        client_max_size=1_100_000_000,
    )
    login.routes(made)
    Subscriptions(login).routes(made)
    films.routes(made)
    publishing.routes(made)
    reading.routes(made)
    return made
