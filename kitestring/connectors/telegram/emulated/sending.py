"""Sending: messages, pictures, videos, albums and polls into the channel, answers into the group and to people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from kitestring.connectorkit.emulation import Item, Platform
from kitestring.connectors.telegram.emulated.chats import (
    Refused,
    bot_of,
    chat_of,
    in_group,
    in_private,
    of_channel,
    person_of,
    units,
    unix,
)

LONGEST, LONGEST_CAPTION, QUESTION, CHOICE = 4096, 1024, 300, 100
LARGEST = {"photo": 10_000_000, "video": 50_000_000}
SETTINGS = ("disable_notification", "protect_content", "link_preview_options", "has_spoiler")
Params = Mapping[str, Any]


def send_message(platform: Platform, name: str, params: Params) -> Any:
    text = str(params.get("text") or "").strip()
    if not text:
        raise Refused(400, "Bad Request: message text is empty")
    if units(text) > LONGEST:
        raise Refused(400, "Bad Request: message is too long")
    chat = int(params["chat_id"])
    if chat == chat_of(name, group=True)["id"]:
        return _answer(platform, name, params, text)
    if chat > 0:
        return _to_person(platform, name, params, text)
    return _live(platform, name, params, text, [])[0]


def send_photo(platform: Platform, name: str, params: Params) -> Any:
    files = [("photo", params["photo"])]
    return _live(platform, name, params, str(params.get("caption") or ""), files)[0]


def send_video(platform: Platform, name: str, params: Params) -> Any:
    files = [("video", params["video"])]
    return _live(platform, name, params, str(params.get("caption") or ""), files)[0]


def send_album(platform: Platform, name: str, params: Params) -> Any:
    album = json.loads(params["media"])
    if not 2 <= len(album) <= 10:
        raise Refused(400, "Bad Request: wrong number of items in the album")
    files = [(part["type"], params[part["media"].removeprefix("attach://")]) for part in album]
    return _live(platform, name, params, str(album[0].get("caption") or ""), files)


def send_poll(platform: Platform, name: str, params: Params) -> Any:
    question, choices = str(params["question"]), [str(one["text"]) for one in params["options"]]
    if not 1 <= units(question) <= QUESTION:
        raise Refused(400, "Bad Request: poll question length must not exceed 300")
    if not 1 <= len(choices) <= 12:
        raise Refused(400, "Bad Request: poll can't have more than 12 options")
    if any(not 1 <= units(one) <= CHOICE for one in choices):
        raise Refused(400, "Bad Request: poll options length must not exceed 100")
    if not params.get("is_anonymous", True):
        raise Refused(400, "Bad Request: non-anonymous polls can't be sent to channel chats")
    told = {
        "id": platform.next_id(),
        "question": question,
        "options": [
            {"persistent_id": str(n), "text": one, "voter_count": 0} for n, one in enumerate(choices)
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": bool(params.get("allows_multiple_answers")),
        "allows_revoting": True,
        "members_only": False,
    }
    told |= {key: params[key] for key in ("open_period", "description") if key in params}
    [message] = _live(platform, name, params, question, [])
    platform.items[str(message["message_id"])].extra["poll"] = told
    del message["text"]
    return {**message, "poll": told}


def _live(
    platform: Platform, name: str, params: Params, text: str, files: Sequence[tuple[str, Any]]
) -> list[Any]:
    """Put a post into the channel: one message, or one for each file of an album."""
    if int(params["chat_id"]) != chat_of(name)["id"]:
        raise Refused(403, "Forbidden: bot is not a member of the channel chat")
    if files and units(text) > LONGEST_CAPTION:
        raise Refused(400, "Bad Request: message caption is too long")
    if any(int(size) > LARGEST[sort] for sort, size in files):
        raise Refused(400, "Bad Request: file is too big")
    above = _answered(platform, name, params)
    ids = [platform.next_id() for _ in range(len(files) or 1)]
    at = platform.clock().isoformat()
    item = Item(",".join(ids), name, text, at, parent=above, author_name=name)
    item.media = [{"bytes": int(size), "type": sort} for sort, size in files]
    item.extra = {key: params[key] for key in SETTINGS if key in params}
    platform.add(item)
    return [_shown(name, item, number, place) for place, number in enumerate(ids)]


def _shown(name: str, item: Item, number: str, place: int) -> dict[str, Any]:
    """One of the messages of a post, as it comes back."""
    message: dict[str, Any] = {
        "message_id": int(number),
        "date": unix(item.at),
        "chat": chat_of(name),
        "sender_chat": chat_of(name),
    }
    if item.media:
        size = {"file_id": f"f{number}", "file_unique_id": number, "width": 640, "height": 400}
        video = item.media[place]["type"] == "video"
        message |= {"video": {**size, "duration": 1}} if video else {"photo": [size]}
    if item.text and not place:
        message["caption" if item.media else "text"] = item.text
    return message


def shown_again(name: str, item: Item) -> dict[str, Any]:
    """A post of the channel after its words were changed."""
    return _shown(name, item, item.id.split(",")[0], 0)


def _answered(platform: Platform, name: str, params: Params) -> str:
    """The post of the channel that a message of the channel answers ("" for one that answers nothing)."""
    to = str((params.get("reply_parameters") or {}).get("message_id", ""))
    found = of_channel(platform, name, to) if to else None
    if to and found is None:
        raise Refused(400, "Bad Request: message to be replied not found")
    return found.id if found else ""


def _answer(platform: Platform, name: str, params: Params, text: str) -> Any:
    """The bot answers in the discussion group."""
    group = chat_of(name, group=True)
    to = str(params.get("reply_parameters", {}).get("message_id", ""))
    under = in_group(platform, group["id"], to)
    if under is None:
        raise Refused(400, "Bad Request: message to be replied not found")
    number, at = platform.next_id(), platform.clock().isoformat()
    platform.add(Item(f"{group['id']}:{number}", name, text, at, parent=under.id, author_name=name))
    return {"message_id": int(number), "date": unix(at), "chat": group, "from": bot_of(name), "text": text}


def _to_person(platform: Platform, name: str, params: Params, text: str) -> Any:
    """To somebody who wrote to the bot before; nobody else can be written to."""
    chat = int(params["chat_id"])
    theirs = [i for i in platform.items.values() if i.kind == "message" and person_of(i.root) == chat]
    if not theirs:
        raise Refused(400, "Bad Request: chat not found")
    if platform.memory.get("blocked") == chat:
        raise Refused(403, "Forbidden: bot was blocked by the user")
    to = str((params.get("reply_parameters") or {}).get("message_id", ""))
    above = in_private(platform, chat, to) if to else None
    lax = (params.get("reply_parameters") or {}).get("allow_sending_without_reply")
    if to and above is None and not lax:
        raise Refused(400, "Bad Request: message to be replied not found")
    number, at, who = platform.next_id(), platform.clock().isoformat(), theirs[0].root
    sent = Item(f"{chat}:{number}", name, text, at, "", who, name, kind="message")
    platform.add(sent)
    private = {"id": chat, "type": "private", "first_name": who}
    return {"message_id": int(number), "date": unix(at), "chat": private, "from": bot_of(name), "text": text}
