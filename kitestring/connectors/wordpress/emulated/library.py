"""The site's library of pictures and videos."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Platform, takes_files
from kitestring.connectors.wordpress.emulated.shared import PLATFORM, error

STARTS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")


async def listed(request: web.Request) -> web.Response:
    library: dict[str, Any] = request.app[PLATFORM].memory.setdefault("media", {})
    found = library.get(request.query.get("slug", ""))
    return web.json_response([found] if found else [])


async def one(request: web.Request) -> web.Response:
    library: dict[str, Any] = request.app[PLATFORM].memory.setdefault("media", {})
    wanted = request.match_info["id"]
    found = next((kept for kept in library.values() if str(kept["id"]) == wanted), None)
    if found is None:
        return error("rest_post_invalid_id", "Invalid post ID.", 404)
    return web.json_response(found)


@takes_files
async def upload(request: web.Request) -> web.Response:
    platform, body = request.app[PLATFORM], await request.read()
    if not body:
        return error("rest_upload_no_data", "No data supplied.", 400)
    if not (body.startswith(STARTS) or body[4:8] == b"ftyp"):
        # A 500, as the real one: its way of refusing a file.
        return error(
            "rest_upload_sideload_error", "Sorry, you are not allowed to upload this file type.", 500
        )
    slug = request.query.get("slug", "")
    library: dict[str, Any] = platform.memory.setdefault("media", {})
    library[slug] = {
        "id": int(platform.next_id()),
        "slug": slug,
        "alt_text": request.query.get("alt_text", ""),
        "source_url": f"{request.url.origin()}/wp-content/uploads/{slug}",
        "mime_type": request.content_type,
        "size": len(body),
    }
    return web.json_response(library[slug], status=201)


def attached(platform: Platform, body: Mapping[str, Any], html: str) -> list[dict[str, Any]]:
    library: dict[str, Any] = platform.memory.get("media", {})
    return [
        {"url": m["source_url"], "alt": m["alt_text"], "mime": m["mime_type"]}
        for m in library.values()
        if m["id"] == body.get("featured_media") or m["source_url"] in html
    ]
