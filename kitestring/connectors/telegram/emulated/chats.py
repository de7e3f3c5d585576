"""Who is there: bots by their tokens, channels with their discussion groups, people and their private talks."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from hashlib import sha256
from typing import Any

from kitestring.connectorkit.emulation import Item, Platform, latin


class Refused(Exception):
    """{"ok": false} with this status and description."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status


def bot_number(name: str) -> int:
    return 10_000_000 + int(sha256(name.encode()).hexdigest()[:6], 16)


def token_of(name: str) -> str:
    spelt = urlsafe_b64encode(name.encode()).decode().rstrip("=")
    return f"{bot_number(name)}:{spelt}_{sha256(spelt.encode()).hexdigest()[:12]}"


def name_of(token: str) -> str:
    """The account of a token. Raises Refused as Telegram does for one it does not know."""
    number, _, rest = token.partition(":")
    spelt, _, check = rest.rpartition("_")
    if sha256(spelt.encode()).hexdigest()[:12] != check:
        raise Refused(401, "Unauthorized")
    name = urlsafe_b64decode(spelt + "=" * (-len(spelt) % 4)).decode()
    if str(bot_number(name)) != number:
        raise Refused(401, "Unauthorized")
    return name


def username_of(name: str) -> str:
    """Telegram's names have five Latin letters, digits or underscores at least."""
    spelt = latin(name)
    return spelt if len(spelt) >= 5 else f"{spelt or 'channel'}_{bot_number(name) % 1000:03}"


def chat_of(name: str, group: bool = False) -> dict[str, Any]:
    number = -1_000_000_000_000 - bot_number(name) * 10 - (1 if group else 0)
    if group:
        return {"id": number, "type": "supergroup", "title": f"{name} · chat"}
    return {"id": number, "type": "channel", "title": name, "username": username_of(name)}


def bot_of(name: str) -> dict[str, Any]:
    return {
        "id": bot_number(name),
        "is_bot": True,
        "first_name": name,
        "username": f"{username_of(name)}_bot",
        "can_join_groups": True,
        "can_read_all_group_messages": True,
    }


def person_of(author: str) -> int:
    return 100_000_000 + int(sha256(author.encode()).hexdigest()[:7], 16)


def private_chat(item: Item) -> dict[str, Any]:
    """The talk with a person who wrote to the bot; it has their number."""
    return {"id": person_of(item.root), "type": "private", "first_name": item.root}


def unix(at: str) -> int:
    return int(datetime.fromisoformat(at).timestamp())


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def threads_of(platform: Platform) -> dict[str, int]:
    """Post -> number of its copy in the discussion group."""
    threads: dict[str, int] = platform.memory.setdefault("threads", {})
    return threads


def thread_of(platform: Platform, post: Item) -> int:
    threads = threads_of(platform)
    if post.id not in threads:
        threads[post.id] = int(platform.next_id())
    return threads[post.id]


def of_channel(platform: Platform, name: str, number: str) -> Item | None:
    """The post (or part of a sequence) of the channel that holds this message; its comments are numbered in the group."""
    ours = (i for i in platform.items.values() if i.author == name and ":" not in i.id)
    return next((i for i in ours if number in i.id.split(",")), None)


def in_group(platform: Platform, group: int, number: str) -> Item | None:
    """The comment (or the post, by its copy) that this number names in the discussion group."""
    for post, thread in threads_of(platform).items():
        if str(thread) == number:
            return platform.items.get(post)
    item = platform.items.get(f"{group}:{number}") or platform.items.get(number)
    return item if item is not None and item.parent else None


def in_private(platform: Platform, chat: int, number: str) -> Item | None:
    """The message of a private talk that this number names there, theirs or the bot's."""
    item = platform.items.get(f"{chat}:{number}") or platform.items.get(number)
    return item if item is not None and item.kind == "message" and person_of(item.root) == chat else None


def named(platform: Platform, name: str, chat: int, number: str) -> Item | None:
    """Whatever this number names in that chat, as the bot sees it."""
    if chat == chat_of(name)["id"]:
        return of_channel(platform, name, number)
    if chat == chat_of(name, group=True)["id"]:
        return in_group(platform, chat, number)
    return in_private(platform, chat, number)
