"""One call for one post: a message, a picture, a video, an album of both, a poll; with the settings the post has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import regex

from kitestring.connectorkit.contract import Media, Outgoing, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.telegram.client import Bot, bot
from kitestring.kit.http import Part

# Bot API 10.1, sendPoll and InputPollOption: "1-12 answer options", "1-100 characters", "0-1024 characters".
MOST_CHOICES, CHOICE, DESCRIPTION = 12, 100, 1024
TOGGLES: Final = {"silent": "disable_notification", "protected": "protect_content"}


def words(outgoing: Outgoing) -> str:
    """The text, with the link under it unless the text carries it."""
    if outgoing.link and outgoing.link not in outgoing.text:
        return f"{outgoing.text}\n\n{outgoing.link}".strip()
    return outgoing.text


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def choices(outgoing: Outgoing) -> list[str]:
    """The choices of a poll. Raises Rejected("options.poll")."""
    told = outgoing.options.get("poll", "")
    found = [choice.strip() for choice in regex.split(r"[|｜\n]", told) if choice.strip()]
    too_long = any(units(choice) > CHOICE for choice in found)
    if not 1 <= len(found) <= MOST_CHOICES or too_long or len(set(found)) < len(found):
        raise Rejected("options.poll", "poll_choices", params={"most": MOST_CHOICES, "letters": CHOICE})
    return found


def settings(outgoing: Outgoing) -> dict[str, Any]:
    """What a post of any kind may be told."""
    return {theirs: True for ours, theirs in TOGGLES.items() if outgoing.options.get(ours)}


async def send(session: Session, outgoing: Outgoing) -> list[dict[str, Any]]:
    """The messages Telegram made of the post: one, or as many as an album has files."""
    caller, chat, told = bot(session), int(session.remote_id), settings(outgoing)
    if outgoing.kind == "poll":
        return [await caller.call("sendPoll", write=True, chat_id=chat, **_poll(outgoing), **told)]
    if not outgoing.media:
        if outgoing.options.get("no_preview"):
            told["link_preview_options"] = {"is_disabled": True}
        return [await caller.call("sendMessage", write=True, chat_id=chat, text=words(outgoing), **told)]
    if len(outgoing.media) == 1:
        return [await _one(caller, chat, outgoing, told)]
    return await _album(caller, chat, outgoing, told)


def _poll(outgoing: Outgoing) -> dict[str, Any]:
    """The question is the text; a link stands in the poll's description, where it can be followed."""
    told: dict[str, Any] = {
        "question": outgoing.text.strip(),
        "options": [{"text": choice} for choice in choices(outgoing)],
    }
    if outgoing.link and outgoing.link not in outgoing.text:
        told["description"] = outgoing.link[:DESCRIPTION]
    if outgoing.options.get("poll_several"):
        told["allows_multiple_answers"] = True
    if seconds := outgoing.options.get("poll_length"):
        told["open_period"] = int(seconds)
    return told


async def _one(caller: Bot, chat: int, outgoing: Outgoing, told: Mapping[str, Any]) -> dict[str, Any]:
    media, more = outgoing.media[0], dict(told)
    sort, facts, files = _file(media, "", outgoing)
    if text := words(outgoing):
        more["caption"] = text
    method = "sendVideo" if sort == "video" else "sendPhoto"
    sent: dict[str, Any] = await caller.call(method, write=True, parts=files, chat_id=chat, **facts, **more)
    return sent


async def _album(caller: Bot, chat: int, outgoing: Outgoing, told: Mapping[str, Any]) -> list[dict[str, Any]]:
    album: list[dict[str, Any]] = []
    parts: list[Part] = []
    for number, media in enumerate(outgoing.media):
        sort, facts, files = _file(media, str(number), outgoing)
        album.append({"type": sort, "media": f"attach://{files[0].name}", **facts})
        parts += files
    if text := words(outgoing):
        album[0]["caption"] = text
    shown = json.dumps(album, ensure_ascii=False)
    sent: list[dict[str, Any]] = await caller.call(
        "sendMediaGroup", write=True, parts=parts, chat_id=chat, media=shown, **told
    )
    return sent


def _file(media: Media, number: str, outgoing: Outgoing) -> tuple[str, dict[str, Any], list[Part]]:
    """Its sort, what is told of it, and the parts of the form that carry it: `number` "" where it stands alone."""
    sort = "video" if media.mime.startswith("video/") else "photo"
    facts: dict[str, Any] = {"has_spoiler": True} if outgoing.options.get("covered") else {}
    files = [Part(f"p{number}" if number else sort, media.path, media.path.name, media.mime)]
    if sort == "video":
        facts |= {"supports_streaming": True}
        if media.width and media.height:
            facts |= {"width": media.width, "height": media.height}
        if media.duration:
            facts["duration"] = max(1, round(media.duration))
        if media.cover is not None:
            facts["cover"] = f"attach://cover{number}"
            files.append(Part(f"cover{number}", media.cover, media.cover.name, "image/jpeg"))
    return sort, facts, files
