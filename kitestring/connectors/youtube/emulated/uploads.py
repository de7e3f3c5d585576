"""Files: a session at an address of its own, pieces of 256 KiB and multiples, the count of what is there; thumbnails."""

from __future__ import annotations

import re
from typing import Any, Final

from aiohttp import web
from yarl import URL

from kitestring.connectorkit.emulation import takes_files
from kitestring.connectors.youtube.emulated.videos import resource, snippet, status
from kitestring.connectors.youtube.emulated.world import (
    UPLOADS,
    World,
    channel_of,
    coded,
    etag,
    parts,
    wanted,
)
from kitestring.providers.google.emulated.refusals import Refusal

GRAIN: Final = 256 * 1024
THUMBNAIL: Final = 52_428_800
RANGE: Final = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+)")


class Uploads:
    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self, app: web.Application) -> None:
        app.router.add_post("/upload/youtube/v3/videos", self.begin)
        app.router.add_put("/upload/youtube/v3/videos", self.take)
        app.router.add_post("/upload/youtube/v3/thumbnails/set", self.thumbnail)

    async def begin(self, request: web.Request) -> web.Response:
        """The metadata are judged before a byte of the file comes."""
        name = self.world.caller(request)
        told = await request.json()
        mime = request.headers.get("X-Upload-Content-Type", "")
        if request.query.get("uploadType") != "resumable" or not mime.startswith("video/"):
            raise Refusal(400, "mediaBodyRequired", "The request does not include the video content.")
        row = {
            "author": name,
            "channel": channel_of(name),
            "size": int(request.headers.get("X-Upload-Content-Length", "0")),
            "mime": mime,
            "snippet": snippet(told.get("snippet") or {}),
            "status": status(told.get("status") or {}),
            "paid": dict(told.get("paidProductPlacementDetails") or {}),
            "taken": 0,
            "part": wanted(request),
        }
        self.world.spend(1, "uploads", UPLOADS)
        upload = coded("upload", self.world.platform.next_id(), letters=40)
        self.world.memory("sessions")[upload] = row
        address = URL(str(request.url)).update_query(upload_id=upload)
        return web.Response(headers={"Location": str(address), "X-GUploader-UploadID": upload})

    @takes_files
    async def take(self, request: web.Request) -> web.Response:
        """A piece, or the question how far it is. Only whole grains of an unfinished file are kept."""
        self.world.caller(request)
        row: dict[str, Any] | None = self.world.memory("sessions").get(request.query.get("upload_id", ""))
        if row is None:
            return web.Response(text="Not Found", status=404)
        found = RANGE.fullmatch(request.headers.get("Content-Range", ""))
        if found is None or int(found[3]) != row["size"]:
            return web.Response(text="Failed to parse Content-Range header.", status=400)
        body = await request.read()
        broken = self.world.platform.memory.pop("breaks_in_the_middle", False)
        if found[1] is not None and int(found[1]) == row["taken"]:
            if len(body) != int(found[2]) - int(found[1]) + 1:
                return web.Response(text="Content-Range does not fit the body.", status=400)
            taken = row["taken"] + (len(body) // 2 if broken else len(body))
            row["taken"] = taken if taken == row["size"] else taken // GRAIN * GRAIN
        if broken:
            return web.Response(text="Service Unavailable", status=503)
        if row["taken"] < row["size"]:
            held = {"Range": f"bytes=0-{row['taken'] - 1}"} if row["taken"] else {}
            return web.Response(status=308, headers=held)
        return self._made(row)

    def _made(self, row: dict[str, Any]) -> web.Response:
        """The video of a session, made once."""
        if not row.get("video"):
            row["video"] = coded("video", self.world.platform.next_id(), letters=11)
            keep = ("author", "channel", "size", "mime", "snippet", "status", "paid")
            made = {key: row[key] for key in keep}
            made |= {"at": self.world.platform.clock().isoformat(), "waits": 2, "live": False}
            self.world.memory("videos")[row["video"]] = made
            self.world.show(row["video"])
        video = self.world.memory("videos")[row["video"]]
        shown = resource(self.world, row["video"], video)
        return web.json_response(parts(shown, row["part"]), status=201)

    @takes_files
    async def thumbnail(self, request: web.Request) -> web.Response:
        name = self.world.caller(request)
        self.world.spend(50)
        video = self.world.own_video(name, request.query.get("videoId", ""))
        if self.world.platform.memory.get("refuses_thumbnails"):
            raise Refusal(
                403, "forbidden", "The authenticated user doesn't have permissions to upload thumbnails."
            )
        body = await request.read()
        if not body or len(body) > THUMBNAIL or request.content_type not in ("image/jpeg", "image/png"):
            raise Refusal(400, "invalidImage", "The provided image content is invalid.")
        video["thumbnail"] = len(body)
        size = {"url": "https://i.ytimg.com/vi/default.jpg", "width": 120, "height": 90}
        said = {
            "kind": "youtube#thumbnailSetResponse",
            "etag": etag("thumbnail"),
            "items": [{"default": size}],
        }
        return web.json_response(said)
