"""YouTube for tests and the demo: Google's consent, uploads in pieces, videos, playlists, comments, numbers."""

from __future__ import annotations

from aiohttp import web

from kitestring.connectorkit.consent import CLIENT, SECRET, Desk
from kitestring.connectorkit.emulation import Faults, Platform
from kitestring.connectors.youtube.emulated.channels import Channels
from kitestring.connectors.youtube.emulated.comments import Comments
from kitestring.connectors.youtube.emulated.uploads import Uploads
from kitestring.connectors.youtube.emulated.videos import Videos
from kitestring.connectors.youtube.emulated.world import World
from kitestring.providers.google.emulated.refusals import TOKEN, manners, refusals, token_words

LARGEST = 300_000_000  # bytes of one piece


def answers(base_url: str, account_name: str) -> dict[str, str]:
    """Nothing is typed: the person agrees on Google's page."""
    return {}


def app(base_url: str) -> dict[str, str]:
    """The operator's app as it is known here."""
    return {"client_id": CLIENT, "client_secret": SECRET}


def urls(base_url: str) -> dict[str, str]:
    return {
        "auth": base_url,
        "token": base_url,
        "api": f"{base_url}/youtube/v3",
        "upload": f"{base_url}/upload/youtube/v3",
        "analytics": f"{base_url}/v2",
        "web": base_url,
    }


def lose_files(platform: Platform) -> None:
    """Upload sessions that ended, and private videos that were deleted in the channel's library."""
    platform.memory.get("sessions", {}).clear()
    videos = platform.memory.get("videos", {})
    for video in [key for key, row in videos.items() if not row["live"]]:
        videos.pop(video)


def without_quotas(platform: Platform) -> None:
    platform.memory["no_limits"] = True


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The calls our connector uses, over this platform."""
    desk = Desk(platform, "Google", access=3599, pkce=True)
    world = World(platform, desk)
    middlewares = [token_words, (faults or Faults()).middleware(manners()), refusals]
    made = web.Application(middlewares=middlewares, client_max_size=LARGEST)
    made.router.add_route("*", "/o/oauth2/v2/auth", desk.page)
    made.router.add_post(TOKEN, desk.token)
    made.router.add_post("/revoke", world.revoke)
    for part in (Videos(world), Uploads(world), Channels(world), Comments(world)):
        part.routes(made)
    return made
