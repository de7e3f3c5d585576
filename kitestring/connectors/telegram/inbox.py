"""Comments under our posts (what people write in the channel's discussion group, or as replies in our group), and what they
write to the bot itself.

One call a fetch, never more: Telegram forgets every update below the offset we ask with, and the offset we ask with
is always one whose messages are already stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Incoming, IncomingPage, Session
from kitestring.connectors.telegram.client import bot
from kitestring.connectors.telegram.cursors import closed, opened
from kitestring.connectors.telegram.publishing import address

# Counts of reactions are told only to a bot that names them, and that is an administrator of the channel.
SORTS = ["message", "message_reaction_count"]
# What stands for a message without words, the same in every language.
SIGNS = {
    "photo": "📷",
    "video": "🎞️",
    "animation": "🎞️",
    "voice": "🎤",
    "audio": "🎵",
    "document": "📎",
    "poll": "📊",
}


async def fetch(session: Session, posts: Sequence[str], cursor: str) -> IncomingPage:
    """What came since the cursor (`cursors`): comments, private messages; counts of reactions go into the cursor."""
    state = opened(cursor)
    asked: dict[str, Any] = {"offset": state["offset"]} if state["offset"] else {}
    updates: list[dict[str, Any]] = await bot(session).call(
        "getUpdates", **asked, limit=100, timeout=0, allowed_updates=SORTS
    )
    # Without its number an update cannot be left behind, nor asked for again.
    updates = shapes.sound(updates, "update_id")
    if not updates:
        return IncomingPage([], cursor)
    whole = {number: post for post in posts for number in post.split(",")}
    found = list[Incoming]()
    for update in updates:
        said = [message] if (message := update.get("message")) else []
        found += shapes.each(said, lambda one: _incoming(session, one, state["threads"], whole))
        counted = [told] if (told := update.get("message_reaction_count")) else []
        shapes.each(counted, lambda one: _count(session, one, state["counts"]))
    state["offset"] = max(int(update["update_id"]) for update in updates) + 1
    return IncomingPage(found, closed(state))


def _count(session: Session, told: Mapping[str, Any], counts: dict[str, int]) -> None:
    """All reactions to one of our messages, whatever their sign; the newest stands last."""
    if told["chat"]["id"] != int(session.remote_id):
        return
    number = str(told["message_id"])
    counts.pop(number, None)
    counts[number] = sum(int(one.get("total_count") or 0) for one in told.get("reactions") or [])


def _private(message: dict[str, Any]) -> Incoming | None:
    """What a person wrote to the bot itself; their talk is called by the chat's number."""
    said, chat = _words(message), str(message["chat"]["id"])
    if not said:
        return None
    who = _who(message)
    return Incoming(
        remote_id=f"{chat}:{message['message_id']}",
        post_remote_id="",
        author_id=who[0] or chat,
        author_name=who[1],
        author_handle=who[2],
        text=said,
        at=datetime.fromtimestamp(message["date"], UTC),
        kind="message",
        thread=chat,
    )


def _incoming(
    session: Session, message: dict[str, Any], threads: dict[str, str], whole: Mapping[str, str]
) -> Incoming | None:
    """The message as a comment on one of our posts, or as a private one; None when it is something else. Learns threads."""
    chat = message["chat"]
    if chat.get("type") == "private":
        return _private(message)
    if message.get("is_automatic_forward"):
        _learn(session, message, threads)
        return None
    if chat["id"] not in (int(session.remote_id), session.settings.get("discussion")):
        return None
    words = _words(message)
    post = _post(session, message, threads, whole)
    if not words or not post:
        return None
    above = message.get("reply_to_message") or {}
    is_post = above.get("is_automatic_forward") or str(above.get("message_id")) in post.split(",")
    who = _who(message)
    return Incoming(
        remote_id=f"{chat['id']}:{message['message_id']}",
        post_remote_id=post,
        author_id=who[0],
        author_name=who[1],
        author_handle=who[2],
        text=words,
        at=datetime.fromtimestamp(message["date"], UTC),
        parent_id=f"{chat['id']}:{above['message_id']}" if above and not is_post else "",
        url=address(session, chat, message["message_id"]),
        own=_own(session, message),
    )


def _learn(session: Session, message: dict[str, Any], threads: dict[str, str]) -> None:
    """Telegram copies each channel post into the discussion group; the copy's number is the thread."""
    origin = message.get("forward_origin") or {}
    if (origin.get("chat") or {}).get("id") == int(session.remote_id):
        threads[str(message["message_id"])] = str(origin["message_id"])


def _post(
    session: Session, message: dict[str, Any], threads: dict[str, str], whole: Mapping[str, str]
) -> str:
    """The remote id of the post the message belongs to ("" for talk that belongs to none)."""
    above = message.get("reply_to_message") or {}
    if above.get("is_automatic_forward"):
        _learn(session, above, threads)
    thread = str(message.get("message_thread_id") or above.get("message_id") or "")
    if message["chat"]["id"] == int(session.remote_id):
        answered = str(above.get("message_id") or "")
        return whole.get(answered) or whole.get(thread, "")
    number = threads.get(thread) or threads.get(str(above.get("message_id")), "")
    return whole.get(number, number)


def _words(message: Mapping[str, Any]) -> str:
    said = message.get("text") or message.get("caption") or (message.get("sticker") or {}).get("emoji")
    return str(said or next((sign for kind, sign in SIGNS.items() if kind in message), ""))


def _who(message: Mapping[str, Any]) -> tuple[str, str, str]:
    """Id, name and handle of who speaks; people may speak as a channel."""
    if speaker := message.get("sender_chat"):
        name = speaker.get("username", "")
        return str(speaker["id"]), str(speaker.get("title") or name), f"@{name}" if name else ""
    user = message.get("from") or {}
    name = " ".join(part for part in (user.get("first_name"), user.get("last_name")) if part)
    handle = f"@{user['username']}" if user.get("username") else ""
    return str(user.get("id", "")), name, handle


def _own(session: Session, message: Mapping[str, Any]) -> bool:
    """Said by the bot, by our channel, or by an anonymous administrator of the group."""
    speaker = (message.get("sender_chat") or {}).get("id")
    ours = {int(session.remote_id), session.settings.get("discussion")}
    return speaker in ours or (message.get("from") or {}).get("id") == session.settings.get("bot_id")
