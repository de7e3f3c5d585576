"""Containers and their publication. Files are fetched from where they are said to lie, if that is on this machine."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import aiohttp
from aiohttp import web

from kitestring.connectorkit.emulation import Item, stores
from kitestring.connectors.instagram.emulated.world import LIVES, World
from kitestring.providers.meta.emulated.desk import Login, number
from kitestring.providers.meta.emulated.refusals import Refusal, not_there
from kitestring.providers.meta.emulated.requests import Told, told

CAPTION = 2200
MOST = 10
TYPES = {"", "IMAGE", "VIDEO", "REELS", "STORIES", "CAROUSEL"}


class Containers:
    def __init__(self, world: World, login: Login) -> None:
        self.world, self.login = world, login

    def routes(self, app: web.Application) -> None:
        app.router.add_post("/{version}/{id}/media", self.make)
        app.router.add_post("/{version}/{id}/media_publish", self.publish)
        app.router.add_get("/{version}/{id}/content_publishing_limit", self.limit)

    def own(self, request: web.Request) -> tuple[str, str]:
        """(account, its id): a token opens its own account and no other."""
        name = self.login.who(request)
        ig = number("ig", name)
        if request.match_info["id"] not in (ig, number("page", name), "me"):
            raise not_there(request.match_info["id"])
        return name, ig

    async def make(self, request: web.Request) -> web.Response:
        name, _ = self.own(request)
        form = await told(request)
        kind = form["media_type"]
        if kind not in TYPES:
            raise Refusal(100, "(#100) media_type is not one of the expected values", subcode=2207023)
        if len(form["caption"]) > CAPTION:
            raise Refusal(36004, "The caption was too long.", subcode=2207010)
        if len(form.json("branded_content_sponsor_ids", [])) > 2:
            raise Refusal(100, "(#100) Maximum number of sponsors exceeded. Limit is 2 per post.")
        url = form["video_url"] or form["image_url"]
        children = form.json("children", [])
        if kind == "CAROUSEL":
            self._check_children(children)
        else:
            await _fetch(url)
        waits = 2 if form["video_url"] else 0
        container = self.world.platform.next_id()
        self.world.memory("containers")[container] = {
            "author": name,
            "type": kind or "IMAGE",
            "video": bool(form["video_url"]),
            "url": url,
            "caption": form["caption"],
            "children": children,
            "item": form.flag("is_carousel_item"),
            "alt": form["alt_text"],
            "waits": waits,
            "status": "",
            "at": self.world.platform.clock().isoformat(),
            "told": _told(form),
        }
        return web.json_response({"id": container})

    def _check_children(self, children: list[Any]) -> None:
        known = self.world.memory("containers")
        if not 2 <= len(children) <= MOST:
            raise Refusal(100, "(#100) The carousel validation failed: 2 to 10 children", subcode=2207028)
        rows = [known.get(str(child)) for child in children]
        if any(row is None or not row["item"] or self.status(row) != "FINISHED" for row in rows):
            raise Refusal(100, "(#100) The carousel validation failed: a child is not ready", subcode=2207028)

    def status(self, row: dict[str, Any], *, asked: bool = False) -> str:
        """As it is now; a video is ready after it has been asked for twice."""
        if row["status"]:
            return str(row["status"])
        if self.world.platform.clock() - datetime.fromisoformat(row["at"]) > LIVES:
            return "EXPIRED"
        if asked:
            row["waits"] = max(0, row["waits"] - 1)
        return "IN_PROGRESS" if row["waits"] else "FINISHED"

    def entity(self, container: str) -> dict[str, Any]:
        row = self.world.memory("containers")[container]
        code = self.status(row, asked=True)
        words = {"FINISHED": "Finished: Media has been uploaded and it is ready to be published."}
        words["ERROR"] = "Error: Media upload has failed with error code 2207026"
        return {"id": container, "status_code": code, "status": words.get(code, code.title())}

    @stores
    async def publish(self, request: web.Request) -> web.Response:
        name, ig = self.own(request)
        form = await told(request)
        row = self.world.memory("containers").get(form["creation_id"])
        if row is None or row["author"] != name or row["item"]:
            raise Refusal(24, "The requested resource does not exist", subcode=2207006)
        state = self.status(row)
        if state == "IN_PROGRESS":
            raise Refusal(9007, "Media ID is not available", subcode=2207027)
        if state == "EXPIRED":
            raise Refusal(-2, "The media you are trying to access has expired.", subcode=2207020)
        if state != "FINISHED":
            raise Refusal(24, "The requested resource does not exist", subcode=2207006)
        if self.world.used(ig) >= self.world.quota():
            raise Refusal(9, "Application request limit reached", subcode=2207042, status=403)
        row["status"] = "PUBLISHED"
        now = self.world.platform.clock().isoformat()
        self.world.memory("published").setdefault(ig, []).append(now)
        made = Item(self.world.platform.next_id(), name, row["caption"], now, author_name=name)
        made.media, made.extra = self._shown(row), {"ig": ig, **self._product(row), **row["told"]}
        return web.json_response({"id": self.world.platform.add(made).id})

    def _shown(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        known = self.world.memory("containers")
        rows = [known[str(child)] for child in row["children"]] or [row]
        return [{"url": one["url"], "alt": one["alt"], "video": one["video"]} for one in rows]

    def _product(self, row: dict[str, Any]) -> dict[str, str]:
        if row["type"] == "CAROUSEL":
            return {"type": "CAROUSEL_ALBUM", "product": "FEED"}
        product = {"REELS": "REELS", "STORIES": "STORY"}.get(row["type"], "FEED")
        return {"type": "VIDEO" if row["video"] else "IMAGE", "product": product}

    async def limit(self, request: web.Request) -> web.Response:
        _, ig = self.own(request)
        config = {"quota_total": self.world.quota(), "quota_duration": 86400}
        return web.json_response({"data": [{"quota_usage": self.world.used(ig), "config": config}]})


def _told(form: Told) -> dict[str, Any]:
    return {
        "collaborators": form.json("collaborators", []),
        "paid": form.flag("is_paid_partnership"),
        "sponsors": form.json("branded_content_sponsor_ids", []),
        "ai_made": form.flag("is_ai_generated"),
    }


async def _fetch(url: str) -> None:
    """Instagram fetches the file. What does not lie on this machine is believed to be there."""
    words = "Only photo or video can be accepted as media type."
    refusal = Refusal(9004, words, subcode=2207052, user="The media could not be fetched from this URI.")
    if not url.startswith(("http://", "https://")):
        raise refusal
    if not url.startswith("http://127.0.0.1"):
        return
    async with aiohttp.ClientSession() as http, http.get(url) as answer:
        if answer.status != 200 or not answer.content_type.startswith(("image/", "video/")):
            raise refusal
