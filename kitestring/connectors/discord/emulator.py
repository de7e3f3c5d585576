"""Discord for tests and the demo: bots, webhooks, one channel and its threads for every account name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from kitestring.connectorkit.emulation import Faults, Item, Manners, Platform, stores
from kitestring.connectors.discord.emulated import shown, world
from kitestring.connectors.discord.emulated.world import Refused

LISTS_STAND_BARE = True  # a list is the whole answer: [] says that there is nothing
KINDS: Final = ("content", "embeds", "files", "poll", "components", "sticker_ids")


def answers(base_url: str, account_name: str) -> dict[str, str]:
    """What a person types to connect the bot of `account_name` to its channel."""
    return {
        "bot_token": world.bot_token(account_name), "channel": world.channel(account_name), "webhook_url": "",
        "thread": "",
    }  # fmt: skip


def webhook_answers(base_url: str, account_name: str) -> dict[str, str]:
    """What a person types to connect the webhook of `account_name`."""
    address = f"{base_url}/api/webhooks/{world.hook_id(account_name)}/{world.hook_token(account_name)}"
    return {"bot_token": "", "channel": "", "webhook_url": address, "thread": ""}


def in_thread(platform: Platform, post: str, author: str, name: str, text: str) -> Item:
    """A person writes in the thread that hangs on a post (which is made when it is first written in)."""
    made = Item(platform.next_id(), author, text, platform.clock().isoformat(), parent=post, author_name=name)
    made.extra = {"thread": post}
    return platform.add(made)


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The calls of API v10 that our connector uses, over this platform."""
    manners = Manners(
        busy=world.slow_down,
        unauthorized=lambda: world.refuse(401, 0, "401: Unauthorized"),
        broken=lambda: world.refuse(500, 0, "500: Internal Server Error"),
        retired=lambda: world.refuse(400, 50041, "Invalid API version provided"),
    )
    server = _Server(platform)
    app = web.Application(
        middlewares=[(faults or Faults()).middleware(manners), _envelope], client_max_size=30_000_000
    )
    route = app.router
    route.add_get("/users/@me", server.me)
    route.add_get("/applications/@me", server.application)
    route.add_get("/guilds/{guild}/preview", server.preview)
    route.add_get("/guilds/{guild}/roles", server.roles)
    route.add_get("/guilds/{guild}/members/{member}", server.member)
    route.add_get("/guilds/{guild}/threads/active", server.threads)
    route.add_get("/channels/{channel}", server.channel)
    route.add_get("/channels/{channel}/messages", server.history)
    route.add_post("/channels/{channel}/messages", server.create)
    for place in ("/channels/{channel}/messages/{message}", "/webhooks/{hook}/{token}/messages/{message}"):
        route.add_get(place, server.one)
        route.add_patch(place, server.change)
        route.add_delete(place, server.delete)
    route.add_route("*", "/channels/{channel}/messages/{message}/reactions/{emoji}/@me", server.react)
    route.add_get("/webhooks/{hook}/{token}", server.hook)
    route.add_post("/webhooks/{hook}/{token}", server.execute)
    route.add_get("/channels/{guild}/{channel}/{message}", server.page)
    return app


@web.middleware
async def _envelope(request: web.Request, handler: Any) -> web.StreamResponse:
    """Discord's error bodies, and the count of the bucket on every answer."""
    try:
        answer: web.StreamResponse = await handler(request)
    except Refused as refused:
        answer = refused.answer
    except web.HTTPNotFound:
        answer = world.refuse(404, 0, "404: Not Found")
    answer.headers.update(world.BUCKET)
    return answer


def _deny(guild: str, name: str) -> None:
    if guild != world.guild(name):
        raise Refused(404, 10004, "Unknown Guild")


