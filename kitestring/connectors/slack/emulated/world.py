"""Slack's world behind the emulator: one workspace, one channel and one app for every account name."""

from __future__ import annotations

from base64 import b32decode, b32encode
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from aiohttp import web

from kitestring.connectorkit.emulation import Item, Platform, latin
from kitestring.connectors.slack.places import escaped

LONGEST: Final = 40_000
SCOPES: Final = (
    "chat:write", "channels:read", "channels:history", "reactions:write", "files:write", "users:read", "im:read",
    "im:history",
)  # fmt: skip


class Refused(Exception):
    """{"ok": false, "error": the word}."""

    def __init__(self, word: str, **more: Any) -> None:
        super().__init__(word)
        self.answer = no(word, **more)


def no(word: str, status: int = 200, **more: str) -> web.Response:
    return web.json_response({"ok": False, "error": word, **more}, status=status)


def _number(letter: str, *parts: str) -> str:
    digest = b32encode(sha256("\0".join(parts).encode()).digest()).decode()
    return f"{letter}0{digest[:9]}"


def team(name: str) -> str:
    return _number("T", name)


def channel(name: str) -> str:
    return _number("C", name)


def bot(name: str) -> str:
    return _number("B", name)


def bot_user(name: str) -> str:
    return _number("U", "bot", name)


def person(author: str) -> str:
    return _number("U", author)


def talk(name: str, author: str) -> str:
    """The private talk of a person with the bot."""
    return _number("D", name, author)


def token(name: str) -> str:
    letters = b32encode(name.encode()).decode().rstrip("=")
    return f"xoxb-100-{letters}-{sha256(letters.encode()).hexdigest()[:24]}"


def name_of(header: str) -> str:
    """The account of an Authorization header. Raises Refused as Slack does."""
    kind, _, given = header.partition(" ")
    if kind != "Bearer" or not given:
        raise Refused("not_authed")
    letters = given.rpartition("-")[0].rpartition("-")[2]
    try:
        found = b32decode(letters + "=" * (-len(letters) % 8)).decode()
    except ValueError:
        raise Refused("invalid_auth") from None
    if token(found) != given:
        raise Refused("invalid_auth")
    return found


def ts(item: Item) -> str:
    """An item's time, which is its id in its conversation: our own are called by it."""
    last = item.id.rpartition(":")[2]
    if "." in last:
        return last
    return f"{int(datetime.fromisoformat(item.at).timestamp())}.{int(last):06d}"


def new_ts(platform: Platform) -> str:
    return f"{int(platform.clock().timestamp())}.{int(platform.next_id()):06d}"


def people(platform: Platform) -> dict[str, tuple[str, str]]:
    """Everybody who wrote: number -> (their name there, how they are shown)."""
    return {person(i.author): (i.author, i.author_name or i.author) for i in platform.items.values()}


def talks(platform: Platform, name: str) -> dict[str, str]:
    """The bot's private talks: conversation -> who it is with."""
    mine = (i for i in platform.items.values() if i.kind == "message" and i.extra.get("of") == channel(name))
    return {talk(name, item.root): item.root for item in mine}


def standing(platform: Platform, name: str, conversation: str) -> list[Item]:
    """The messages of a channel (not those in its threads) or of a private talk, the oldest first."""
    if conversation == channel(name):
        found = [i for i in platform.posts(name) if i.visible]
        found += [i for i in platform.items.values() if i.kind == "mention" and i.extra["of"] == conversation]
    elif conversation in (mine := talks(platform, name)):
        found = [i for i in platform.talk(mine[conversation]) if i.extra.get("of") == channel(name)]
    else:
        raise Refused("channel_not_found")
    return sorted(found, key=lambda item: float(ts(item)))


def answers(platform: Platform, post: Item) -> list[Item]:
    """Everything in the thread of a post, the oldest first: threads are flat."""
    return sorted(platform.comments(post.id), key=lambda item: float(ts(item)))


