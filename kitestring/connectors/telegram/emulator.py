"""A Bot API in miniature: one bot, one channel and its discussion group for every account name."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Faults, Item, Manners, Platform, latin, stores

PLATFORM = web.AppKey("platform", Platform)
LONGEST, LONGEST_CAPTION, LARGEST = 4096, 1024, 10_000_000


class Refused(Exception):
    """{"ok": false} with this status and description."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status


def answers(base_url: str, account_name: str) -> dict[str, str]:
    """What a person types to connect as `account_name`: the token holds the name and its own check letters."""
    return {"bot_token": _token(account_name), "chat": f"@{_username(account_name)}"}


def _number(name: str) -> int:
    return 10_000_000 + int(sha256(name.encode()).hexdigest()[:6], 16)


def _token(name: str) -> str:
    spelt = urlsafe_b64encode(name.encode()).decode().rstrip("=")
    return f"{_number(name)}:{spelt}_{sha256(spelt.encode()).hexdigest()[:12]}"


def _name(token: str) -> str:
    """The account of a token. Raises Refused as Telegram does for one it does not know."""
    number, _, rest = token.partition(":")
    spelt, _, check = rest.rpartition("_")
    if sha256(spelt.encode()).hexdigest()[:12] != check:
        raise Refused(401, "Unauthorized")
    name = urlsafe_b64decode(spelt + "=" * (-len(spelt) % 4)).decode()
    if str(_number(name)) != number:
        raise Refused(401, "Unauthorized")
    return name


def _username(name: str) -> str:
    """Telegram's names have five Latin letters, digits or underscores at least."""
    spelt = latin(name)
    return spelt if len(spelt) >= 5 else f"{spelt or 'channel'}_{_number(name) % 1000:03}"


def _chat(name: str, group: bool = False) -> dict[str, Any]:
    number = -1_000_000_000_000 - _number(name) * 10 - (1 if group else 0)
    if group:
        return {"id": number, "type": "supergroup", "title": f"{name} · chat"}
    return {"id": number, "type": "channel", "title": name, "username": _username(name)}


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The Bot API over `platform`. Comments become updates of the bot whose post they stand under."""
    manners = Manners(
        busy=lambda: _no(429, "Too Many Requests: retry later", retry_after=3),
        unauthorized=lambda: _no(401, "Unauthorized"),
        broken=lambda: _no(500, "Internal Server Error"),
    )
    app = web.Application(middlewares=[(faults or Faults()).middleware(manners)], client_max_size=120_000_000)
    app[PLATFORM] = platform
    storing = {"sendMessage": _send_message, "sendPhoto": _send_photo, "sendMediaGroup": _send_album}
    plain = {
        "getMe": _get_me,
        "getChat": _get_chat,
        "getChatMember": _get_member,
        "getWebhookInfo": _get_webhook,
        "getUpdates": _get_updates,
        "deleteMessage": _delete,
    }
    for method, act in (*storing.items(), *plain.items()):
        handler = _door(act)
        app.router.add_route(
            "*", f"/bot{{token}}/{method}", stores(handler) if method in storing else handler
        )
    app.router.add_get("/{name}/{message}", _page)
    platform.listen(lambda item: _announce(platform, item))
    return app


def _no(status: int, description: str, **parameters: int) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return web.json_response(body, status=status)


Act = Callable[[Platform, str, Mapping[str, Any]], Any]


def _door(act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The vendor's envelope around a method: who calls, with what, and what came of it."""

    async def handle(request: web.Request) -> web.Response:
        try:
            name = _name(request.match_info["token"])
            result = act(request.app[PLATFORM], name, await _params(request))
        except Refused as refused:
            return _no(refused.status, str(refused))
        return web.json_response({"ok": True, "result": result})

    return handle


async def _params(request: web.Request) -> dict[str, Any]:
    """Parameters as JSON or as a form, where everything but files is text."""
    if request.content_type == "multipart/form-data":
        found: dict[str, Any] = {}
        for key, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                found[key] = len(value.file.read())
            else:
                found[key] = value
        return found
    return dict(await request.json()) if request.body_exists else dict(request.query)


def _get_me(platform: Platform, name: str, params: Mapping[str, Any]) -> Any:
    return {
        "id": _number(name),
        "is_bot": True,
        "first_name": name,
        "username": f"{_username(name)}_bot",
        "can_join_groups": True,
        "can_read_all_group_messages": True,
    }


