"""Comments: threads under videos, answers in them, and what is held for review."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Item, stores
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
from kitestring.providers.google.emulated.refusals import Refusal

INLINE = 5  # answers that come along with their thread


class Comments:
    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/youtube/v3/commentThreads", self.threads)
        app.router.add_post("/youtube/v3/commentThreads", self.comment)
        app.router.add_get("/youtube/v3/comments", self.answers)
        app.router.add_post("/youtube/v3/comments", self.answer)
        app.router.add_put("/youtube/v3/comments", self.update)
        app.router.add_delete("/youtube/v3/comments", self.delete)
        app.router.add_post("/youtube/v3/comments/setModerationStatus", self.judge)

    def found(self, comment: str) -> Item:
        items = self.world.platform.items
        item = items.get(comment) or items.get(comment.rpartition(".")[2])
        if item is None or not item.parent:
            raise Refusal(
                404, "commentNotFound", "The specified comment could not be found.", "youtube.comment"
            )
        return item

    def top(self, item: Item) -> Item:
        while item.parent != item.root:
            item = self.world.platform.items[item.parent]
        return item

    def name_of(self, item: Item) -> str:
        top = self.top(item)
        return item.id if top is item or "." in item.id else f"{top.id}.{item.id}"

    def below(self, top: Item) -> list[Item]:
        rows = [i for i in self.world.platform.comments(top.root) if i is not top and self.top(i) is top]
        return sorted((i for i in rows if not held(i)), key=lambda item: item.at, reverse=True)

    def resource(self, item: Item) -> dict[str, Any]:
        channel = str(item.extra.get("channel") or channel_of(item.author))
        name = self.name_of(item)
        snippet = {
            "channelId": self.world.memory("videos")[item.root]["channel"],
            "videoId": item.root,
            "textDisplay": item.text,
            "textOriginal": item.text,
            "authorDisplayName": item.author_name or item.author,
            "authorProfileImageUrl": "https://yt3.ggpht.com/a/default-48",
            "authorChannelId": {"value": channel},
            "canRate": True,
            "viewerRating": "none",
            "likeCount": item.counts.get("likes", 0),
            "publishedAt": written(item.at),
            "updatedAt": written(item.at),
        }
        if "." in name:
            snippet["parentId"] = name.partition(".")[0]
        return {"kind": "youtube#comment", "etag": etag(name), "id": name, "snippet": snippet}

    def thread(self, item: Item) -> dict[str, Any]:
        answers = self.below(item)
        comment = self.resource(item)
        made = {
            "kind": "youtube#commentThread",
            "etag": etag("thread", item.id),
            "id": item.id,
            "snippet": {
                "channelId": comment["snippet"]["channelId"],
                "videoId": item.root,
                "topLevelComment": comment,
                "canReply": True,
                "totalReplyCount": len(answers),
                "isPublic": not held(item),
            },
        }
        if answers:
            made["replies"] = {"comments": [self.resource(one) for one in answers[:INLINE]]}
        return made

    async def threads(self, request: web.Request) -> web.Response:
        name = self.world.caller(request)
        self.world.spend(1)
        video, whole = request.query.get("videoId"), request.query.get("allThreadsRelatedToChannelId")
        waiting = request.query.get("moderationStatus") == "heldForReview"
        if video is not None:
            if self.world.video(video) is None:
                raise Refusal(404, "videoNotFound", "The video cannot be found.", "youtube.commentThread")
            if video in self.world.memory("comments_off"):
                said = "The video has disabled comments."
                raise Refusal(403, "commentsDisabled", said, "youtube.commentThread")
        elif whole != channel_of(name):
            raise Refusal(400, "missingRequiredParameter", "No filter selected.", "youtube.parameter")
        rows = [
            item
            for item in self.world.platform.items.values()
            if item.parent and item.parent == item.root and held(item) is waiting
            and (row := self.world.video(item.root)) and row["channel"] == (whole or row["channel"])
            and video in (None, item.root)
        ]  # fmt: skip
        rows.sort(key=lambda item: item.at, reverse=True)
        return listed("commentThread", [parts(self.thread(item), wanted(request)) for item in rows], request)

    async def answers(self, request: web.Request) -> web.Response:
        self.world.caller(request)
        self.world.spend(1)
        top = self.found(request.query.get("parentId", ""))
        return listed("comment", [self.resource(one) for one in self.below(top)], request)

    @stores
    async def comment(self, request: web.Request) -> web.Response:
        name = self.world.caller(request)
        self.world.spend(50)
        told = (await request.json())["snippet"]
        video = str(told.get("videoId", ""))
        if self.world.video(video) is None:
            raise Refusal(404, "videoNotFound", "The video cannot be found.", "youtube.commentThread")
        words = str(told["topLevelComment"]["snippet"].get("textOriginal", ""))
        made = self._made(
            f"Ug{coded('thread', self.world.platform.next_id(), letters=24)}", name, words, video
        )
        return web.json_response(parts(self.thread(made), wanted(request)))

    @stores
    async def answer(self, request: web.Request) -> web.Response:
        name = self.world.caller(request)
        self.world.spend(50)
        told = (await request.json())["snippet"]
        parent = str(told.get("parentId", ""))
        try:
            top = self.found(parent)
        except Refusal:
            said = "The specified parent comment could not be found."
            raise Refusal(404, "parentCommentNotFound", said, "youtube.comment") from None
        made_id = f"{top.id}.{coded('answer', self.world.platform.next_id(), letters=22)}"
        made = self._made(made_id, name, str(told.get("textOriginal", "")), top.id)
        return web.json_response(parts(self.resource(made), wanted(request)))

    def _made(self, comment: str, name: str, words: str, under: str) -> Item:
        if not words.strip():
            raise Refusal(400, "commentTextRequired", "The comment has no text.", "youtube.comment")
        if len(words) > 10_000:
            raise Refusal(400, "commentTextTooLong", "The comment is too long.", "youtube.comment")
        root = self.world.platform.items[under].root or under
        if root in self.world.memory("comments_off"):
            raise Refusal(403, "commentsDisabled", "The video has disabled comments.", "youtube.comment")
        now = self.world.platform.clock().isoformat()
        made = Item(comment, name, words, now, parent=under, author_name=name)
        made.extra = {"channel": channel_of(name)}
        return self.world.platform.add(made)

    async def update(self, request: web.Request) -> web.Response:
        name = self.world.caller(request)
        self.world.spend(50)
        told = await request.json()
        item = self.found(str(told.get("id", "")))
        if item.extra.get("channel") != channel_of(name):
            raise Refusal(403, "forbidden", "The comment cannot be updated.", "youtube.comment")
        item.text = str(told["snippet"].get("textOriginal", ""))
        return web.json_response(parts(self.resource(item), wanted(request)))

    async def delete(self, request: web.Request) -> web.Response:
        name = self.world.caller(request)
        self.world.spend(50)
        item = self.found(request.query.get("id", ""))
        if item.extra.get("channel") != channel_of(name):
            raise Refusal(403, "forbidden", "The comment cannot be deleted.", "youtube.comment")
        self._away(item)
        return web.Response(status=204)

    async def judge(self, request: web.Request) -> web.Response:
        """Only the owner of the video under which a comment stands may judge it."""
        name = self.world.caller(request)
        self.world.spend(50)
        item = self.found(request.query.get("id", ""))
        status = request.query.get("moderationStatus")
        if self.world.memory("videos")[item.root]["author"] != name:
            raise Refusal(403, "forbidden", "The comment cannot be moderated.", "youtube.comment")
        if status == "rejected":
            self._away(item)
        elif status in ("published", "heldForReview"):
            item.extra |= {"hidden": status == "heldForReview", "held": False}
        else:
            raise Refusal(400, "processingFailure", "The API server failed to process the request.")
        return web.Response(status=204)

    def _away(self, item: Item) -> None:
        for one in self.below(item) if item.parent == item.root else []:
            self.world.platform.remove(one.id)
        self.world.platform.remove(item.id)


def held(item: Item) -> bool:
    """Whether it waits for review."""
    return bool(item.extra.get("held") or item.extra.get("hidden"))
