"""Comments on the site: read, written, held, let through, binned."""

from __future__ import annotations

from html import escape
from typing import Any

from aiohttp import web

from kitestring.connectorkit.articles import to_text
from kitestring.connectorkit.emulation import Item, Platform, stores
from kitestring.connectors.wordpress.emulated.shared import (
    MEMBER,
    PLATFORM,
    error,
    gmt,
    number_of,
    remote_id,
    slug_of,
)

LONGEST_COMMENT = 65525
# What may be asked for, and what it is called afterwards (WP_REST_Comments_Controller::handle_status_param).
STANDINGS = {"approved": "approved", "approve": "approved", "1": "approved", "hold": "hold", "0": "hold"}
OUT = ("spam", "trash")


def held(item: Item, platform: Platform) -> bool:
    standing = item.extra.get("status")
    ours = item.author in platform.memory.get("users", {})
    if item.extra.get("held") or standing == "hold":
        return True
    return bool(standing is None and not ours and platform.memory.get("hold"))


def _standing(item: Item, platform: Platform) -> str:
    standing = str(item.extra.get("status") or "")
    return standing if standing in OUT else "hold" if held(item, platform) else "approved"


def _comment_json(item: Item, request: web.Request) -> dict[str, Any]:
    platform = request.app[PLATFORM]
    ours = item.author in platform.memory.get("users", {})
    number = int(item.id.removeprefix("c"))
    parent = item.parent.removeprefix("c")
    post = platform.items[item.root]
    return {
        "id": number,
        "post": int(item.root),
        "parent": 0 if item.parent == item.root else int(parent),
        "author": number_of(platform, item.author) if ours else 0,
        "author_name": item.author_name or item.author,
        "author_email": "" if ours else f"{item.author}@readers.example",
        "author_avatar_urls": {},
        "date_gmt": gmt(item.at),
        "content": {
            "raw": escape(item.text, quote=False),
            "rendered": f"<p>{escape(item.text, quote=False)}</p>",
        },
        "link": f"{request.url.origin()}/{slug_of(post)}/#comment-{number}",
        "status": _standing(item, platform),
    }


def _comment_item(platform: Platform, number: str) -> Item | None:
    """The audience's comments are "12", ours are "c12": one numbering, as in WordPress."""
    item = platform.items.get(number) or platform.items.get(f"c{number}")
    return item if item is not None and item.parent else None


async def listed(request: web.Request) -> web.Response:
    platform, asked = request.app[PLATFORM], request.query
    on = {p for p in asked.get("post", "").split(",") if p}
    there = [i for i in platform.items.values() if i.parent and i.root in platform.items]
    rows = [_comment_json(i, request) for i in there]
    rows = [r for r in rows if not on or str(r["post"]) in on]
    seen = {"approve": ("approved",), "all": ("approved", "hold")}
    rows = [r for r in rows if r["status"] in seen.get(asked.get("status", "approve"), ())]
    for name in ("parent", "author"):
        if name in asked:
            rows = [r for r in rows if str(r[name]) == asked[name]]
    rows.sort(key=lambda row: int(row["id"]), reverse=True)
    size, page = int(asked.get("per_page", 10)), int(asked.get("page", 1))
    total = len(rows) if on else platform.numbers(remote_id(request)).get("comments", len(rows))
    headers = {"X-WP-Total": str(total), "X-WP-TotalPages": str(-(-len(rows) // size))}
    return web.json_response(rows[(page - 1) * size : page * size], headers=headers)


async def one(request: web.Request) -> web.Response:
    item = _comment_item(request.app[PLATFORM], request.match_info["id"])
    if item is None:
        return error("rest_comment_invalid_id", "Invalid comment ID.", 404)
    return web.json_response(_comment_json(item, request))


async def change(request: web.Request) -> web.Response:
    item = _comment_item(request.app[PLATFORM], request.match_info["id"])
    if item is None:
        return error("rest_comment_invalid_id", "Invalid comment ID.", 404)
    platform, body = request.app[PLATFORM], await request.json()
    if "content" in body:
        item.text = to_text(str(body["content"]).replace("\n", "<br>"))
        return web.json_response(_comment_json(item, request))
    wanted = STANDINGS.get(str(body.get("status")), str(body.get("status")))
    if wanted == _standing(item, platform):  # the real one calls it a failure
        return error("rest_comment_failed_edit", "Updating comment status failed.", 500)
    item.extra |= {"status": wanted, "hidden": wanted == "hold", "held": False}
    return web.json_response(_comment_json(item, request))


@stores
async def write(request: web.Request) -> web.Response:
    platform, body = request.app[PLATFORM], await request.json()
    post, parent = str(body.get("post", "")), str(body.get("parent") or "")
    text = to_text(str(body.get("content", "")).replace("\n", "<br>"))
    if post not in platform.items:
        return error(
            "rest_comment_invalid_post_id", "Sorry, you are not allowed to create this comment.", 403
        )
    if not text:
        return error("rest_comment_content_invalid", "Invalid comment content.", 400)
    if len(str(body["content"]).encode()) > LONGEST_COMMENT:
        return error("comment_content_column_length", "Comment field exceeds maximum length allowed.", 400)
    under = _comment_item(platform, parent) if parent else platform.items[post]
    on = under.id if under else post
    if any(
        i.text == text and i.author == request[MEMBER] and i.parent == on for i in platform.items.values()
    ):
        return error("comment_duplicate", "Duplicate comment detected.", 409)
    number_of(platform, request[MEMBER])
    at = platform.clock().isoformat()
    item = Item(f"c{platform.next_id()}", request[MEMBER], text, at, parent=on, root=post)
    platform.add(item)
    return web.json_response(_comment_json(item, request), status=201)


async def bin_one(request: web.Request) -> web.Response:
    platform = request.app[PLATFORM]
    item = _comment_item(platform, request.match_info["id"])
    if item is None:
        return error("rest_comment_invalid_id", "Invalid comment ID.", 404)
    platform.remove(item.id)
    return web.json_response({"status": "trash"})
