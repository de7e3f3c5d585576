"""Containers, their publication, deletion and what is left of the allowances."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from kitestring.connectorkit.counting import count
from kitestring.connectorkit.emulation import Item, stores
from kitestring.connectors.threads.emulated.login import Login
from kitestring.connectors.threads.emulated.world import World
from kitestring.providers.meta.emulated.desk import number
from kitestring.providers.meta.emulated.refusals import Refusal, not_there
from kitestring.providers.meta.emulated.requests import Told, told

LIVES = timedelta(hours=24)
MOST = 20
TYPES = {"TEXT", "IMAGE", "VIDEO", "CAROUSEL"}
CONTROLS = {
    "",
    "everyone",
    "accounts_you_follow",
    "mentioned_only",
    "parent_post_author_only",
    "followers_only",
}


class Publishing:
    def __init__(self, world: World, login: Login) -> None:
        self.world, self.login = world, login

    def routes(self, app: web.Application) -> None:
        app.router.add_post("/{version}/me/threads", self.make)
        app.router.add_post("/{version}/me/threads_publish", self.publish)
        app.router.add_get("/{version}/me/threads_publishing_limit", self.limits)
        app.router.add_delete("/{version}/{id}", self.delete)

    async def make(self, request: web.Request) -> web.Response:
        name = self.login.who(request)
        form = await told(request)
        self._check(form)
        container = self.world.platform.next_id()
        self.world.memory("containers")[container] = {
            "author": name,
            "type": form["media_type"],
            "text": form["text"],
            "url": form["video_url"] or form["image_url"],
            "alt": form["alt_text"],
            "children": [child for child in form["children"].split(",") if child],
            "item": form.flag("is_carousel_item"),
            "reply_to": form["reply_to_id"],
            "link": form["link_attachment"],
            "topic": form["topic_tag"],
            "control": form["reply_control"],
            "spoiler": form.flag("is_spoiler_media"),
            "waits": 2 if form["media_type"] == "VIDEO" else 0,
            "status": "",
            "at": self.world.platform.clock().isoformat(),
        }
        return web.json_response({"id": container})

    def _check(self, form: Told) -> None:
        kind = form["media_type"]
        if kind not in TYPES:
            raise Refusal(100, "(#100) Param media_type must be one of {TEXT, IMAGE, VIDEO, CAROUSEL}")
        if kind == "TEXT" and not form["text"].strip():
            raise Refusal(100, "(#100) The parameter text is required")
        if count(form["text"], "utf8_emoji") > 500:
            raise Refusal(100, "(#100) Param text must be at most 500 characters long.")
        links = set(re.findall(r"https?://\S+", form["text"])) | ({form["link_attachment"]} - {""})
        if len(links) > 5:
            raise Refusal(100, "THREADS_API__LINK_LIMIT_EXCEEDED")
        if form["link_attachment"] and kind != "TEXT":
            raise Refusal(100, "(#100) link_attachment can only be used for text-only posts")
        if form["reply_control"] not in CONTROLS:
            raise Refusal(100, "(#100) Param reply_control must be one of its values")
        if kind in ("IMAGE", "VIDEO") and not (form["image_url"] or form["video_url"]).startswith("http"):
            raise Refusal(9004, "The media could not be fetched from this URI.", subcode=2207052)
        if form["reply_to_id"]:
            self.world.item(form["reply_to_id"])
        if kind == "CAROUSEL":
            self._check_children([child for child in form["children"].split(",") if child])

    def _check_children(self, children: list[str]) -> None:
        rows = [self.world.memory("containers").get(child) for child in children]
        ready = all(row is not None and row["item"] and self.status(row) == "FINISHED" for row in rows)
        if not 2 <= len(rows) <= MOST or not ready:
            raise Refusal(100, "(#100) A carousel takes 2 to 20 finished items")

    def status(self, row: dict[str, Any], *, asked: bool = False) -> str:
        if row["status"]:
            return str(row["status"])
        if self.world.platform.clock() - datetime.fromisoformat(row["at"]) > LIVES:
            return "EXPIRED"
        if asked:
            row["waits"] = max(0, row["waits"] - 1)
        return "IN_PROGRESS" if row["waits"] else "FINISHED"

    def entity(self, container: str) -> dict[str, Any]:
        row = self.world.memory("containers")[container]
        state = self.status(row, asked=True)
        failed = {"error_message": "FAILED_PROCESSING_VIDEO"} if state == "ERROR" else {}
        return {"id": container, "status": state, **failed}

    @stores
    async def publish(self, request: web.Request) -> web.Response:
        name = self.login.who(request)
        form = await told(request)
        row = self.world.memory("containers").get(form["creation_id"])
        if (
            row is None
            or row["author"] != name
            or row["item"]
            or self.status(row) in ("EXPIRED", "PUBLISHED")
        ):
            raise Refusal(24, "The requested resource does not exist", subcode=4279009)
        if self.status(row) != "FINISHED":
            raise Refusal(9007, "The media is not ready to be published", subcode=2207027)
        own, quota = number("threads", name), "replies" if row["reply_to"] else "posts"
        if self.world.used(own, quota) >= self.world.limit(quota):
            raise Refusal(9, "Application request limit reached", subcode=2207042, status=403)
        row["status"] = "PUBLISHED"
        self.world.use(own, quota)
        known = self.world.memory("containers")
        shown = [known[child] for child in row["children"]] or ([row] if row["url"] else [])
        made = Item(
            self.world.platform.next_id(),
            name,
            row["text"],
            self.world.platform.clock().isoformat(),
            parent=row["reply_to"],
            author_name=name,
            media=[{"url": one["url"], "alt": one["alt"]} for one in shown],
        )
        kinds = {"TEXT": "TEXT_POST", "CAROUSEL": "CAROUSEL_ALBUM"}
        made.extra = {"type": kinds.get(row["type"], row["type"])}
        made.extra |= {key: row[key] for key in ("link", "topic", "control", "spoiler")}
        return web.json_response({"id": self.world.platform.add(made).id})

    async def limits(self, request: web.Request) -> web.Response:
        own = number("threads", self.login.who(request))
        wanted = set(request.query.get("fields", "").split(","))
        row: dict[str, Any] = {}
        for quota, prefix in (("posts", ""), ("replies", "reply_"), ("deletions", "delete_")):
            row[f"{prefix}quota_usage"] = self.world.used(own, quota)
            row[f"{prefix}config"] = {"quota_total": self.world.limit(quota), "quota_duration": 86400}
        return web.json_response({"data": [{key: row[key] for key in row if key in wanted}]})

    async def delete(self, request: web.Request) -> web.Response:
        name, object_id = self.login.who(request), request.match_info["id"]
        item = self.world.item(object_id)
        if item.author != name:
            raise not_there(object_id)
        own = number("threads", name)
        if self.world.used(own, "deletions") >= self.world.limit("deletions"):
            raise Refusal(9, "Application request limit reached", subcode=2207042, status=403)
        self.world.use(own, "deletions")
        self.world.platform.remove(item.id)
        return web.json_response({"success": True, "deleted_id": item.id})
