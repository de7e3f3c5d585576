"""What a bot is told: copies of its posts in the group, comments, private messages, counts of reactions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kitestring.connectorkit.emulation import Item, Platform
from kitestring.connectors.telegram.emulated.chats import (
    bot_of,
    chat_of,
    person_of,
    private_chat,
    thread_of,
    unix,
)


def announce(platform: Platform, item: Item) -> None:
    """Queue the update a bot gets: a copy of its post in the group, or somebody's words (never its own)."""
    if item.kind == "message":
        seen: list[str] = platform.memory.get("names", [])
        of = next((name for name in seen if str(chat_of(name)["id"]) == item.extra.get("of")), "")
        if of and item.author != of:
            _queue(platform, of, item.id, "message")
        return
    post = platform.items.get(item.root) if item.parent else item
    if post is None or (item.parent and item.author == post.author):
        return
    _queue(platform, post.author, item.id, "message")


def _queue(platform: Platform, name: str, item_id: str, sort: str) -> None:
    serial = int(platform.memory.get("update", 5000)) + 1
    platform.memory["update"] = serial
    platform.memory.setdefault("updates", []).append([serial, name, item_id, sort])


def get_updates(platform: Platform, name: str, params: Mapping[str, Any]) -> Any:
    """Updates from `offset` on, of the sorts asked for; those below it are forgotten, as Telegram does."""
    sorts = params.get("allowed_updates") or ["message"]
    if "message_reaction_count" in sorts:
        _count(platform, name)
    offset, limit = int(params.get("offset", 0)), int(params.get("limit", 100))
    queue = platform.memory.setdefault("updates", [])
    queue[:] = [row for row in queue if row[1] != name or row[0] >= offset]
    mine = [row for row in queue if row[1] == name and row[2] in platform.items and row[3] in sorts][:limit]
    return [
        {"update_id": serial, sort: _told(platform, name, platform.items[item_id], sort)}
        for serial, _, item_id, sort in mine
    ]


def _count(platform: Platform, name: str) -> None:
    """Reactions that came or went since it was last told of."""
    told: dict[str, int] = platform.memory.setdefault("reactions", {})
    for item in [*platform.items.values()]:
        likes = item.counts.get("likes", 0)
        if (
            item.author == name
            and item.kind == "post"
            and ":" not in item.id
            and likes != told.get(item.id, 0)
        ):
            told[item.id] = likes
            _queue(platform, name, item.id, "message_reaction_count")


def _told(platform: Platform, name: str, item: Item, sort: str) -> dict[str, Any]:
    if sort != "message_reaction_count":
        return _message(platform, name, item)
    hearts = item.counts.get("likes", 0) // 2
    counts = {"❤": hearts, "👍": item.counts.get("likes", 0) - hearts}
    return {
        "chat": chat_of(name),
        "message_id": int(item.id.split(",")[0]),
        "date": unix(platform.clock().isoformat()),
        "reactions": [
            {"type": {"type": "emoji", "emoji": sign}, "total_count": n} for sign, n in counts.items() if n
        ],
    }


def _copy(platform: Platform, name: str, post: Item) -> dict[str, Any]:
    first = int(post.id.split(",")[0])
    origin = {"type": "channel", "date": unix(post.at), "chat": chat_of(name), "message_id": first}
    copy = {
        "message_id": thread_of(platform, post),
        "date": unix(post.at),
        "chat": chat_of(name, group=True),
        "sender_chat": chat_of(name),
        "is_automatic_forward": True,
        "forward_origin": origin,
    }
    return {**copy, "text": post.text} if post.text else copy


def _message(platform: Platform, name: str, item: Item) -> dict[str, Any]:
    """A post's copy or a comment, as the bot sees it in the discussion group; a private message in its own chat."""
    who = {
        "id": person_of(item.author),
        "is_bot": False,
        "first_name": item.author_name or item.author,
    }
    if item.kind == "message":
        at = {"message_id": int(item.id), "date": unix(item.at), "chat": private_chat(item)}
        return {**at, "from": who, "text": item.text}
    if not item.parent:
        return _copy(platform, name, item)
    post, above = platform.items[item.root], platform.items.get(item.parent)
    message: dict[str, Any] = {
        "message_id": int(item.id.rpartition(":")[2]),
        "date": unix(item.at),
        "chat": chat_of(name, group=True),
        "from": who,
        "message_thread_id": thread_of(platform, post),
        "text": item.text,
    }
    if above is not None:
        message["reply_to_message"] = (
            _copy(platform, name, post) if above is post else _short(platform, name, above)
        )
    return message


def _short(platform: Platform, name: str, item: Item) -> dict[str, Any]:
    number = int(item.id.rpartition(":")[2])
    short = {
        "message_id": number,
        "date": unix(item.at),
        "chat": chat_of(name, group=True),
        "text": item.text,
    }
    return {**short, "from": bot_of(name)} if item.author == name else short