def _get_chat(platform: Platform, name: str, params: Mapping[str, Any]) -> Any:
    channel = _chat(name)
    if params.get("chat_id") not in (f"@{channel['username']}", channel["id"]):
        raise Refused(400, "Bad Request: chat not found")
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
        False,
    )
    linked = _chat(name, group=True)["id"]
    return {
        **channel, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts,
        "linked_chat_id": linked,
    }  # fmt: skip


RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
    "can_delete_stories",
)  # fmt: skip


def _get_member(platform: Platform, name: str, params: Mapping[str, Any]) -> Any:
    return {
        "status": "administrator",
        "user": _get_me(platform, name, {}),
        "can_be_edited": False,
        "is_anonymous": False,
        **dict.fromkeys(RIGHTS, True),
        "can_post_messages": True,
    }


def _get_webhook(platform: Platform, name: str, params: Mapping[str, Any]) -> Any:
    return {"url": "", "has_custom_certificate": False, "pending_update_count": 0}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _send_message(platform: Platform, name: str, params: Mapping[str, Any]) -> Any:
    text = str(params.get("text") or "").strip()
    if not text:
        raise Refused(400, "Bad Request: message text is empty")
    if _units(text) > LONGEST:
        raise Refused(400, "Bad Request: message is too long")
    if int(params["chat_id"]) == _chat(name, group=True)["id"]:
        return _answer(platform, name, params, text)
    return _live(platform, name, params, text, [])[0]


def _send_photo(platform: Platform, name: str, params: Mapping[str, Any]) -> Any:
    return _live(platform, name, params, str(params.get("caption") or ""), [params["photo"]])[0]


def _send_album(platform: Platform, name: str, params: Mapping[str, Any]) -> Any:
    album = json.loads(params["media"])
    if not 2 <= len(album) <= 10:
        raise Refused(400, "Bad Request: wrong number of items in the album")
    sizes = [params[part["media"].removeprefix("attach://")] for part in album]
    return _live(platform, name, params, str(album[0].get("caption") or ""), sizes)


def _live(platform: Platform, name: str, params: Mapping[str, Any], text: str, sizes: list[int]) -> list[Any]:
    """Put a post into the channel: one message, or one for each picture of an album."""
    if int(params["chat_id"]) != _chat(name)["id"]:
        raise Refused(403, "Forbidden: bot is not a member of the channel chat")
    if sizes and _units(text) > LONGEST_CAPTION:
        raise Refused(400, "Bad Request: message caption is too long")
    if any(int(size) > LARGEST for size in sizes):
        raise Refused(400, "Bad Request: file is too big")
    ids = [platform.next_id() for _ in sizes or [0]]
    at = platform.clock().isoformat()
    above = _answered(platform, name, params)
    media = [{"bytes": s} for s in sizes]
    platform.add(Item(",".join(ids), name, text, at, parent=above, author_name=name, media=media))
    told: list[dict[str, Any]] = []
    for n, number in enumerate(ids):
        message = {
            "message_id": int(number),
            "date": _unix(at),
            "chat": _chat(name),
            "sender_chat": _chat(name),
        }
        if sizes:
            message["photo"] = [
                {"file_id": f"f{number}", "file_unique_id": number, "width": 640, "height": 400}
            ]
        if text and not n:
            message["caption" if sizes else "text"] = text
        told.append(message)
    return told


def _answered(platform: Platform, name: str, params: Mapping[str, Any]) -> str:
    """The post of the channel that a message of the channel answers ("" for one that answers nothing)."""
    to = str((params.get("reply_parameters") or {}).get("message_id", ""))
    found = _of_channel(platform, name, to) if to else None
    if to and found is None:
        raise Refused(400, "Bad Request: message to be replied not found")
    return found.id if found else ""


def _of_channel(platform: Platform, name: str, number: str) -> Item | None:
    """The post (or part of a sequence) of the channel that holds this message; its comments are numbered in the group."""
    ours = (i for i in platform.items.values() if i.author == name and ":" not in i.id)
    return next((i for i in ours if number in i.id.split(",")), None)


def _unix(at: str) -> int:
    return int(datetime.fromisoformat(at).timestamp())


def _threads(platform: Platform) -> dict[str, int]:
    """Post -> number of its copy in the discussion group."""
    threads: dict[str, int] = platform.memory.setdefault("threads", {})
    return threads


def _thread(platform: Platform, post: Item) -> int:
    threads = _threads(platform)
    if post.id not in threads:
        threads[post.id] = int(platform.next_id())
    return threads[post.id]


