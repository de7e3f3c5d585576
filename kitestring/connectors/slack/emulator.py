"""Slack's Web API for tests and the demo: bots, channels, threads, private talks and files that are shared in their own time."""

from __future__ import annotations

import html
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from aiohttp import web

from kitestring.connectorkit.emulation import Faults, Item, Manners, Platform, stores, takes_files
from kitestring.connectorkit.hooks import Knock
from kitestring.connectors.slack.emulated import calls, world
from kitestring.connectors.slack.emulated.calls import answered, challenge
from kitestring.connectors.slack.emulated.world import Refused

__all__ = ["answered", "answers", "app", "build", "challenge", "lose_files", "pushes"]
LOOKS: Final = 1  # how often the history is asked before a shared file shows in it
MOST: Final = 999  # messages of one page, as conversations.history documents


def answers(base_url: str, account_name: str) -> dict[str, str]:
    """What a person types to connect the bot of `account_name` to its channel."""
    return {"bot_token": world.token(account_name), "channel": world.channel(account_name)}


def app(base_url: str) -> dict[str, str]:
    """The operator's app as it is known here: what signs its calls."""
    return {"signing_secret": calls.SIGNING_SECRET}


def lose_files(platform: Platform) -> None:
    """Forget what was uploaded and never shared."""
    files = platform.memory.get("files", {})
    for number in [n for n, file in files.items() if not file["shared"]]:
        files.pop(number)