class _Server:
    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def _bot(self, request: web.Request) -> str:
        return world.bot_of(request.headers.get("Authorization", ""))

    def _account(self, request: web.Request) -> tuple[str, bool]:
        """(account, whether its webhook calls), by the address or by the token."""
        if hook := request.match_info.get("hook"):
            return world.hook_of(hook, request.match_info["token"]), True
        return self._bot(request), False

    def _channel(self, request: web.Request, name: str) -> str:
        """The channel of a request, which is the account's own or the thread on one of its posts."""
        channel = request.match_info.get("channel") or request.query.get("thread_id") or world.channel(name)
        if channel != world.channel(name) and channel not in world.threads(self.platform, name):
            raise Refused(404, 10003, "Unknown Channel")
        return channel

    def _item(self, request: web.Request, name: str) -> Item:
        channel, number = self._channel(request, name), request.match_info["message"]
        for item in world.standing(self.platform, name, channel):
            if world.snowflake(item) == number:
                return item
        raise Refused(404, 10008, "Unknown Message")

    async def me(self, request: web.Request) -> web.Response:
        return web.json_response(shown.me(self._bot(request)))

    async def application(self, request: web.Request) -> web.Response:
        return web.json_response(shown.application(self.platform, self._bot(request)))

    async def preview(self, request: web.Request) -> web.Response:
        name = self._bot(request)
        _deny(request.match_info["guild"], name)
        return web.json_response(shown.preview(self.platform, name))

    async def roles(self, request: web.Request) -> web.Response:
        name = self._bot(request)
        _deny(request.match_info["guild"], name)
        return web.json_response(shown.roles(self.platform, name))

    async def member(self, request: web.Request) -> web.Response:
        name = self._bot(request)
        _deny(request.match_info["guild"], name)
        return web.json_response(shown.member(name))

    async def threads(self, request: web.Request) -> web.Response:
        name = self._bot(request)
        _deny(request.match_info["guild"], name)
        found = [shown.thread(self.platform, name, post) for post in world.threads(self.platform, name)]
        return web.json_response({"threads": found, "members": [], "has_more": False})

    async def channel(self, request: web.Request) -> web.Response:
        name = self._bot(request)
        channel = self._channel(request, name)
        own = channel == world.channel(name)
        told = shown.channel(name) if own else shown.thread(self.platform, name, channel)
        if own and "channel_kind" in self.platform.memory:
            told["type"] = self.platform.memory["channel_kind"]
        return web.json_response(told)

    async def history(self, request: web.Request) -> web.Response:
        """Newest first; `after` gives what follows it, `before` what precedes it."""
        name = self._bot(request)
        channel, query = self._channel(request, name), request.query
        most = int(query.get("limit", "50"))
        if not 1 <= most <= 100:
            wrong = {"code": "NUMBER_TYPE_MAX", "message": "int value should be less than or equal to 100."}
            raise Refused(400, 50035, "Invalid Form Body", limit={"_errors": [wrong]})
        found = world.standing(self.platform, name, channel)
        if after := query.get("after"):
            found = [item for item in found if int(world.snowflake(item)) > int(after)][:most]
        elif before := query.get("before"):
            found = [item for item in found if int(world.snowflake(item)) < int(before)]
        told = [shown.message(self.platform, name, item) for item in reversed(found[-most:])]
        return web.json_response(told)

    @stores
    async def create(self, request: web.Request) -> web.Response:
        name = self._bot(request)
        channel = self._channel(request, name)
        return await self._store(request, name, channel, hooked=False)

    @stores
    async def execute(self, request: web.Request) -> web.Response:
        name, _hooked = self._account(request)
        made = await self._store(request, name, self._channel(request, name), hooked=True)
        return made if request.query.get("wait") == "true" else web.Response(status=204)

    async def _store(self, request: web.Request, name: str, channel: str, *, hooked: bool) -> web.Response:
        body, files = await _read(request)
        check(body, files)
        nonce = str(body.get("nonce") or "")
        if len(nonce) > 25:
            raise world.too_long("nonce", 25)
        if found := self._same(name, nonce) if body.get("enforce_nonce") else None:
            return web.json_response(shown.message(self.platform, name, found))
        above = self._answered(name, channel, body.get("message_reference"))
        embeds = list(body.get("embeds") or ())
        content = str(body.get("content") or "").strip()
        number = world.new_id(self.platform)
        thread = "" if channel == world.channel(name) else channel
        extra = {
            "nonce": nonce, "content": content, "embeds": embeds, "flags": body.get("flags", 0),
            "webhook": hooked, "thread": thread, "calls": body.get("allowed_mentions"),
        }  # fmt: skip
        item = self.platform.add(Item(
            f"{thread}:{number}" if thread else number, name, content or _told(embeds),
            self.platform.clock().isoformat(), parent=above or thread, author_name=name, media=files, extra=extra,
        ))  # fmt: skip
        return web.json_response(shown.message(self.platform, name, item))

    def _same(self, name: str, nonce: str) -> Item | None:
        mine = (i for i in self.platform.items.values() if i.author == name and nonce)
        return next(
            (i for i in mine if i.extra.get("nonce") == nonce and shown.remembered(self.platform, i)), None
        )

    def _answered(self, name: str, channel: str, reference: Mapping[str, Any] | None) -> str:
        if not reference:
            return ""
        for item in world.standing(self.platform, name, channel):
            if world.snowflake(item) == str(reference["message_id"]):
                return item.id
        told = {"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}
        raise Refused(400, 50035, "Invalid Form Body", message_reference={"_errors": [told]})

    async def one(self, request: web.Request) -> web.Response:
        name, _hooked = self._account(request)
        return web.json_response(shown.message(self.platform, name, self._item(request, name)))

    async def change(self, request: web.Request) -> web.Response:
        name, hooked = self._account(request)
        item = self._item(request, name)
        if item.author != name or bool(item.extra.get("webhook")) != hooked:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        body, files = await _read(request)
        check(body, files or item.media)
        item.extra["content"] = str(body.get("content") or "").strip()
        item.extra["embeds"] = list(body.get("embeds") or ())
        item.extra["edited"] = self.platform.clock().isoformat()
        item.text = item.extra["content"] or _told(item.extra["embeds"])
        return web.json_response(shown.message(self.platform, name, item))

    async def delete(self, request: web.Request) -> web.Response:
        name, _hooked = self._account(request)
        item = self._item(request, name)
        if item.author != name and self.platform.memory.get("no_moderator"):
            raise Refused(403, 50013, "Missing Permissions")
        self.platform.remove(item.id)
        return web.Response(status=204)

    async def react(self, request: web.Request) -> web.Response:
        name = self._bot(request)
        if request.match_info["emoji"] != "👍":
            raise Refused(400, 10014, "Unknown Emoji")
        self._item(request, name).extra["liked"] = request.method == "PUT"
        return web.Response(status=204)

    async def hook(self, request: web.Request) -> web.Response:
        return web.json_response(shown.hook(self._account(request)[0]))

    async def page(self, request: web.Request) -> web.Response:
        """A message as members of the server read it."""
        text = shown.page(self.platform, request.match_info["message"])
        if not text:
            raise web.HTTPNotFound
        return web.Response(text=text, content_type="text/plain")


async def _read(request: web.Request) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The JSON of a message, and its files: in a form of several parts it stands under `payload_json`."""
    if request.content_type != "multipart/form-data":
        return dict(await request.json()), []
    form = await request.post()
    payload = form.get("payload_json") or "{}"  # bytes where the part says that it is JSON
    body: dict[str, Any] = json.loads(payload if isinstance(payload, str | bytearray) else "{}")
    told = {str(one["id"]): one for one in body.get("attachments") or ()}
    files = []
    for name, value in form.items():
        if isinstance(value, web.FileField):
            about = told.get(name.removeprefix("files[").removesuffix("]"), {})
            files.append({
                "filename": about.get("filename") or value.filename, "alt": about.get("description") or "",
                "bytes": len(value.file.read()), "mime": value.content_type,
            })  # fmt: skip
    return body, files


def check(body: Mapping[str, Any], files: list[dict[str, Any]]) -> None:
    """What Discord refuses of a message's body. Raises Refused."""
    content, embeds = str(body.get("content") or "").strip(), list(body.get("embeds") or ())
    if not content and not files and not any(body.get(kind) for kind in KINDS):
        raise Refused(400, 50006, "Cannot send an empty message")
    if len(content) > world.LONGEST:
        raise world.too_long("content", world.LONGEST)
    for embed in embeds:
        if len(str(embed.get("description") or "")) > world.EMBED:
            raise world.too_long("embeds", world.EMBED)
        if len(str(embed.get("title") or "")) > 256:
            raise world.too_long("embeds", 256)
    if len(files) > world.FILES:
        raise Refused(400, 30015, "Maximum number of attachments in a message reached (10)")
    if any(int(file["bytes"]) > world.LARGEST for file in files):
        raise Refused(413, 40005, "Request entity too large")


def _told(embeds: list[dict[str, Any]]) -> str:
    return "\n\n".join(str(one.get("description") or "") for one in embeds)
