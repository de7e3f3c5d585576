"""What all parts of the emulated channel know: who asks, the videos, what a day's quota has left."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from kitestring.connectorkit.consent import Desk
from kitestring.connectorkit.emulation import Item, Platform, latin
from kitestring.providers.google.emulated.refusals import Refusal, ended
from kitestring.providers.google.errors import QUOTA_ZONE

UNITS: Final = 10_000
UPLOADS: Final = 100


def coded(*what: str, letters: int) -> str:
    """An id of so many letters, always the same for the same words."""
    return hashlib.sha256("/".join(what).encode()).hexdigest()[:letters]


def channel_of(name: str) -> str:
    return f"UC{coded('channel', name, letters=22)}"


def etag(*what: str) -> str:
    return coded("etag", *what, letters=27)


def written(at: str) -> str:
    """A moment as YouTube writes it: whole seconds, Z."""
    return f"{at[:19]}Z"


class World:
    def __init__(self, platform: Platform, desk: Desk) -> None:
        self.platform, self.desk = platform, desk

    def memory(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.platform.memory.setdefault(name, {})
        return found

    def caller(self, request: web.Request, right: str = "youtube.force-ssl") -> str:
        """The account that asks, if its consent holds the right."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        name = self.desk.account(token)
        if name is None:
            raise _Unknown
        if not any(s.endswith(f"/{right}") for s in self.desk.kept["access"][token]["scope"].split()):
            raise Refusal(403, "insufficientPermissions", "Request had insufficient authentication scopes.")
        self.memory("channels")[channel_of(name)] = name
        return name

    async def revoke(self, request: web.Request) -> web.Response:
        """Whoever holds a token of a consent may end it; of a strange one Google says so."""
        if self.desk.end(str((await request.post()).get("token", ""))):
            return web.json_response({})
        body = {"error": "invalid_token", "error_description": "Token expired or revoked"}
        return web.json_response(body, status=400)

    def spend(self, units: int, bucket: str = "units", most: int = UNITS) -> None:
        """One project's day; it begins at midnight Pacific Time."""
        day = self.platform.clock().astimezone(QUOTA_ZONE).date().isoformat()
        spent = self.memory("quota").setdefault(day, {})
        if spent.get(bucket, 0) + units > most and not self.platform.memory.get("no_limits"):
            said = (
                'The request cannot be completed because you have exceeded your <a href="/quota">quota</a>.'
            )
            raise Refusal(403, "quotaExceeded", said, "youtube.quota")
        spent[bucket] = spent.get(bucket, 0) + units

    def video(self, video: str) -> dict[str, Any] | None:
        """The video's row; None when it is not there, or the platform took it away."""
        row: dict[str, Any] | None = self.memory("videos").get(video)
        if row is None or (row["live"] and video not in self.platform.items):
            return None
        return row

    def own_video(self, name: str, video: str) -> dict[str, Any]:
        row = self.video(video)
        if row is None:
            said = "The video that you are trying to update cannot be found."
            raise Refusal(404, "videoNotFound", said, "youtube.video")
        if row["author"] != name:
            raise Refusal(403, "forbidden", "Forbidden", "youtube.video")
        return row

    def show(self, video: str) -> None:
        """Who may see it decides whether it stands on the platform."""
        row = self.memory("videos")[video]
        item = self.platform.items.get(video)
        snippet, seen = row["snippet"], row["status"]["privacyStatus"] != "private"
        if item is None and seen:
            at = self.platform.clock().isoformat()
            made = Item(video, row["author"], snippet["description"], at, title=snippet["title"])
            made.author_name, made.extra = row["author"], {"channel": row["channel"]}
            made.media = [{"mime": row["mime"], "bytes": row["size"]}]
            row["live"] = True
            self.platform.add(made)
        elif item is not None:
            item.text, item.title, item.visible = snippet["description"], snippet["title"], seen

    def channel(self, name: str) -> dict[str, Any]:
        """The channel's whole resource."""
        channel = channel_of(name)
        told = self.platform.numbers(channel)
        own = [row for row in self.memory("videos").values() if row["author"] == name]
        return {
            "kind": "youtube#channel",
            "etag": etag(channel),
            "id": channel,
            "snippet": {
                "title": name,
                "customUrl": f"@{latin(name).replace('_', '') or channel[2:10]}",
                "publishedAt": "2019-03-01T02:00:00Z",
                "thumbnails": {"default": {"url": "https://yt3.ggpht.com/a/default-88", "width": 88, "height": 88}},
            },
            "status": {
                "privacyStatus": "public",
                "isLinked": True,
                "longUploadsStatus": self.platform.memory.get("long_uploads", "allowed"),
            },
            "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": f"UU{channel[2:]}"}},
            "statistics": {
                "viewCount": str(told.get("views", 0)),
                "subscriberCount": str(told.get("followers", 0)),
                "hiddenSubscriberCount": bool(self.platform.memory.get("hides_subscribers")),
                "videoCount": str(told.get("posts", len(own))),
            },
        }  # fmt: skip


class _Unknown(Refusal):
    def __init__(self) -> None:
        super().__init__(401, "authError", "Request had invalid authentication credentials.")
        self.answer = ended()


def parts(resource: Mapping[str, Any], wanted: str) -> dict[str, Any]:
    """The resource with the asked-for parts; kind, etag and id always."""
    keep = {"kind", "etag", "id", *wanted.split(",")}
    return {key: value for key, value in resource.items() if key in keep}


def wanted(request: web.Request) -> str:
    """The parameter that every call must have."""
    found = request.query.get("part", "")
    if not found:
        raise Refusal(400, "missingRequiredParameter", "No filter selected: part", "youtube.parameter")
    return found


def listed(kind: str, rows: list[dict[str, Any]], request: web.Request) -> web.Response:
    """A page of a list. The token is the place where the next one begins."""
    most = int(request.query.get("maxResults", "20"))
    start = request.query.get("pageToken", "0")
    if not start.isdigit():
        raise Refusal(400, "invalidPageToken", "The request specifies an invalid page token.")
    shown = rows[int(start) : int(start) + most]
    body: dict[str, Any] = {
        "kind": f"youtube#{kind}ListResponse",
        "etag": etag(kind, start, str(len(rows))),
        "pageInfo": {"totalResults": len(rows), "resultsPerPage": most},
        "items": shown,
    }
    if int(start) + most < len(rows):
        body["nextPageToken"] = str(int(start) + most)
    return web.json_response(body)