def pushes(platform: Platform, secrets: Mapping[str, str]) -> list[Knock]:
    """What it would call the app's address with now, each thing once."""
    return list(calls.calls(platform))


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The methods that our connector calls, over this platform."""
    manners = Manners(
        busy=lambda: world.no("ratelimited", 429),
        unauthorized=lambda: world.no("token_revoked"),
        broken=lambda: world.no("internal_error", 500),
        retired=lambda: world.no("method_deprecated"),
    )
    app = web.Application(middlewares=[(faults or Faults()).middleware(manners)], client_max_size=60_000_000)
    slack = _Slack(platform)
    for method in ("chat.postMessage", "files.completeUploadExternal"):
        app.router.add_post(f"/{method}", stores(slack.door(method)))
    posted = ("chat.update", "chat.delete", "reactions.add", "reactions.remove", "files.delete")
    for method in (*posted, "files.getUploadURLExternal"):
        app.router.add_post(f"/{method}", slack.door(method))
    read = ("auth.test", "conversations.info", "conversations.list", "conversations.history", "users.info")
    for method in (*read, "conversations.replies"):
        app.router.add_get(f"/{method}", slack.door(method))
    app.router.add_post("/upload/v1/{file}", slack.take)
    app.router.add_get("/archives/{channel}/{ts}", slack.page)
    return app


class _Slack:
    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.files: dict[str, Any] = platform.memory.setdefault("files", {})

    def door(self, method: str) -> Callable[[web.Request], Awaitable[web.Response]]:
        """Slack's envelope around a method: whose token, which arguments, and 200 whatever came of it."""
        act = getattr(self, method.replace(".", "_"))

        async def handle(request: web.Request) -> web.Response:
            form = request.query if request.method == "GET" else await request.post()
            asked = {key: str(value) for key, value in form.items()}
            asked["home"] = str(request.url.origin())
            try:
                name = world.name_of(request.headers.get("Authorization", ""))
                answer = web.json_response({"ok": True, **act(name, asked)})
            except Refused as refused:
                answer = refused.answer
            scopes = self.platform.memory.get("scopes", world.SCOPES)
            answer.headers["X-OAuth-Scopes"] = ",".join(scopes)
            return answer

        return handle

    def _may(self, scope: str) -> None:
        scopes = self.platform.memory.get("scopes", world.SCOPES)
        if scope not in scopes:
            raise Refused("missing_scope", needed=scope, provided=",".join(scopes))

    def _own(self, name: str, conversation: str) -> None:
        """Whether the bot may write there."""
        self._may("chat:write")
        if conversation in world.talks(self.platform, name):
            return
        if conversation != world.channel(name):
            raise Refused("channel_not_found")
        shape = world.conversation(self.platform, name)
        if shape["is_archived"]:
            raise Refused("is_archived")
        if not shape["is_member"]:
            raise Refused("not_in_channel")

    def auth_test(self, name: str, asked: Mapping[str, str]) -> dict[str, Any]:
        return {
            "url": f"{asked['home']}/", "team": name, "user": "kitestring", "team_id": world.team(name),
            "user_id": world.bot_user(name), "bot_id": world.bot(name), "is_enterprise_install": False,
        }  # fmt: skip

    def conversations_info(self, name: str, asked: Mapping[str, str]) -> dict[str, Any]:
        self._may("channels:read")
        if asked.get("channel") != world.channel(name):
            raise Refused("channel_not_found")
        members = asked.get("include_num_members") == "true"
        return {"channel": world.conversation(self.platform, name, members=members)}

    def conversations_list(self, name: str, asked: Mapping[str, str]) -> dict[str, Any]:
        types = asked.get("types", "public_channel").split(",")
        found = []
        if "im" in types:
            self._may("im:read")
            talks = world.talks(self.platform, name)
            found += [world.private(name, number, author) for number, author in talks.items()]
        if "public_channel" in types:
            self._may("channels:read")
            found.append(world.conversation(self.platform, name))
        return {"channels": found, "response_metadata": {"next_cursor": ""}}

    def _paged(self, name: str, items: list[Item], asked: Mapping[str, str]) -> dict[str, Any]:
        """The page that `cursor` and `limit` ask for. A cursor is the place in the list, worded as opaque as Slack's."""
        start, most = (
            int(asked.get("cursor", "place:0").removeprefix("place:")),
            int(asked.get("limit", "100")),
        )
        page, more = items[start : start + min(most, MOST)], len(items) > start + most
        metadata = asked.get("include_all_metadata") == "true"
        told = [world.message(self.platform, name, item, metadata=metadata) for item in page]
        following = f"place:{start + most}" if more else ""
        return {"messages": told, "has_more": more, "response_metadata": {"next_cursor": following}}

    def conversations_history(self, name: str, asked: Mapping[str, str]) -> dict[str, Any]:
        private = asked["channel"] != world.channel(name)
        self._may("im:history" if private else "channels:history")
        found = _between(world.standing(self.platform, name, asked["channel"]), asked)
        told = self._paged(name, found[::-1], asked)
        self._show()
        return {**told, "pin_count": 0, "channel_actions_ts": None, "channel_actions_count": 0}

    def conversations_replies(self, name: str, asked: Mapping[str, str]) -> dict[str, Any]:
        self._may("channels:history")
        try:
            post = world.find(self.platform, name, asked["channel"], asked["ts"])
        except Refused:
            raise Refused("thread_not_found") from None
        below = _between(world.answers(self.platform, post), asked)
        return self._paged(name, [post, *below], asked)

    def _show(self) -> None:
        """Shared files come to light in Slack's own time: after somebody looked for them in vain."""
        for item in self.platform.items.values():
            if not item.visible and item.extra.get("waits"):
                item.extra["waits"] -= 1
                item.visible = not item.extra["waits"]

    def users_info(self, name: str, asked: Mapping[str, str]) -> dict[str, Any]:
        self._may("users:read")
        number = asked.get("user", "")
        found = world.people(self.platform).get(number)
        if number == world.bot_user(name):
            found = (name, name)
        if found is None:
            raise Refused("user_not_found")
        return {"user": world.user(number, *found)}

    def chat_postMessage(self, name: str, asked: Mapping[str, str]) -> dict[str, Any]:
        conversation = asked["channel"]
        self._own(name, conversation)
        text = _checked(asked.get("text", ""))
        metadata = json.loads(asked.get("metadata") or "null")
        stamp, author, root = world.new_ts(self.platform), "", ""
        if conversation != world.channel(name):
            author = world.talks(self.platform, name)[conversation]
        elif asked.get("thread_ts"):
            root = self._thread(name, conversation, asked["thread_ts"])
        above = self._answered(root, metadata)
        item = Item(
            f"{conversation}:{stamp}" if author else stamp, name, html.unescape(text), self.platform.clock().isoformat(),
            parent=above, root=root or author, author_name=name, extra={"metadata": metadata, "text": text},
        )  # fmt: skip
        if author:
            item.kind, item.extra["of"] = "message", world.channel(name)
        self.platform.add(item)
        told = world.message(self.platform, name, item, metadata=True)
        return {"channel": conversation, "ts": stamp, "message": told}

    def _thread(self, name: str, conversation: str, stamp: str) -> str:
        try:
            found = world.find(self.platform, name, conversation, stamp)
        except Refused:
            raise Refused("thread_not_found") from None
        return found.root or found.id

    def _answered(self, root: str, metadata: Any) -> str:
        """In a flat thread everything answers the post; which answer is meant, the sender's own metadata may say."""
        meant = str(((metadata or {}).get("event_payload") or {}).get("answers") or "")
        below = self.platform.comments(root) if root else []
        return next((item.id for item in below if world.ts(item) == meant), root)

    def chat_update(self, name: str, asked: Mapping[str, str]) -> dict[str, Any]:
        item = world.find(self.platform, name, asked["channel"], asked["ts"])
        if item.author != name:
            raise Refused("cant_update_message")
        text = _checked(asked.get("text", ""))
        item.text, item.extra["text"] = html.unescape(text), text
        return {"channel": asked["channel"], "ts": asked["ts"], "text": text, "message": {"text": text}}

    def chat_delete(self, name: str, asked: Mapping[str, str]) -> dict[str, Any]:
        item = world.find(self.platform, name, asked["channel"], asked["ts"])
        if item.author != name:
            raise Refused("cant_delete_message")
        self.platform.remove(item.id)
        return {"channel": asked["channel"], "ts": asked["ts"]}

    def reactions_add(self, name: str, asked: Mapping[str, str]) -> dict[str, Any]:
        self._may("reactions:write")
        item = world.find(self.platform, name, asked["channel"], asked["timestamp"])
        if item.extra.get("liked"):
            raise Refused("already_reacted")
        item.extra["liked"] = True
        return {}

    def reactions_remove(self, name: str, asked: Mapping[str, str]) -> dict[str, Any]:
        self._may("reactions:write")
        item = world.find(self.platform, name, asked["channel"], asked["timestamp"])
        if not item.extra.get("liked"):
            raise Refused("no_reaction")
        item.extra["liked"] = False
        return {}

    def files_getUploadURLExternal(self, name: str, asked: Mapping[str, str]) -> dict[str, Any]:
        self._may("files:write")
        if not asked.get("filename") or not asked.get("length", "").isdecimal():
            raise Refused("invalid_arguments")
        number = f"F0{int(self.platform.next_id()):09d}"
        self.files[number] = {
            "owner": name, "name": asked["filename"], "length": int(asked["length"]), "bytes": 0, "mime": "",
            "alt": asked.get("alt_txt", ""), "shared": False,
        }  # fmt: skip
        return {"upload_url": f"{asked['home']}/upload/v1/{number}", "file_id": number}

    @takes_files
    async def take(self, request: web.Request) -> web.Response:
        """The bytes themselves, by the address that was given: nobody signs in there."""
        file = self.files.get(request.match_info["file"])
        data = await request.read()
        if file is None or len(data) != file["length"]:
            return web.Response(status=400, text="Bad upload")
        file |= {"bytes": len(data), "mime": request.content_type}
        return web.Response(text=f"OK - {len(data)}", content_type="text/plain")

    def files_completeUploadExternal(self, name: str, asked: Mapping[str, str]) -> dict[str, Any]:
        self._may("files:write")
        wanted = json.loads(asked.get("files") or "[]")
        for one in wanted:
            file = self.files.get(str(one.get("id")))
            if file is None or file["owner"] != name or not file["bytes"] or file["shared"]:
                raise Refused("file_not_found")
        self._own(name, asked["channel_id"])
        shown = []
        for one in wanted:
            file = self.files[one["id"]]
            file["shared"] = True
            shown.append({"id": one["id"], "name": file["name"], "title": one.get("title") or file["name"],
                          "mimetype": file["mime"], "size": file["bytes"]})  # fmt: skip
        text = asked.get("initial_comment", "")
        extra = {"text": text, "waits": LOOKS}
        self.platform.add(Item(
            world.new_ts(self.platform), name, html.unescape(text), self.platform.clock().isoformat(),
            author_name=name, media=shown, extra=extra, visible=False,
        ))  # fmt: skip
        return {"files": [{"id": one["id"], "title": one.get("title", "")} for one in wanted]}

    def files_delete(self, name: str, asked: Mapping[str, str]) -> dict[str, Any]:
        self._may("files:write")
        if self.files.get(asked["file"], {}).get("owner") != name:
            raise Refused("file_not_found")
        self.files.pop(asked["file"])
        return {}

    async def page(self, request: web.Request) -> web.Response:
        """A message as members of the workspace read it."""
        wanted = request.match_info["ts"].removeprefix("p")
        for item in self.platform.items.values():
            if item.kind != "message" and world.ts(item).replace(".", "") == wanted:
                return web.Response(text=f"{item.author_name}\n\n{item.text}\n", content_type="text/plain")
        raise web.HTTPNotFound


def _checked(text: str) -> str:
    if not text.strip():
        raise Refused("no_text")
    if len(text) > world.LONGEST:
        raise Refused("msg_too_long")
    return text


def _between(items: list[Item], asked: Mapping[str, str]) -> list[Item]:
    """Those after `oldest` and before `latest`; the two themselves with `inclusive`."""
    oldest, latest = float(asked.get("oldest") or 0), float(asked.get("latest") or "inf")
    times = [(float(world.ts(item)), item) for item in items]
    if asked.get("inclusive") == "true":
        return [item for at, item in times if oldest <= at <= latest]
    return [item for at, item in times if oldest < at < latest]
