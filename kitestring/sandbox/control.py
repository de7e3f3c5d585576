"""The sandbox's own page and its switches: what happened on every channel, and ways to make something happen.

Switches want the header X-Kitestring-Sandbox, which no page of another site can send.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from html import escape
from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Fault
from kitestring.sandbox.addresses import Addresses
from kitestring.sandbox.audience.crowd import Crowd
from kitestring.sandbox.emulated import Emulated
from kitestring.sandbox.pages import page, post_html

HEADER = "X-Kitestring-Sandbox"
Answer = Callable[[Emulated, dict[str, Any]], Any]


def app(channels: dict[str, Emulated], where: Addresses, crowd: Crowd | None) -> web.Application:
    """The page at `/`, the switches at `/control/<slug>/<switch>` and `/control/speed`."""
    made = web.Application(middlewares=[_only_ours])

    async def index(request: web.Request) -> web.Response:
        return page("Kitestring sandbox", _index(channels, where))

    async def speed(request: web.Request) -> web.Response:
        if crowd is None:
            raise web.HTTPConflict(text="There is no audience here.")
        crowd.change_speed(float((await request.json())["speed"]))
        return web.json_response({"speed": crowd.speed})

    async def switch(request: web.Request) -> web.Response:
        one, act = channels.get(request.match_info["slug"]), SWITCHES.get(request.match_info["switch"])
        if one is None or act is None:
            raise web.HTTPNotFound
        try:
            told = act(one, await request.json())
        except (KeyError, ValueError, TypeError) as error:
            raise web.HTTPBadRequest(text=f"{type(error).__name__}: {error}") from error
        one.changed = True
        return web.json_response(told)

    made.router.add_get("/", index)
    made.router.add_post("/control/speed", speed)
    made.router.add_post("/control/{slug}/{switch}", switch)
    return made


@web.middleware
async def _only_ours(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    if request.path.startswith("/control/") and HEADER not in request.headers:
        raise web.HTTPForbidden(text=f"Send the header {HEADER}.")
    return await handler(request)


def _index(channels: dict[str, Emulated], where: Addresses) -> str:
    parts = ["<h1>Kitestring sandbox</h1>"]
    for one in channels.values():
        posts = sorted(one.platform.posts(), key=lambda item: item.at, reverse=True)
        name = escape(one.connector.manifest.name.en)
        link = f'<a href="{where.base(one.slug)}/">{where.base(one.slug)}</a>'
        parts.append(
            f'<h1>{name}</h1><p class="at">{len(posts)} posts at {link}, which says how to connect</p>'
        )
        parts += [post_html(one, item, answers=False) for item in posts[:3]]
    return "".join(parts)


def _fault(one: Emulated, asked: dict[str, Any]) -> Any:
    """Do something wrong with the next request (`at` "store": the next that stores)."""
    one.faults.next(Fault(asked["kind"], at=asked.get("at", "any"), after=asked.get("after")))
    return {"waiting": len(one.faults.queue)}


def _comment(one: Emulated, asked: dict[str, Any]) -> Any:
    item = one.platform.comment(asked["on"], asked["author"], asked.get("name", ""), asked["text"])
    return {"id": item.id}


def _count(one: Emulated, asked: dict[str, Any]) -> Any:
    return {"value": one.platform.count(asked["on"], asked["key"], int(asked.get("by", 1)))}


def _confirm(one: Emulated, asked: dict[str, Any]) -> Any:
    """What a person does there by hand. Raises KeyError where the channel knows no such thing."""
    if not hasattr(one.module, "confirm"):
        raise KeyError("confirm")
    one.module.confirm(one.platform, asked["what"])
    return {}


def _items(one: Emulated, asked: dict[str, Any]) -> Any:
    """Posts and answers: all, those under `root`, those that hold `text`."""
    found = list(one.platform.items.values())
    if root := asked.get("root"):
        found = [item for item in found if root in (item.root, item.id)]
    if text := asked.get("text"):
        found = [item for item in found if text in item.text or text in item.title]
    return {"items": [asdict(item) for item in found], "requests": len(one.faults.seen)}


SWITCHES: dict[str, Answer] = {
    "fault": _fault, "comment": _comment, "count": _count, "confirm": _confirm, "items": _items,
}  # fmt: skip
