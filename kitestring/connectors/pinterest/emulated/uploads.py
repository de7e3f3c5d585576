"""Videos on their way at the emulated Pinterest: registered, sent to its storage, processed."""

from __future__ import annotations

from aiohttp import web

from kitestring.connectorkit.emulation import takes_files
from kitestring.connectors.pinterest.emulated.login import Login
from kitestring.connectors.pinterest.emulated.pins import body_of
from kitestring.connectors.pinterest.emulated.world import Refusal, World

ASKED = 2  # so often a video is asked about until it is processed
BROKEN = b"broken"  # a file that begins so cannot be processed


class Uploads:
    def __init__(self, world: World, login: Login) -> None:
        self.world, self.login = world, login

    async def register(self, request: web.Request) -> web.Response:
        name, body = self.login.who(request), await body_of(request)
        if body.get("media_type") != "video":
            raise Refusal(400, 1, "Invalid media_type.")
        media_id = self.world.platform.next_id()
        self.world.uploads[media_id] = {"owner": name, "status": "registered", "asked": 0, "mime": ""}
        told = {
            "media_id": media_id,
            "media_type": "video",
            "upload_url": f"{request.url.origin()}/storage/",
            "upload_parameters": {
                "x-amz-algorithm": "AWS4-HMAC-SHA256",
                "x-amz-signature": f"signed-{media_id}",
                "key": f"uploads/3:video:{media_id}",
                "Content-Type": "multipart/form-data",
            },
        }
        return web.json_response(told, status=201)

    @takes_files
    async def take(self, request: web.Request) -> web.Response:
        """The storage: it knows no token, only what it signed, and answers in XML."""
        form = await request.post()
        media_id = str(form.get("key", "")).rpartition(":")[2]
        kept, file = self.world.uploads.get(media_id), form.get("file")
        if kept is None or form.get("x-amz-signature") != f"signed-{media_id}":
            return web.Response(
                text="<Error><Code>AccessDenied</Code></Error>", status=403, content_type="application/xml"
            )
        if not isinstance(file, web.FileField) or list(form)[-1] != "file":
            return web.Response(
                text="<Error><Code>InvalidArgument</Code></Error>", status=400, content_type="application/xml"
            )
        broken = file.file.read(len(BROKEN)) == BROKEN
        kept |= {"status": "processing", "fails": broken, "mime": file.content_type}
        return web.Response(status=204)

    async def one(self, request: web.Request) -> web.Response:
        name, media_id = self.login.who(request), request.match_info["id"]
        kept = self.world.uploads.get(media_id)
        if kept is None or kept["owner"] != name:
            raise Refusal(404, 404, "Media not found.")
        if kept["status"] == "processing":
            kept["asked"] += 1
            if kept["asked"] > ASKED:
                kept["status"] = "failed" if kept["fails"] else "succeeded"
        told = {"media_id": media_id, "media_type": "video", "status": kept["status"]}
        return web.json_response(told)
