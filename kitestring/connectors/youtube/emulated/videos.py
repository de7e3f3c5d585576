"""Videos: asked for, changed, deleted. One is processed after it was asked for twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from kitestring.connectorkit.counting import tags_length
from kitestring.connectorkit.emulation import stores
from kitestring.connectors.youtube.emulated.world import World, etag, listed, parts, wanted, written
from kitestring.providers.google.emulated.refusals import Refusal

CATEGORIES: Final = {"1", "2", "10", "15", "17", "19", "20", "22", "23", "24", "25", "26", "27", "28", "29"}


class Videos:
    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/youtube/v3/videos", self.ask)
        app.router.add_put("/youtube/v3/videos", self.update)
        app.router.add_delete("/youtube/v3/videos", self.delete)

    async def ask(self, request: web.Request) -> web.Response:
        name = self.world.caller(request)
        self.world.spend(1)
        found = []
        for video in request.query.get("id", "").split(","):
            row = self.world.video(video)
            if row is None or (row["author"] != name and not row["live"]):
                continue
            if "status" in wanted(request):
                row["waits"] = max(0, row["waits"] - 1)
            found.append(parts(resource(self.world, video, row), wanted(request)))
        return listed("video", found, request)

    @stores
    async def update(self, request: web.Request) -> web.Response:
        """A part that is named is replaced as a whole."""
        name = self.world.caller(request)
        self.world.spend(50)
        told, named = await request.json(), wanted(request).split(",")
        row = self.world.own_video(name, str(told.get("id", "")))
        if "snippet" in named:
            row["snippet"] = snippet(told.get("snippet") or {})
        if "status" in named:
            row["status"] = status(told.get("status") or {})
            if self.world.platform.memory.get("keeps_private"):
                row["status"]["privacyStatus"] = "private"
        if "paidProductPlacementDetails" in named:
            row["paid"] = dict(told.get("paidProductPlacementDetails") or {})
        self.world.show(told["id"])
        return web.json_response(parts(resource(self.world, told["id"], row), wanted(request)))

    async def delete(self, request: web.Request) -> web.Response:
        name = self.world.caller(request)
        self.world.spend(50)
        video = request.query.get("id", "")
        self.world.own_video(name, video)
        self.world.memory("videos").pop(video)
        self.world.platform.remove(video)
        return web.Response(status=204)


def resource(world: World, video: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """The video's whole resource."""
    item = world.platform.items.get(video)
    counts = item.counts if item else {}
    state = row.get("broken") or {"uploadStatus": "uploaded" if row["waits"] else "processed"}
    return {
        "kind": "youtube#video",
        "etag": etag(video, row["at"]),
        "id": video,
        "snippet": {
            **row["snippet"],
            "publishedAt": written(row["at"]),
            "channelId": row["channel"],
            "channelTitle": row["author"],
            "liveBroadcastContent": "none",
        },
        "status": {**row["status"], **state, "embeddable": True, "license": "youtube"},
        "processingDetails": {"processingStatus": "processing" if row["waits"] else "succeeded"},
        "paidProductPlacementDetails": dict(row["paid"]),
        "statistics": {
            "viewCount": str(counts.get("views", 0)),
            "likeCount": str(counts.get("likes", 0)),
            "favoriteCount": "0",
            "commentCount": str(len(world.platform.comments(video))),
        },
    }


def snippet(told: Mapping[str, Any]) -> dict[str, Any]:
    """What may be written of a snippet, refused where YouTube refuses it."""
    title, words = str(told.get("title") or ""), str(told.get("description") or "")
    if not title.strip() or len(title) > 100 or set("<>") & set(title):
        raise Refusal(400, "invalidTitle", "The request metadata specifies an invalid or empty video title.")
    if len(words.encode()) > 5000 or set("<>") & set(words):
        raise Refusal(
            400, "invalidDescription", "The request metadata specifies an invalid video description."
        )
    tags = [str(tag) for tag in told.get("tags") or []]
    if tags_length(tags) > 500:
        raise Refusal(400, "invalidTags", "The request metadata specifies invalid video keywords.")
    category = str(told.get("categoryId") or "")
    if category not in CATEGORIES:
        raise Refusal(
            400, "invalidCategoryId", "The snippet.categoryId property specifies an invalid category ID."
        )
    kept = {key: told[key] for key in ("defaultLanguage", "defaultAudioLanguage") if told.get(key)}
    return {"title": title, "description": words, "tags": tags, "categoryId": category, **kept}


def status(told: Mapping[str, Any]) -> dict[str, Any]:
    """What may be written of a status."""
    if told.get("privacyStatus") not in ("public", "unlisted", "private"):
        raise Refusal(400, "forbiddenPrivacySetting", "The video's privacy setting is not valid.")
    kids = bool(told.get("selfDeclaredMadeForKids"))
    return {
        "privacyStatus": told["privacyStatus"],
        "selfDeclaredMadeForKids": kids,
        "madeForKids": kids,
        "containsSyntheticMedia": bool(told.get("containsSyntheticMedia")),
    }
