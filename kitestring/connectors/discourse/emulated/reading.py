"""What is asked of a forum: topics, posts, lists, notifications, the site and who one is."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from kitestring.connectors.discourse.emulated.answers import DENIED, Refused, gone
from kitestring.connectors.discourse.emulated.shown import LIKE, PICTURE, Shown, moment
from kitestring.connectors.discourse.emulated.world import World
from kitestring.connectors.discourse.emulated.writing import SETTINGS, body_of

CATEGORIES = ((1, "General"), (4, "Tin tức"), (5, "公告"))
MENTIONED = 1


class Reading:
    def __init__(self, world: World, shown: Shown, who: Any) -> None:
        self.world, self.shown, self.who = world, shown, who
        self.memory = world.platform.memory

    async def me(self, request: web.Request) -> web.Response:
        name = self.who(request)
        told = {
            "id": self.world.user_id(name), "username": self.world.username(name), "name": self.world.title(name),
            "avatar_template": PICTURE, "admin": False, "moderator": bool(self.world.settings.get("staff", True)),
            "trust_level": 2,
        }  # fmt: skip
        if self.world.settings.get("silenced"):
            told["silenced_till"] = "2030-01-01T00:00:00.000Z"
        return web.json_response({"current_user": told})

    async def site(self, request: web.Request) -> web.Response:
        self.who(request)
        closed = self.world.settings.get("restricted", ())
        told = [
            {"id": number, "name": name, "permission": 3 if number in closed else 1, "read_restricted": False}
            for number, name in CATEGORIES
        ]
        return web.json_response({"categories": told, "can_tag_topics": True})

    async def settings(self, request: web.Request) -> web.Response:
        return web.json_response({**SETTINGS, "title": "Emulated forum"})

    async def tags(self, request: web.Request) -> web.Response:
        """Newer forums number their tags; older ones do not ("old" among the switches)."""
        self.who(request)
        names = self.world.settings.get("tags") or ["tea", "news"]
        if self.world.settings.get("old"):
            return web.json_response({"tags": [{"id": name, "text": name, "count": 1} for name in names]})
        told = [
            {"id": 10 + n, "text": name, "name": name, "count": 1, "pm_count": 0}
            for n, name in enumerate(names)
        ]
        return web.json_response({"tags": told, "extras": {"categories": []}})

    async def topic(self, request: web.Request) -> web.Response:
        name, number = self.who(request), self._topic(request)
        return web.json_response(self.shown.topic(number, name, request.query.get("include_raw") == "true"))

    async def several(self, request: web.Request) -> web.Response:
        name, number = self.who(request), self._topic(request)
        wanted = {int(one) for one in request.query.getall("post_ids[]", [])}
        items = [i for i in self.world.posts_in(number) if self.world.post_id(i) in wanted][:20]
        posts = self.shown.posts(items, name, request.query.get("include_raw") == "true")
        return web.json_response({"post_stream": {"posts": posts}, "id": number})

    def _topic(self, request: web.Request) -> int:
        number, name = int(request.match_info["id"]), self.who(request)
        items = self.world.posts_in(number)
        if not items or (items[0].kind != "message" and items[0].parent):
            raise gone()
        if items[0].kind == "message" and self.world.person_in(number, name) is None:
            raise Refused(403, DENIED, kind="invalid_access")
        return number

    async def by_key(self, request: web.Request) -> web.Response:
        """The forum sends on to the topic."""
        self.who(request)
        wanted = request.match_info["key"]
        for item in self.world.platform.items.values():
            if item.extra.get("key") == wanted and item.visible:
                place = f"{request.url.origin()}/t/{self.shown.slug(item)}/{item.id}.json"
                return web.Response(status=301, headers={"Location": place})
        raise gone()

    async def post(self, request: web.Request) -> web.Response:
        name, item = self.who(request), self.world.item_of(int(request.match_info["id"]))
        if item is None:
            raise gone()
        told = self.shown.post(item, name)
        leave = {"badges_granted", "draft_sequence"}
        return web.json_response({k: v for k, v in told.items() if k not in leave})

    async def latest(self, request: web.Request) -> web.Response:
        self.who(request)
        heads = [
            i for i in self.world.platform.items.values() if i.kind == "post" and not i.parent and i.visible
        ]
        heads = [i for i in heads if not i.extra.get("target_recipients")]
        numbers = sorted((int(i.id) for i in heads), key=self._moved, reverse=True)
        most = min(int(request.query.get("per_page", "30")), 100)
        return web.json_response(self.shown.lists(numbers[:most]))

    async def created_by(self, request: web.Request) -> web.Response:
        name = self.who(request)
        mine = [int(i.id) for i in self.world.platform.posts(name)]
        return web.json_response(self.shown.lists(sorted(mine, reverse=True)))

    async def private(self, request: web.Request) -> web.Response:
        name = self.who(request)
        talks = [n for n in self._talks() if self.world.person_in(n, name) and self.world.posts_in(n)]
        return web.json_response(self.shown.lists(sorted(talks, key=self._moved, reverse=True)))

    def _talks(self) -> list[int]:
        for item in list(self.world.platform.items.values()):
            if item.kind == "message":
                self.world.topic_of(item)
        return list(self.world.talks.values())

    def _moved(self, topic: int) -> str:
        return self.world.posts_in(topic)[-1].at

    async def notifications(self, request: web.Request) -> web.Response:
        """Who named the account; the newest first."""
        name = self.who(request)
        mine = str(self.world.user_id(name))
        named = [i for i in self.world.platform.items.values() if i.kind == "mention"]
        told = [
            {
                "id": int(i.id), "user_id": int(mine), "notification_type": MENTIONED, "read": False,
                "created_at": moment(i.at), "post_number": 1, "topic_id": int(i.id), "slug": self.shown.slug(i),
                "data": {"original_post_id": self.world.post_id(i), "display_username": self.world.username(i.author)},
            }
            for i in named if str(i.extra.get("of", "")).split("@")[0] == mine
        ]  # fmt: skip
        counts = {"total_rows_notifications": len(told), "seen_notification_id": 0}
        more = {"load_more_notifications": "/notifications?offset=60"}
        return web.json_response({"notifications": told[::-1], **counts, **more})

    async def pending(self, request: web.Request) -> web.Response:
        name = self.who(request)
        queue = self.memory.get("discourse_queue", {})
        told = [
            {"id": int(number), "raw": row["body"]["raw"]}
            for number, row in queue.items()
            if row["account"] == name
        ]
        return web.json_response({"pending_posts": told})

    async def like(self, request: web.Request) -> web.Response:
        name, body = self.who(request), await body_of(request)
        item = self.world.item_of(int(body["id"]))
        if item is None:
            raise gone()
        if body["post_action_type_id"] != LIKE or item.extra.get("liked") or item.author == name:
            raise Refused(403, DENIED, kind="invalid_access")
        item.extra["liked"] = True
        return web.json_response(self._acted(item, name))

    async def unlike(self, request: web.Request) -> web.Response:
        name, item = self.who(request), self.world.item_of(int(request.match_info["id"]))
        if item is None or not item.extra.get("liked"):
            raise gone()
        item.extra["liked"] = False
        return web.json_response(self._acted(item, name))

    def _acted(self, item: Any, name: str) -> dict[str, Any]:
        leave = {"draft_sequence", "raw"}
        return {k: v for k, v in self.shown.post(item, name).items() if k not in leave}