def find(platform: Platform, name: str, conversation: str, stamp: str) -> Item:
    """A message of a conversation, in its threads too. Raises Refused("message_not_found")."""
    for item in standing(platform, name, conversation):
        if ts(item) == stamp:
            return item
        if not item.parent and item.kind == "post":
            for below in platform.comments(item.id):
                if ts(below) == stamp:
                    return below
    raise Refused("message_not_found")


def message(platform: Platform, name: str, item: Item, *, metadata: bool = False) -> dict[str, Any]:
    """A message as the bot of `name` sees it."""
    own = item.author == name
    told: dict[str, Any] = {
        "type": "message", "ts": ts(item), "text": item.extra.get("text", escaped(item.text)), "team": team(name),
        "user": bot_user(name) if own else person(item.author),
    }  # fmt: skip
    if own:
        told["bot_id"] = bot(name)
    if item.kind == "mention":
        told["text"] = f"<@{bot_user(name)}> {told['text']}"
    if item.parent:
        told |= {"thread_ts": ts(platform.items[item.root]), "parent_user_id": bot_user(name)}
    elif below := answers(platform, item) if item.kind == "post" else []:
        users = sorted({bot_user(name) if i.author == name else person(i.author) for i in below})
        told |= {
            "thread_ts": ts(item), "reply_count": len(below), "reply_users_count": len(users),
            "reply_users": users, "latest_reply": ts(below[-1]), "subscribed": False,
        }  # fmt: skip
    if reactions := _reactions(name, item):
        told["reactions"] = reactions
    if item.media:
        told["files"] = [{**file, "user": bot_user(name)} for file in item.media]
    if metadata and item.extra.get("metadata"):
        told["metadata"] = item.extra["metadata"]
    return told


def _reactions(name: str, item: Item) -> list[dict[str, Any]]:
    likes, mine = item.counts.get("likes", 0), bool(item.extra.get("liked"))
    told = []
    if likes:
        users = [_number("U", item.id, str(n)) for n in range(min(likes, 50))]
        told.append({"name": "heart", "count": likes, "users": users})
    if mine:
        told.append({"name": "thumbsup", "count": 1, "users": [bot_user(name)]})
    return told


def conversation(platform: Platform, name: str, *, members: bool = False) -> dict[str, Any]:
    nobody = {"value": "", "creator": "", "last_set": 0}
    told: dict[str, Any] = {
        "id": channel(name), "name": "thong-bao", "name_normalized": "thong-bao", "created": 1767600000,
        "creator": person("owner"), "is_archived": False, "is_channel": True, "is_general": False,
        "is_mpim": False, "is_group": False, "is_org_shared": False, "is_im": False, "is_shared": False,
        "is_private": False, "is_member": True, "topic": nobody, "purpose": nobody,
    }  # fmt: skip
    told |= platform.memory.get("conversation", {})
    if members:
        told["num_members"] = platform.numbers(channel(name)).get("followers", 1)
    return told


def private(name: str, conversation_: str, author: str) -> dict[str, Any]:
    return {"id": conversation_, "created": 1767600000, "is_im": True, "is_org_shared": False, "priority": 0,
            "user": person(author), "is_user_deleted": False}  # fmt: skip


def user(number: str, name: str, shown: str) -> dict[str, Any]:
    short = latin(name) or number.lower()
    profile = {
        "avatar_hash": "a1", "display_name": shown, "display_name_normalized": shown, "real_name": shown,
        "real_name_normalized": shown, "image_72": f"https://avatars.example/{number}.png", "team": "T00000000",
        **dict.fromkeys(("title", "phone", "skype", "status_text", "status_emoji"), ""), "fields": None,
    }  # fmt: skip
    return {"id": number, "name": short, "real_name": shown, "profile": profile, "is_bot": False,
            "updated": 1767600000, "is_app_user": False, "deleted": False}  # fmt: skip
