"""A duty as Discord wants it: the JSON of a message, its files, and how it is sent by a bot or by a webhook."""

from __future__ import annotations

import json
from typing import Any, Final

from kitestring.connectorkit.contract import Outgoing, Session
from kitestring.connectorkit.links import links
from kitestring.connectors.discord import ids
from kitestring.connectors.discord.client import caller, hook_path, is_webhook
from kitestring.kit.http import Answer, Part

ENDINGS: Final = {
    "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "video/mp4": "mp4",
    "video/quicktime": "mov", "video/webm": "webm",
}  # fmt: skip
# discord/discord-api-docs, developers/resources/message.mdx, Message Flags.
SUPPRESS_EMBEDS: Final = 1 << 2
SUPPRESS_NOTIFICATIONS: Final = 1 << 12
# Nobody is called unless the writer chose to: a text with @everyone in it wakes a whole server.
CALLS: Final = {"users": ["users"], "everyone": ["everyone", "roles", "users"]}


def wording(outgoing: Outgoing) -> str:
    """The text with its link at the end, where Discord makes the preview from, unless it is in there already."""
    text = outgoing.text.strip()
    if outgoing.kind == "embed" or not outgoing.link:
        return text
    if any(span.text == outgoing.link for span in links(text, any_host=True)):
        return text
    return f"{text}\n\n{outgoing.link}".strip()


def body(session: Session, outgoing: Outgoing) -> dict[str, Any]:
    """The JSON of the message. A webhook takes no nonce and answers nothing."""
    made = words(outgoing)
    made["allowed_mentions"] = calling(outgoing)
    if flags := _flags(outgoing):
        made["flags"] = flags
    if outgoing.media:
        made["attachments"] = [
            {"id": str(place), "filename": _name(outgoing, place), "description": media.alt}
            for place, media in enumerate(outgoing.media)
        ]
    if not is_webhook(session):
        made |= {"nonce": ids.nonce(outgoing.key), "enforce_nonce": True}
        if outgoing.kind == "reply":
            _channel, message = ids.place_of(session, outgoing.reply_to)
            made["message_reference"] = {"message_id": message, "fail_if_not_exists": True}
    return made


def words(outgoing: Outgoing, picture: str = "") -> dict[str, Any]:
    """What people read of it. `picture`: the name of the picture that the embed shows."""
    if outgoing.kind != "embed":
        return {"content": wording(outgoing)}
    embed: dict[str, Any] = {"title": outgoing.title.strip(), "description": wording(outgoing)}
    if outgoing.link:
        embed["url"] = outgoing.link
    if shown := picture or (_name(outgoing, 0) if outgoing.media else ""):
        embed["image"] = {"url": f"attachment://{shown}"}
    return {"embeds": [embed]}


def calling(outgoing: Outgoing) -> dict[str, Any]:
    """Who is called by the message. The author of what is answered is, as people are used to."""
    parse = CALLS.get(outgoing.options.get("mentions", ""), [])
    return {"parse": parse, **({"replied_user": True} if outgoing.kind == "reply" else {})}


async def send(session: Session, outgoing: Outgoing) -> Answer:
    """Discord's 2xx answer, which holds the message it made. Sends once."""
    made = body(session, outgoing)
    params: list[tuple[str, str]] = []
    if is_webhook(session):
        path, params = hook_path(session), [("wait", "true"), *thread(session)]
    else:
        path = f"/channels/{channel_of(session, outgoing)}/messages"
    more: dict[str, Any] = {"json": made}
    if outgoing.media:
        more = {
            "parts": [Part("payload_json", json.dumps(made, ensure_ascii=False), mime="application/json")]
        }
        more["parts"] += [
            Part(f"files[{place}]", media.path, _name(outgoing, place), media.mime)
            for place, media in enumerate(outgoing.media)
        ]
    return await caller(session).call("POST", path, write=True, posting=True, params=params, **more)


def channel_of(session: Session, outgoing: Outgoing) -> str:
    """Where it goes: a reply into the channel or thread of what it answers."""
    if outgoing.kind == "reply" and not is_webhook(session):
        return ids.place_of(session, outgoing.reply_to)[0]
    return ids.home(session)


def thread(session: Session) -> list[tuple[str, str]]:
    """A webhook is told the thread in the query of every call."""
    found = str(session.settings.get("thread") or "")
    return [("thread_id", found)] if found else []


def _flags(outgoing: Outgoing) -> int:
    flags = SUPPRESS_EMBEDS if outgoing.options.get("no_preview") == "yes" and outgoing.kind != "embed" else 0
    return flags | (SUPPRESS_NOTIFICATIONS if outgoing.options.get("silent") == "yes" else 0)


def _name(outgoing: Outgoing, place: int) -> str:
    media = outgoing.media[place]
    return ids.named(outgoing.key, place, ENDINGS.get(media.mime, "bin"))
