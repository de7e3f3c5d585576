"""The platform behind the test channel: posts, containers, a timeline; a look-up may lag behind by some seconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Item, Platform
from kitestring.connectorkit.faults import Faults, stores

WORLD = web.AppKey("world", Platform)


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    app = web.Application(middlewares=[(faults or Faults()).middleware()])
    app[WORLD] = platform
    app.router.add_post("/posts", _post)
    app.router.add_get("/posts", _timeline)
    app.router.add_delete("/posts/{id}", _delete)
    app.router.add_post("/containers", _contain)
    app.router.add_get("/containers/{id}", _contained)
    app.router.add_post("/containers/{id}/publish", _publish)
    return app


def _shown(platform: Platform, item: Item) -> bool:
    lag = timedelta(seconds=float(platform.memory.get("lag", 0)))
    return datetime.fromisoformat(item.at) + lag <= platform.clock()


def _live(platform: Platform, asked: dict[str, Any]) -> Item:
    item = Item(
        id=platform.next_id() * (200 if asked["text"] == "a long name" else 1),
        author=asked["author"],
        text=asked["text"],
        at=platform.clock().astimezone(UTC).isoformat(),
        extra={"key": asked["key"], "reply_to": asked.get("reply_to", "")},
    )
    return platform.add(item)


def _said(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "text": item.text,
        "key": item.extra["key"],
        "url": f"https://harbour.test/p/{item.id}",
    }


@stores
async def _post(request: web.Request) -> web.Response:
    platform, asked = request.app[WORLD], await request.json()
    if asked["text"] == "forbidden":
        return web.json_response({"error": "word not allowed", "field": "text"}, status=422)
    if asked.get("keyed"):
        for item in platform.posts(asked["author"]):
            if item.extra["key"] == asked["key"]:
                return web.json_response(_said(item))
    return web.json_response(_said(_live(platform, asked)), status=201)


async def _timeline(request: web.Request) -> web.Response:
    platform = request.app[WORLD]
    posts = [_said(i) for i in platform.posts(request.query["author"]) if _shown(platform, i)]
    return web.json_response({"posts": posts})


async def _delete(request: web.Request) -> web.Response:
    request.app[WORLD].remove(request.match_info["id"])
    return web.json_response({})


async def _contain(request: web.Request) -> web.Response:
    platform, asked = request.app[WORLD], await request.json()
    handle = f"c{platform.next_id()}"
    platform.memory.setdefault("containers", {})[handle] = {**asked, "live": "", "asked": 0}
    return web.json_response({"id": handle}, status=201)


async def _contained(request: web.Request) -> web.Response:
    platform = request.app[WORLD]
    kept = platform.memory.get("containers", {}).get(request.match_info["id"])
    if kept is None:
        return web.json_response({"error": "gone"}, status=404)
    kept["asked"] += 1
    ready = kept["asked"] > int(platform.memory.get("slow_containers", 0))
    live = _said(platform.items[kept["live"]]) if kept["live"] else None
    return web.json_response({"ready": ready, "live": live})


@stores
async def _publish(request: web.Request) -> web.Response:
    platform = request.app[WORLD]
    kept = platform.memory["containers"][request.match_info["id"]]
    if not kept["live"]:
        kept["live"] = _live(platform, kept).id
    return web.json_response(_said(platform.items[kept["live"]]), status=201)