def _answer(platform: Platform, name: str, params: Mapping[str, Any], text: str) -> Any:
    """The bot answers in the discussion group."""
    group = _chat(name, group=True)
    to = str(params.get("reply_parameters", {}).get("message_id", ""))
    under = _in_group(platform, group["id"], to)
    if under is None:
        raise Refused(400, "Bad Request: message to be replied not found")
    number, at = platform.next_id(), platform.clock().isoformat()
    platform.add(Item(f"{group['id']}:{number}", name, text, at, parent=under.id, author_name=name))
    sender = _get_me(platform, name, {})
    return {"message_id": int(number), "date": _unix(at), "chat": group, "from": sender, "text": text}


def _in_group(platform: Platform, group: int, number: str) -> Item | None:
    """The comment (or the post, by its copy) that this number names in the discussion group."""
    for post, thread in _threads(platform).items():
        if str(thread) == number:
            return platform.items.get(post)
    item = platform.items.get(f"{group}:{number}") or platform.items.get(number)
    return item if item is not None and item.parent else None


def _announce(platform: Platform, item: Item) -> None:
    """Queue the update a bot gets: a copy of its post in the group, or somebody's comment (never its own words)."""
    post = platform.items.get(item.root) if item.parent else item
    if post is None or (item.parent and item.author == post.author):
        return
    serial = int(platform.memory.get("update", 5000)) + 1
    platform.memory["update"] = serial
    platform.memory.setdefault("updates", []).append([serial, post.author, item.id])


def _get_updates(platform: Platform, name: str, params: Mapping[str, Any]) -> Any:
    """Updates from `offset` on; those below it are forgotten, as Telegram does."""
    offset, limit = int(params.get("offset", 0)), int(params.get("limit", 100))
    queue = platform.memory.setdefault("updates", [])
    queue[:] = [row for row in queue if row[1] != name or row[0] >= offset]
    mine = [row for row in queue if row[1] == name and row[2] in platform.items][:limit]
    return [{"update_id": s, "message": _message(platform, name, platform.items[i])} for s, _, i in mine]


def _copy(platform: Platform, name: str, post: Item) -> dict[str, Any]:
    first = int(post.id.split(",")[0])
    origin = {"type": "channel", "date": _unix(post.at), "chat": _chat(name), "message_id": first}
    copy = {
        "message_id": _thread(platform, post),
        "date": _unix(post.at),
        "chat": _chat(name, group=True),
        "sender_chat": _chat(name),
        "is_automatic_forward": True,
        "forward_origin": origin,
    }
    return {**copy, "text": post.text} if post.text else copy


def _message(platform: Platform, name: str, item: Item) -> dict[str, Any]:
    """A post's copy or a comment, as the bot sees it in the discussion group."""
    if not item.parent:
        return _copy(platform, name, item)
    post, above = platform.items[item.root], platform.items.get(item.parent)
    message: dict[str, Any] = {
        "message_id": int(item.id.rpartition(":")[2]),
        "date": _unix(item.at),
        "chat": _chat(name, group=True),
        "from": {"id": _person(item.author), "is_bot": False, "first_name": item.author_name or item.author},
        "message_thread_id": _thread(platform, post),
        "text": item.text,
    }
    if above is not None:
        message["reply_to_message"] = (
            _copy(platform, name, post) if above is post else _short(platform, name, above)
        )
    return message


def _short(platform: Platform, name: str, item: Item) -> dict[str, Any]:
    number = int(item.id.rpartition(":")[2])
    return {"message_id": number, "date": _unix(item.at), "chat": _chat(name, group=True), "text": item.text}


def _person(author: str) -> int:
    return 100_000_000 + int(sha256(author.encode()).hexdigest()[:7], 16)


def _delete(platform: Platform, name: str, params: Mapping[str, Any]) -> Any:
    number, chat = str(params["message_id"]), int(params["chat_id"])
    if chat == _chat(name)["id"]:
        item = _of_channel(platform, name, number)
        gone = platform.memory.setdefault("deleted", [])
        if item is None or number in gone:
            raise Refused(400, "Bad Request: message to delete not found")
        gone.append(number)
        if all(part in gone for part in item.id.split(",")):
            platform.remove(item.id)
        return True
    item = _in_group(platform, chat, number)
    if item is None:
        raise Refused(400, "Bad Request: message to delete not found")
    platform.remove(item.id)
    return True


async def _page(request: web.Request) -> web.Response:
    """A message as its public page shows it."""
    for item in request.app[PLATFORM].posts():
        if request.match_info["message"] in item.id.split(","):
            return web.Response(text=f"{item.author_name}\n\n{item.text}\n", content_type="text/plain")
    raise web.HTTPNotFound
