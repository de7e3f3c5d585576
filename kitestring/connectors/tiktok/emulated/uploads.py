"""TikTok's upload host: pieces in their order, 206 until the last, which is answered 201 and posts the video."""

from __future__ import annotations

import re

from aiohttp import web

from kitestring.connectors.tiktok.emulated.replies import Refusal
from kitestring.connectors.tiktok.emulated.world import HOUR, World

MB = 1_000_000
TYPES = ("video/mp4", "video/quicktime", "video/webm")
RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


def check_source(source: object) -> dict[str, int]:
    """The figures of a FILE_UPLOAD. Raises what TikTok refuses."""
    told = source if isinstance(source, dict) else {}
    if told.get("source") != "FILE_UPLOAD":
        raise Refusal(403, "url_ownership_unverified")
    names = ("video_size", "chunk_size", "total_chunk_count")
    found = {name: told.get(name) for name in names}
    if not all(isinstance(value, int) and value > 0 for value in found.values()):
        raise Refusal(400, "invalid_param", "The chunk figures are missing.")
    size, piece, count = (int(told[name]) for name in names)
    whole = size < 5 * MB
    if count > 1000 or size > 4096 * MB or count != size // piece or (whole and piece != size):
        raise Refusal(400, "invalid_param", "The total chunk count is invalid.")
    if not whole and not 5 * MB <= piece <= 64 * MB:
        raise Refusal(400, "invalid_param", "The chunk size is invalid.")
    return {"size": size, "piece": piece, "count": count}


async def put(world: World, request: web.Request) -> web.Response:
    """Take one piece."""
    one = world.kept.get(request.query.get("upload_id", ""))
    if one is None or request.query.get("upload_token") != "t" or one["status"] != "PROCESSING_UPLOAD":
        return web.Response(status=404, text="upload task not found")
    if world.platform.clock().isoformat() > one["ends"]:
        return web.Response(status=403, text="the upload url has expired")
    told = RANGE.fullmatch(request.headers.get("Content-Range", ""))
    body = await request.read()
    if told is None or request.headers.get("Content-Type") not in TYPES:
        return web.Response(status=400, text="malformed headers")
    first, last, total = (int(number) for number in told.groups())
    if total != one["size"] or last - first + 1 != len(body):
        return web.Response(status=400, text="the byte size does not fit")
    if first != one["uploaded"] or len(body) != _wanted(one, first):
        return web.Response(status=416, headers=_progress(one))
    one["uploaded"] += len(body)
    if one["uploaded"] < one["size"]:
        return web.Response(status=206, headers=_progress(one))
    world.arrived(request.query["upload_id"])
    return web.Response(status=201, headers=_progress(one))


def _wanted(one: dict[str, int], first: int) -> int:
    last = (one["count"] - 1) * one["piece"]
    return one["size"] - first if first == last else one["piece"]


def _progress(one: dict[str, int]) -> dict[str, str]:
    return {"Content-Range": f"bytes 0-{one['uploaded']}/{one['size']}"}


def ends(world: World) -> str:
    return (world.platform.clock() + HOUR).isoformat()
