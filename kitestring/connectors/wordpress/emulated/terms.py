"""Categories and tags of the site."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Platform, latin
from kitestring.connectors.wordpress.emulated.shared import PLATFORM

CATEGORIES = [
    {"id": 1, "name": "Uncategorized"},
    {"id": 3, "name": "Tin tức"},
    {"id": 4, "name": "菜单 &amp; 价目"},
]


def tags_of(platform: Platform) -> list[dict[str, Any]]:
    tags: list[dict[str, Any]] = platform.memory.setdefault("tags", [])
    return tags


async def categories(request: web.Request) -> web.Response:
    return web.json_response(CATEGORIES)


async def tags(request: web.Request) -> web.Response:
    """`search` finds by a part of the name, without regard to case."""
    wanted = request.query.get("search", "").casefold()
    return web.json_response(
        [one for one in tags_of(request.app[PLATFORM]) if wanted in one["name"].casefold()]
    )


async def add_tag(request: web.Request) -> web.Response:
    """A name that is there is refused with its number. One that differs in its marks alone is another tag, of a numbered slug."""
    platform, name = request.app[PLATFORM], str((await request.json())["name"])
    spelt = latin(name).replace("_", "-") or name
    taken = sum(one["slug"].rstrip("-0123456789") == spelt for one in tags_of(platform))
    slug = f"{spelt}-{taken + 1}" if taken else spelt
    for one in tags_of(platform):
        if one["name"].casefold() == name.casefold():
            body = {
                "code": "term_exists",
                "message": "A term with the name provided already exists in this taxonomy.",
                "data": {"status": 400, "term_id": one["id"]},
            }
            return web.json_response(body, status=400)
    made = {"id": int(platform.next_id()), "name": name, "slug": slug}
    tags_of(platform).append(made)
    return web.json_response(made, status=201)
