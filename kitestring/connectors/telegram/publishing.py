"""Publishing by a bot. Telegram keeps no key and lists no own posts, so after a lost answer a person decides.

There is no `look_up` here on purpose: the Bot API cannot read a channel's history.
"""

from __future__ import annotations

import json
from typing import Any

from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outcome, Outgoing, Published, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.telegram.client import MANIFEST, bot
from kitestring.kit.http import Part

# Bot API 10.1, sendPhoto: "width and height must not exceed 10000 in total", "ratio must be at most 20".
SIDES, RATIO = 10_000, 20


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest forbids, words with the link too long, and pictures of a shape Telegram refuses."""
    check_outgoing(MANIFEST, outgoing)
    limit = MANIFEST.kind(outgoing.kind).text.limit
    count = len(_words(outgoing).encode("utf-16-le")) // 2
    if count > limit:
        raise Rejected("text", "too_long_with_link", params={"count": count, "limit": limit})
    for media in outgoing.media:
        short, long = sorted((media.width, media.height))
        if long and (short + long > SIDES or long > short * RATIO):
            raise Rejected("media", "shape_refused", params={"width": media.width, "height": media.height})
    if outgoing.kind == "reply":
        place_of(session, outgoing.reply_to)


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    """Send it once. Raises Ambiguous when the answer was lost: nothing here can find out what became of it."""
    check(session, outgoing)
    if outgoing.kind == "reply":
        chat, message = place_of(session, outgoing.reply_to)
        sent = await bot(session).call(
            "sendMessage",
            write=True,
            chat_id=chat,
            text=_words(outgoing),
            reply_parameters={"message_id": message, "allow_sending_without_reply": False},
        )
        number = int(sent["message_id"])
        # A further part of our own post is a post of the account as well, and is numbered like one.
        ours = ":" not in outgoing.reply_to and chat == int(session.remote_id)
        return Published(str(number) if ours else f"{chat}:{number}", address(session, sent["chat"], number))
    sent_all = await _send(session, outgoing)
    ids = [int(message["message_id"]) for message in sent_all]
    return Published(",".join(map(str, ids)), address(session, sent_all[0]["chat"], ids[0]))


async def withdraw(session: Session, remote_id: str) -> None:
    """Delete every message of the post or reply (Telegram allows it for 48 hours); what is gone already is fine."""
    if ":" in remote_id:
        chat, message = place_of(session, remote_id)
        messages = [message]
    else:
        chat, messages = int(session.remote_id), [int(number) for number in remote_id.split(",")]
    for number in messages:
        try:
            await bot(session).call("deleteMessage", write=True, chat_id=chat, message_id=number)
        except Rejected as error:
            if error.reason != "gone":
                raise


def place_of(session: Session, remote_id: str) -> tuple[int, int]:
    """Chat and message of a comment's id "chat:message"; an own post's id stands for itself in the account's chat."""
    chat, _, message = remote_id.rpartition(":")
    try:
        return int(chat or session.remote_id), int(message.split(",")[0])
    except ValueError:
        raise Rejected("reply_to", "comment_gone") from None


def address(session: Session, chat: dict[str, Any], message: int) -> str:
    """Where a person sees a message; members only when the chat has no public name."""
    web = session.urls.get("web", "")
    if name := chat.get("username"):
        return f"{web}/{name}/{message}"
    number = str(chat["id"])
    return f"{web}/c/{number.removeprefix('-100')}/{message}" if number.startswith("-100") else ""


def _words(outgoing: Outgoing) -> str:
    """The text, with the link under it unless the text carries it."""
    if outgoing.link and outgoing.link not in outgoing.text:
        return f"{outgoing.text}\n\n{outgoing.link}".strip()
    return outgoing.text


async def _send(session: Session, outgoing: Outgoing) -> list[dict[str, Any]]:
    """The messages Telegram made of the post: one, or as many as an album has pictures."""
    chat, words, media = int(session.remote_id), _words(outgoing), outgoing.media
    if not media:
        return [await bot(session).call("sendMessage", write=True, chat_id=chat, text=words)]
    files = [Part(f"p{n}", m.path, m.path.name, m.mime) for n, m in enumerate(media)]
    if len(media) == 1:
        files = [Part("photo", media[0].path, media[0].path.name, media[0].mime)]
        told = {"caption": words} if words else {}
        return [await bot(session).call("sendPhoto", write=True, parts=files, chat_id=chat, **told)]
    album: list[dict[str, Any]] = [{"type": "photo", "media": f"attach://{part.name}"} for part in files]
    if words:
        album[0]["caption"] = words
    sent: list[dict[str, Any]] = await bot(session).call(
        "sendMediaGroup", write=True, parts=files, chat_id=chat, media=json.dumps(album, ensure_ascii=False)
    )
    return sent
