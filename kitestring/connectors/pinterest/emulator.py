"""Pinterest for tests and the demo: consent, boards, pins and their numbers, as its API v5 describes them."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from kitestring.connectorkit.consent import CLIENT, SECRET
from kitestring.connectorkit.emulation import Faults, Manners, Platform
from kitestring.connectors.pinterest.emulated.login import Login
from kitestring.connectors.pinterest.emulated.numbers import Analytics
from kitestring.connectors.pinterest.emulated.pins import Pins
from kitestring.connectors.pinterest.emulated.uploads import Uploads
from kitestring.connectors.pinterest.emulated.world import VERSION, Refusal, World, paged, refuse


def answers(base_url: str, account_name: str) -> dict[str, str]:
    """Nothing is typed: the person agrees at the page."""
    return {}


def app(base_url: str) -> dict[str, str]:
    """The operator's app as it is known here."""
    return {"client_id": CLIENT, "client_secret": SECRET}


def add_board(platform: Platform, account_name: str, title: str, *, ads_only: bool = False) -> str:
    """The id of a further board, as a person makes one there."""
    return World(platform).add_board(account_name, title, ads_only=ads_only)


def lose_files(platform: Platform) -> None:
    """Clear away the videos that no pin shows."""
    platform.memory.get("uploads", {}).clear()


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The API as our connector uses it, over this platform."""
    world = World(platform)
    login = Login(world)
    pins, analytics = Pins(world, login), Analytics(world, login)
    uploads = Uploads(world, login)

    async def me(request: web.Request) -> web.Response:
        return web.json_response(world.account(login.who(request)))

    async def boards(request: web.Request) -> web.Response:
        rows, bookmark = paged(world.boards(login.who(request)), request)
        items = [{**board, "privacy": "PUBLIC"} for board in rows]
        return web.json_response({"items": items, "bookmark": bookmark})

    made = web.Application(
        middlewares=[(faults or Faults()).middleware(_manners()), _refusals], client_max_size=150_000_000
    )
    made.router.add_route("*", "/oauth/", login.desk.page)
    made.router.add_post(f"/{VERSION}/oauth/token", login.token)
    made.router.add_get(f"/{VERSION}/user_account", me)
    made.router.add_get(f"/{VERSION}/user_account/analytics", analytics.of_account)
    made.router.add_get(f"/{VERSION}/boards", boards)
    made.router.add_get(f"/{VERSION}/boards/{{id}}/pins", pins.on_board)
    made.router.add_get(f"/{VERSION}/pins", pins.own)
    made.router.add_post(f"/{VERSION}/pins", pins.create)
    made.router.add_get(f"/{VERSION}/pins/{{id}}", pins.one)
    made.router.add_patch(f"/{VERSION}/pins/{{id}}", pins.change)
    made.router.add_delete(f"/{VERSION}/pins/{{id}}", pins.delete)
    made.router.add_get(f"/{VERSION}/pins/{{id}}/analytics", analytics.of_pin)
    made.router.add_post(f"/{VERSION}/media", uploads.register)
    made.router.add_get(f"/{VERSION}/media/{{id}}", uploads.one)
    made.router.add_post("/storage/", uploads.take)
    return made


def _manners() -> Manners:
    """Assumed: 410 for a version that is gone. The other bodies stand as examples in the description."""
    return Manners(
        busy=lambda: refuse(429, 8, "This request exceeded a rate limit."),
        unauthorized=lambda: refuse(401, 2, "Authentication failed."),
        broken=lambda: refuse(500, 0, "Something went wrong on our end."),
        retired=lambda: refuse(410, 0, "This version of the API is no longer available."),
    )


@web.middleware
async def _refusals(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        answer: web.StreamResponse = await handler(request)
    except Refusal as refusal:
        return refusal.answer
    return answer
