"""What LINE posts to the account's webhook: private messages of people. Signed with the channel secret over the whole body.

Replies by the reply token of an event are not used: it lives for a minute and takes no retry key, and a person answers later.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from kitestring.connectorkit.contract import Incoming, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.hooks import Door, Heard, Knock
from kitestring.connectors.line.client import channel
from kitestring.connectors.line.composing import PERSON

# What stands for a message without words, the same in every language.
SIGNS: Final = {"image": "📷", "video": "🎞️", "audio": "🎤", "file": "📎", "location": "📍", "sticker": "🏷️"}


def verify(knock: Knock, door: Door) -> Heard | None:
    """By X-Line-Signature: the HMAC-SHA256 of the body under the channel secret, in Base64."""
    secret = door.keys.get("channel_secret", "")
    given = knock.headers.get("x-line-signature", "")
    if knock.method != "POST" or not secret or not given:
        return None
    made = base64.b64encode(hmac.new(secret.encode(), knock.body, hashlib.sha256).digest())
    if not hmac.compare_digest(made, given.encode("utf-8", "replace")):
        return None
    try:
        told = json.loads(knock.body)
    except ValueError:
        return None
    events = told.get("events") if isinstance(told, dict) else None
    listed = events if isinstance(events, list) else []
    found = (_incoming(event) for event in listed if isinstance(event, Mapping))
    return Heard(messages=tuple(one for one in found if one is not None))


def names(handle: str) -> tuple[str, ...]:
    """LINE calls about nothing that is under way."""
    return ()


def _incoming(event: Mapping[str, Any]) -> Incoming | None:
    """A person's message to the account; None for every other event, and for what is said in groups."""
    source, message = event.get("source"), event.get("message")
    if event.get("type") != "message" or not isinstance(source, Mapping) or not isinstance(message, Mapping):
        return None
    who, number = str(source.get("userId") or ""), str(message.get("id") or "")
    if source.get("type") != "user" or not PERSON.fullmatch(who) or not number:
        return None
    try:
        at = datetime.fromtimestamp(float(event["timestamp"]) / 1000, UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None
    return Incoming(
        remote_id=number,
        post_remote_id="",
        author_id=who,
        author_name="",
        text=_words(message),
        at=at,
        parent_id=str(message.get("quotedMessageId") or ""),
        kind="message",
        thread=who,
    )


def _words(message: Mapping[str, Any]) -> str:
    kind = str(message.get("type") or "")
    if kind == "text":
        return str(message.get("text") or "")
    keywords = message.get("keywords")
    told = message.get("fileName") or message.get("address") or message.get("text")
    if not told and isinstance(keywords, list) and keywords:
        told = keywords[0]
    return f"{SIGNS.get(kind, '💬')} {told or ''}".strip()


async def introduce(session: Session, messages: Sequence[Incoming]) -> Sequence[Incoming]:
    """Names and pictures by the profile of each person. One who is no friend, or has not agreed, stays nameless."""
    profiles: dict[str, Mapping[str, Any]] = {}
    for who in dict.fromkeys(message.author_id for message in messages):
        try:
            profiles[who] = await channel(session).read(f"/v2/bot/profile/{who}")
        except Rejected as error:
            if error.reason != "not_there":
                raise
    return [_named(message, profiles.get(message.author_id, {})) for message in messages]


def _named(message: Incoming, profile: Mapping[str, Any]) -> Incoming:
    name, picture = str(profile.get("displayName") or ""), str(profile.get("pictureUrl") or "")
    return replace(message, author_name=name, author_avatar_url=picture)
