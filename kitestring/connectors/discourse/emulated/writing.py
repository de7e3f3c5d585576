"""Taking posts: what the forum refuses, what it queues for its moderators, the answer it remembers for two minutes."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Item, stores
from kitestring.connectors.discourse.emulated.answers import DENIED, Refused, gone, unfit
from kitestring.connectors.discourse.emulated.shown import Shown
from kitestring.connectors.discourse.emulated.world import World

MEMOIZED = 120  # posts_controller.rb: DistributedMemoizer.memoize(signature_for(...), 120)
UNIQUE = 300  # unique_posts_mins: 5
SETTINGS: dict[str, int] = {
    "min_post_length": 8, "min_first_post_length": 8, "min_personal_message_post_length": 6, "max_post_length": 32000,
    "min_topic_title_length": 6, "max_topic_title_length": 255, "max_image_size_kb": 4096,
}  # fmt: skip


class Writing:
    """Switches in `platform.memory["discourse"]`: "loose" (the same title and words again are taken), "review" (posts wait
    for a moderator), "tags" (names), "restricted" (categories in which nobody may start a topic).
    """

    def __init__(self, world: World, shown: Shown, who: Any) -> None:
        self.world, self.shown, self.who = world, shown, who
        self.memory = world.platform.memory
        self.told: dict[str, Any] = self.memory.setdefault("discourse_told", {})
        self.queue: dict[str, Any] = self.memory.setdefault("discourse_queue", {})

    @stores
    async def create(self, request: web.Request) -> web.Response:
        """The same call within two minutes is answered as the first was; then what is wrong; then the post."""
        name, body = self.who(request), await body_of(request)
        sign = json.dumps([name, sorted(body.items(), key=lambda pair: pair[0])], ensure_ascii=False)
        moment = self.world.platform.clock().timestamp()
        if (kept := self.told.get(sign)) and kept["at"] > moment - MEMOIZED:
            return web.json_response(kept["answer"])
        answer = self._made(name, body)
        self.told[sign] = {"answer": answer, "at": moment}
        return web.json_response(answer)

    def _made(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        self._refuse(name, body)
        private = body.get("archetype") == "private_message" or self._talk(name, body) is not None
        if self.world.settings.get("review") and not private:
            number = int(self.world.platform.next_id())
            self.queue[str(number)] = {"account": name, "body": body}
            pending = {"id": number, "raw": body["raw"], "title": body.get("title")}
            return {"action": "enqueued", "success": True, "pending_count": 1, "pending_post": pending}
        return self.shown.post(self.put(name, body), name)

    def put(self, name: str, body: dict[str, Any], *, keyed: bool = True) -> Item:
        """Put it live. What a moderator lets through has lost its key (`keyed` False)."""
        platform, number = self.world.platform, self.world.platform.next_id()
        item = Item(
            number, name, body["raw"], platform.clock().isoformat(), author_name=self.world.title(name)
        )
        if body.get("topic_id"):
            topic = int(body["topic_id"])
            item.id = f"{topic}/{number}"
            if (person := self._talk(name, body)) is not None:
                item.kind, item.root = "message", person
                item.extra["of"] = f"{self.world.user_id(name)}@forum"
                return platform.add(item)
            above = self.world.by_number(topic, int(body.get("reply_to_post_number") or 1))
            item.parent, item.root = (above or self.world.posts_in(topic)[0]).id, str(topic)
            return platform.add(item)
        item.title = str(body["title"]).strip()
        item.extra = {key: body[key] for key in ("category", "tags", "target_recipients") if body.get(key)}
        if keyed and body.get("external_id"):
            item.extra["key"] = body["external_id"]
        return platform.add(item)

    def _talk(self, name: str, body: dict[str, Any]) -> str | None:
        topic = body.get("topic_id")
        return self.world.person_in(int(topic), name) if topic else None

    def _refuse(self, name: str, body: dict[str, Any]) -> None:
        raw, topic = str(body.get("raw") or ""), body.get("topic_id")
        least = "min_post_length" if topic else "min_first_post_length"
        if self._talk(name, body) is not None:
            least = "min_personal_message_post_length"
        if len(raw.strip()) < SETTINGS[least]:
            raise unfit(f"Body is too short (minimum is {SETTINGS[least]} characters)")
        if len(raw) > SETTINGS["max_post_length"]:
            raise unfit(f"Body is too long (maximum is {SETTINGS['max_post_length']} characters)")
        if topic:
            if not self.world.posts_in(int(topic)):
                raise unfit("Topic could not be found")
        else:
            self._refuse_topic(body)
        if not self.world.settings.get("loose") and self._said(name, raw):
            raise unfit("Body is too similar to what you recently posted")

    def _refuse_topic(self, body: dict[str, Any]) -> None:
        title, key = str(body.get("title") or "").strip(), body.get("external_id")
        if not SETTINGS["min_topic_title_length"] <= len(title) <= SETTINGS["max_topic_title_length"]:
            raise unfit(f"Title is too short (minimum is {SETTINGS['min_topic_title_length']} characters)")
        heads = [i for i in self.world.platform.items.values() if i.kind == "post" and not i.parent]
        if key and any(item.extra.get("key") == key for item in heads):
            raise unfit("External has already been taken")
        if not self.world.settings.get("loose") and any(item.title == title for item in heads):
            raise unfit("Title has already been used")
        if body.get("category") in self.world.settings.get("restricted", ()):
            raise Refused(403, DENIED, kind="invalid_access")
        known = self.world.settings.get("tags")
        for tag in body.get("tags") or ():
            if known is not None and (tag["name"] if isinstance(tag, dict) else tag) not in known:
                raise unfit("You cannot create new tags.")

    def _said(self, name: str, raw: str) -> bool:
        since = self.world.platform.clock().timestamp() - UNIQUE
        mine = (i for i in self.world.platform.items.values() if i.author == name and i.text == raw)
        return any(datetime.fromisoformat(item.at).timestamp() > since for item in mine)

    async def update(self, request: web.Request) -> web.Response:
        name, item = self.who(request), self._mine(request)
        raw = str((await body_of(request)).get("post", {}).get("raw") or "")
        if len(raw.strip()) < SETTINGS["min_post_length"]:
            raise unfit(f"Body is too short (minimum is {SETTINGS['min_post_length']} characters)")
        item.text = raw
        return web.json_response({"post": self.shown.post(item, name)})

    async def rename(self, request: web.Request) -> web.Response:
        self.who(request)
        item = self.world.platform.items.get(request.match_info["id"])
        if item is None:
            raise gone()
        item.title = str((await body_of(request))["topic"]["title"])
        told = {
            "id": int(item.id),
            "title": item.title,
            "fancy_title": item.title,
            "slug": self.shown.slug(item),
        }
        return web.json_response(
            {"basic_topic": {**told, "posts_count": len(self.world.posts_in(int(item.id)))}}
        )

    async def delete(self, request: web.Request) -> web.Response:
        self.who(request)
        self.world.platform.remove(self._mine(request).id)
        return web.Response()

    async def delete_topic(self, request: web.Request) -> web.Response:
        name = self.who(request)
        item = self.world.platform.items.get(request.match_info["id"])
        if item is None:
            raise gone()
        if item.author != name:
            raise Refused(403, DENIED, kind="invalid_access")
        self.world.platform.remove(item.id)
        return web.Response()

    def _mine(self, request: web.Request) -> Item:
        item = self.world.item_of(int(request.match_info["id"]))
        if item is None:
            raise gone()
        return item


async def body_of(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read())
    except ValueError as error:
        raise Refused(400, "param is missing or the value is empty", kind="invalid_parameters") from error
    return body if isinstance(body, dict) else {}
