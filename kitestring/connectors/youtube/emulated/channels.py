"""The channel itself, its playlists, and reports of the Analytics API."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from kitestring.connectors.youtube.emulated.world import (
    World,
    channel_of,
    coded,
    etag,
    listed,
    parts,
    wanted,
    written,
)
from kitestring.providers.google.emulated.refusals import Refusal, error

METRICS = {"shares": "shares", "videosAddedToPlaylists": "saves", "views": "views", "likes": "likes"}


class Channels:
    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/youtube/v3/channels", self.channels)
        app.router.add_get("/youtube/v3/playlists", self.playlists)
        app.router.add_get("/youtube/v3/playlistItems", self.items)
        app.router.add_post("/youtube/v3/playlistItems", self.insert)
        app.router.add_get("/v2/reports", self.report)

    async def channels(self, request: web.Request) -> web.Response:
        name = self.world.caller(request)
        self.world.spend(1)
        if self.world.platform.memory.get("no_channel"):
            return listed("channel", [], request)
        wished = request.query.get("id", "")
        asked = name if request.query.get("mine") == "true" else self.world.memory("channels").get(wished)
        rows = [parts(self.world.channel(asked), wanted(request))] if asked else []
        return listed("channel", rows, request)

    def lists(self, name: str) -> dict[str, str]:
        """The channel's playlists by id: two of them, until a test puts others there."""
        titles = self.world.memory("lists").setdefault(name, ["Pha trà", "Chuyện quán"])
        return {f"PL{coded('list', name, title, letters=32)}": title for title in titles}

    async def playlists(self, request: web.Request) -> web.Response:
        name = self.world.caller(request)
        self.world.spend(1)
        rows = [
            {
                "kind": "youtube#playlist",
                "etag": etag(key),
                "id": key,
                "snippet": {"title": title, "channelId": channel_of(name), "channelTitle": name},
            }
            for key, title in self.lists(name).items()
        ]
        return listed("playlist", rows, request)

    def within(self, name: str, playlist: str) -> list[str]:
        """The videos of a list; the list of uploads is there as soon as there is a video."""
        if playlist == f"UU{channel_of(name)[2:]}":
            own = [key for key, row in self.world.memory("videos").items() if row["author"] == name]
            if own:
                return list(reversed(own))
        elif playlist in self.lists(name):
            found: list[str] = self.world.memory("listed").setdefault(playlist, [])
            return found
        said = "The playlist identified with the request's playlistId parameter cannot be found."
        raise Refusal(404, "playlistNotFound", said, "youtube.playlistItem")

    async def items(self, request: web.Request) -> web.Response:
        name = self.world.caller(request)
        self.world.spend(1)
        playlist, only = request.query.get("playlistId", ""), request.query.get("videoId")
        rows = [self._item(playlist, video) for video in self.within(name, playlist) if only in (None, video)]
        return listed("playlistItem", [parts(row, wanted(request)) for row in rows], request)

    def _item(self, playlist: str, video: str) -> dict[str, Any]:
        row = self.world.video(video)
        return {
            "kind": "youtube#playlistItem",
            "etag": etag(playlist, video),
            "id": coded("item", playlist, video, letters=40),
            "snippet": {
                "playlistId": playlist,
                "title": row["snippet"]["title"] if row else "Deleted video",
                "publishedAt": written(row["at"] if row else self.world.platform.clock().isoformat()),
                "resourceId": {"kind": "youtube#video", "videoId": video},
            },
            "status": {"privacyStatus": row["status"]["privacyStatus"] if row else "private"},
        }

    async def insert(self, request: web.Request) -> web.Response:
        name = self.world.caller(request)
        self.world.spend(50)
        told = (await request.json()).get("snippet") or {}
        video = str((told.get("resourceId") or {}).get("videoId") or "")
        self.world.own_video(name, video)
        self.within(name, str(told.get("playlistId"))).append(video)
        return web.json_response(parts(self._item(told["playlistId"], video), wanted(request)))

    async def report(self, request: web.Request) -> web.Response:
        name = self.world.caller(request, "yt-analytics.readonly")
        if self.world.platform.memory.get("no_analytics"):
            said = "YouTube Analytics API has not been used in project 1 before or it is disabled."
            return error(403, "accessNotConfigured", said, "usageLimits")
        names = request.query.get("metrics", "").split(",")
        if request.query.get("ids") != "channel==MINE" or not set(names) <= set(METRICS):
            raise Refusal(400, "badRequest", "The query is not supported.")
        videos = request.query.get("filters", "").removeprefix("video==").split(",")
        rows = [
            [video, *(self.world.platform.items[video].counts.get(METRICS[one], 0) for one in names)]
            for video in videos
            if (row := self.world.video(video)) and row["live"] and row["author"] == name
        ]
        heads = [{"name": "video", "columnType": "DIMENSION", "dataType": "STRING"}]
        heads += [{"name": one, "columnType": "METRIC", "dataType": "INTEGER"} for one in names]
        return web.json_response(
            {"kind": "youtubeAnalytics#resultTable", "columnHeaders": heads, "rows": rows}
        )
