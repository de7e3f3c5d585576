"""Uploads of videos, stories of pictures and videos, and how far a video is."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Item, stores, stores_where, takes_files
from kitestring.connectors.facebook.emulated.publishing import Publishing
from kitestring.connectors.facebook.emulated.world import World
from kitestring.providers.meta.emulated.desk import Login, number
from kitestring.providers.meta.emulated.fields import paged, parse, pick
from kitestring.providers.meta.emulated.refusals import Refusal, not_there
from kitestring.providers.meta.emulated.requests import told
from kitestring.providers.meta.emulated.talks import written


class Films:
    def __init__(self, world: World, login: Login, publishing: Publishing) -> None:
        self.world, self.login, self.publishing = world, login, publishing

    def routes(self, app: web.Application) -> None:
        app.router.add_post("/video-upload/{version}/{id}", self.upload)
        app.router.add_post("/{version}/{id}/photo_stories", self.photo_story)
        app.router.add_post("/{version}/{id}/video_stories", self.video_story)
        app.router.add_get("/{version}/{id}/stories", self.stories)
        app.router.add_post("/{version}/{id}/video_reels", self.reel)
        app.router.add_post("/{version}/{id}/videos", self.video)

    def begin(self, page_id: str, name: str) -> web.Response:
        video = self.world.platform.next_id()
        self.world.memory("videos")[video] = {
            "page": page_id,
            "author": name,
            "taken": 0,
            "size": None,
            "waits": 2,
        }
        return web.json_response(
            {"video_id": video, "upload_url": f"{self.world.home}/video-upload/v25.0/{video}"}
        )

    @takes_files
    async def upload(self, request: web.Request) -> web.Response:
        """The bytes from `offset` on. What does not follow on what is there is refused."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        name = self.login.desk.account(token) if kind == "OAuth" else None
        if name is None:
            raise Refusal(190, "Invalid OAuth access token.", status=401)
        row = self._video(request.match_info["id"])
        offset, size = (int(request.headers.get(key, "-1")) for key in ("offset", "file_size"))
        if offset != row["taken"] or size <= 0:
            raise Refusal(6000, "There was a problem uploading your video file.", subcode=1363019)
        body = await request.read()
        half = self.world.platform.memory.pop("breaks_in_the_middle", False)
        row["taken"], row["size"] = offset + (len(body) // 2 if half else len(body)), size
        if half:
            raise Refusal(2, "Service temporarily unavailable", status=503)
        if row["taken"] != size:
            raise Refusal(6000, "There was a problem uploading your video file.", subcode=1363030)
        return web.json_response({"success": True})

    def _video(self, video: str) -> dict[str, Any]:
        row: dict[str, Any] | None = self.world.memory("videos").get(video)
        if row is None:
            raise not_there(video)
        return row

    def entity(self, video: str) -> dict[str, Any]:
        """Processed after it was asked for twice."""
        row = self._video(video)
        whole = row["size"] is not None and row["taken"] == row["size"]
        if whole:
            row["waits"] = max(0, row["waits"] - 1)
        done = whole and not row["waits"]
        if row.get("wanted") and done and not row.get("post"):
            row["post"] = self.show(row, row["wanted"], video)
        failed = {"errors": [{"code": 1363127, "message": "Unreadable video"}]} if row.get("broken") else {}
        return {
            "id": video,
            "status": {
                "video_status": "error"
                if failed
                else "ready"
                if done
                else "processing"
                if whole
                else "uploading",
                "uploading_phase": {
                    "status": "complete" if whole else "in_progress",
                    "bytes_transferred": row["taken"],
                },
                "processing_phase": {
                    "status": "error" if failed else "complete" if done else "not_started",
                    **failed,
                },
                "publishing_phase": {"status": self._publishing(row)},
            },
            "published": bool(row.get("post")),
            "permalink_url": f"/{row['page']}/videos/{video}/",
            "post_id": str(row["post"]).rpartition("_")[2] if row.get("post") else None,
        }

    def _publishing(self, row: dict[str, Any]) -> str:
        return "complete" if row.get("post") else "in_progress" if row.get("wanted") else "not_started"

    def show(self, row: dict[str, Any], words: dict[str, str], media: str) -> str:
        now = self.world.platform.clock().isoformat()
        made = Item(
            f"{row['page']}_{self.world.platform.next_id()}", row["author"], words.get("text", ""), now
        )
        made.author_name, made.title = row["author"], words.get("title", "")
        made.extra = {"page": row["page"], "kind": words["kind"], "media": media}
        return self.world.platform.add(made).id

    @stores
    async def photo_story(self, request: web.Request) -> web.Response:
        name, page_id = self.publishing.own_page(request)
        form = await told(request)
        if self.world.memory("photos").pop(form["photo_id"], None) is None:
            raise not_there(form["photo_id"])
        made = self.show({"page": page_id, "author": name}, {"kind": "story"}, form["photo_id"])
        return web.json_response({"success": True, "post_id": made})

    @stores_where(upload_phase="finish")
    async def video_story(self, request: web.Request) -> web.Response:
        name, page_id = self.publishing.own_page(request)
        form = await told(request)
        if form["upload_phase"].lower() == "start":
            return self.begin(page_id, name)
        row = self._video(form["video_id"])
        if row["size"] is None or row["taken"] != row["size"]:
            raise Refusal(6000, "There was a problem with your video file.", subcode=1363030)
        row["post"] = self.show(row, {"kind": "story"}, form["video_id"])
        return web.json_response({"success": True, "post_id": row["post"]})

    @stores_where(upload_phase="finish")
    async def reel(self, request: web.Request) -> web.Response:
        """Started without a word; finished with its words, and live when it is processed."""
        name, page_id = self.publishing.own_page(request)
        form = await told(request)
        if form["upload_phase"].lower() == "start":
            return self.begin(page_id, name)
        row = self._video(form["video_id"])
        if row["size"] is None or row["taken"] != row["size"]:
            raise Refusal(6000, "There was a problem with your video file.", subcode=1363030)
        row["wanted"] = {"kind": "reel", "text": form["description"], "title": form["title"]}
        return web.json_response({"success": True})

    @takes_files
    async def video(self, request: web.Request) -> web.Response:
        """A whole video in one call, unpublished; this emulator takes no other, since the connector sends no other."""
        name, page_id = self.publishing.own_page(request)
        form = await told(request)
        file = form.files.get("source")
        if file is None or not file.content_type.startswith("video/"):
            raise Refusal(352, "(#352) The video file you selected is in a format that we don't support.")
        if form.flag("published", default=True):
            raise Refusal(100, "(#100) Only unpublished videos are emulated")
        size, video = len(file.file.read()), self.world.platform.next_id()
        row = {"page": page_id, "author": name, "taken": size, "size": size, "waits": 2}
        row["words"] = {"kind": "video", "text": form["description"], "title": form["title"]}
        self.world.memory("videos")[video] = row
        return web.json_response({"id": video})

    def publish(self, video: str) -> web.Response:
        row = self._video(video)
        if row["waits"]:
            raise Refusal(100, "(#100) The video is still being processed")
        if not row.get("post"):
            row["post"] = self.show(row, row["words"], video)
        return web.json_response({"success": True})

    async def stories(self, request: web.Request) -> web.Response:
        _, page_id = self.publishing.own_page(request)
        rows = [
            {
                "post_id": item.id,
                "media_id": item.extra["media"],
                "status": "PUBLISHED",
                "creation_time": written(item.at),
                "url": f"{self.world.home}/stories/{number('story', item.id)}",
            }
            for item in reversed(self.world.platform.items.values())
            if item.extra.get("kind") == "story" and item.extra.get("page") == page_id
        ]
        wanted = parse(request.query.get("fields", "post_id"))
        return web.json_response(paged([pick(row, wanted) for row in rows], request.query.get("limit", "25")))
