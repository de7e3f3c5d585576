"""Publishing on Discord. A bot's message carries the delivery's key as its nonce, which Discord enforces for some minutes.

Within these the same key sent again is the same message. A look reads the channel's history: by the nonce where the message
still shows it, by the name of its files, which holds the key. A message of ours with the same words and neither is nobody's
proof, and a person decides. A webhook can read no history at all: its kind of account has no look-up (see the manifest).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from kitestring.connectorkit import calls, shapes
from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outcome, Outgoing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.discord import ids, messages
from kitestring.connectors.discord.client import MANIFEST, caller, hook_path, is_webhook

PAGE, PAGES = 100, 10  # messages of a page (the documents' most), and pages a look reads back
SLACK: Final = timedelta(minutes=1)
# discord/discord-api-docs, developers/resources/message.mdx: the largest request; embeds, all their letters together.
REQUEST: Final = 25 * 1024 * 1024


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest forbids, words too long with their link, and files too big together."""
    text = messages.wording(outgoing)
    check_outgoing(
        MANIFEST, outgoing if text == outgoing.text else replace(outgoing, text=text), session.account_type
    )
    if sum(media.size for media in outgoing.media) > REQUEST:
        raise Rejected("media", "too_big_together", params={"limit": REQUEST // 1024 // 1024})
    if outgoing.kind == "reply":
        answered(session, outgoing)


def answered(session: Session, outgoing: Outgoing) -> tuple[str, str]:
    """(channel, message) of what is answered. Raises Rejected("reply_to")."""
    try:
        return ids.place_of(session, outgoing.reply_to)
    except Rejected:
        raise Rejected("reply_to", "comment_gone") from None


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    """Send it once, files and all. Raises Ambiguous when the answer was lost."""
    check(session, outgoing)
    found = calls.json_of(await messages.send(session, outgoing), write=True)
    return _published(session, found)


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    """The message under our key; None when nothing of ours since has its words.

    Raises Ambiguous("look_up_unclear") where words alone stand there, or more was written since than a look reads.
    """
    if is_webhook(session):
        raise Ambiguous("look_up_unclear")
    channel, key, doubtful = messages.channel_of(session, outgoing), ids.nonce(outgoing.key), ""
    async for message in _since(session, channel, outgoing.stamp - SLACK):
        if not _ours(session, message):
            continue
        if key in _keys(message):
            return _published(session, message)
        if not _keys(message) and _says(message, outgoing):
            doubtful = ids.address(session, channel, str(message["id"])) or str(message["id"])
    if doubtful:
        raise Ambiguous("look_up_unclear", said=doubtful)
    return None


async def withdraw(session: Session, remote_id: str) -> None:
    """Delete the message; one already gone is fine."""
    try:
        if is_webhook(session):
            path = f"{hook_path(session)}/messages/{ids.place_of(session, remote_id)[1]}"
            await caller(session).do("DELETE", path, messages.thread(session))
        else:
            channel, message = ids.place_of(session, remote_id)
            await caller(session).do("DELETE", f"/channels/{channel}/messages/{message}")
    except Rejected as error:
        if error.reason != "not_there":
            raise


async def _since(session: Session, channel: str, moment: datetime) -> AsyncIterator[Mapping[str, Any]]:
    """What was written there since, the newest first. Raises Ambiguous when it is more than a look reads."""
    before = ""
    for _page in range(PAGES):
        params = [("limit", str(PAGE)), *([("before", before)] if before else [])]
        page = shapes.rows(await caller(session).read(f"/channels/{channel}/messages", params))
        for message in page:
            if ids.at(str(message["id"])) < moment:
                return
            yield message
        if len(page) < PAGE:
            return
        before = str(page[-1]["id"])
    raise Ambiguous("look_up_unclear")


def _ours(session: Session, message: Mapping[str, Any]) -> bool:
    return str(message["author"]["id"]) == session.settings.get("bot_id") and not message.get("webhook_id")


def _keys(message: Mapping[str, Any]) -> set[str]:
    """The keys that a message of ours shows: its nonce while Discord keeps it, and those in its files' names."""
    found = {str(message.get("nonce") or "")}
    found |= {ids.key_in(str(file.get("filename", ""))) for file in message.get("attachments") or ()}
    return found - {""}


def _says(message: Mapping[str, Any], outgoing: Outgoing) -> bool:
    told = str(message.get("content") or "")
    if outgoing.kind == "embed":
        told = next((str(one.get("description") or "") for one in message.get("embeds") or ()), "")
    return "".join(told.split()) == "".join(messages.wording(outgoing).split())


def _published(session: Session, message: Any) -> Published:
    if not isinstance(message, dict) or not message.get("id"):
        raise Ambiguous("not_itself", said=str(message)[:200])
    channel, number = str(message.get("channel_id") or ids.home(session)), str(message["id"])
    return Published(ids.called(session, channel, number), ids.address(session, channel, number))
