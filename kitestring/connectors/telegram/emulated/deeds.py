"""What is done to messages that are there: changed, deleted, reacted to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from kitestring.connectorkit.emulation import Item, Platform
from kitestring.connectors.telegram.emulated.chats import (
    Refused,
    bot_of,
    chat_of,
    named,
    units,
    unix,
)
from kitestring.connectors.telegram.emulated.sending import LONGEST, LONGEST_CAPTION, shown_again

REACTIONS = {"👍", "❤", "🔥"}  # those the discussion group allows
DELETABLE = timedelta(hours=48)
Params = Mapping[str, Any]


def edit_text(platform: Platform, name: str, params: Params) -> Any:
    item = _to_edit(platform, name, params)
    if item.media or item.extra.get("poll"):
        raise Refused(400, "Bad Request: there is no text in the message to edit")
    return _changed(name, item, int(params["chat_id"]), str(params.get("text") or "").strip(), LONGEST)


def edit_caption(platform: Platform, name: str, params: Params) -> Any:
    item = _to_edit(platform, name, params)
    if not item.media:
        raise Refused(400, "Bad Request: there is no caption in the message to edit")
    return _changed(name, item, int(params["chat_id"]), str(params.get("caption") or ""), LONGEST_CAPTION)


def _to_edit(platform: Platform, name: str, params: Params) -> Item:
    item = named(platform, name, int(params["chat_id"]), str(params["message_id"]))
    if item is None:
        raise Refused(400, "Bad Request: message to edit not found")
    if item.author != name:
        raise Refused(400, "Bad Request: message can't be edited")
    return item


def _changed(name: str, item: Item, chat: int, text: str, longest: int) -> Any:
    if not text and not item.media:
        raise Refused(400, "Bad Request: message text is empty")
    if units(text) > longest:
        raise Refused(400, f"Bad Request: message {'caption ' if item.media else ''}is too long")
    if text == item.text:
        raise Refused(400, "Bad Request: message is not modified")
    item.text = text
    if chat == chat_of(name)["id"]:
        return shown_again(name, item)
    where = (
        chat_of(name, group=True) if chat < 0 else {"id": chat, "type": "private", "first_name": item.root}
    )
    number = int(item.id.rpartition(":")[2])
    return {"message_id": number, "date": unix(item.at), "chat": where, "from": bot_of(name), "text": text}


def react(platform: Platform, name: str, params: Params) -> Any:
    item = named(platform, name, int(params["chat_id"]), str(params["message_id"]))
    if item is None:
        raise Refused(400, "Bad Request: message to react not found")
    chosen = params.get("reaction") or []
    if any(one.get("emoji") not in REACTIONS for one in chosen):
        raise Refused(400, "Bad Request: REACTION_INVALID")
    item.extra["liked"] = bool(chosen)
    return True


def delete(platform: Platform, name: str, params: Params) -> Any:
    """In channels for 48 hours; an administrator of a group may delete anything there at any time."""
    number, chat = str(params["message_id"]), int(params["chat_id"])
    item = named(platform, name, chat, number)
    gone = platform.memory.setdefault("deleted", [])
    if item is None or (chat == chat_of(name)["id"] and number in gone):
        raise Refused(400, "Bad Request: message to delete not found")
    if chat != chat_of(name)["id"]:
        platform.remove(item.id)
        return True
    if platform.clock() - datetime.fromisoformat(item.at) > DELETABLE:
        raise Refused(400, "Bad Request: message can't be deleted for everyone")
    gone.append(number)
    if all(part in gone for part in item.id.split(",")):
        platform.remove(item.id)
    return True


def count_members(platform: Platform, name: str, params: Params) -> Any:
    chat = int(params["chat_id"])
    if chat != chat_of(name)["id"]:
        raise Refused(400, "Bad Request: chat not found")
    return platform.numbers(str(chat)).get("followers", 1)


def page_of(platform: Platform, number: str) -> Item | None:
    return next((item for item in platform.posts() if number in item.id.split(",")), None)
