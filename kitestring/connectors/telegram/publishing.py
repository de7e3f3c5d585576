"""Publishing by a bot. Telegram keeps no key and lists no own posts, so after a lost answer a person decides.

There is no `look_up` here on purpose: the Bot API cannot read a channel's history.
"""

from __future__ import annotations

from typing import Any

from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outcome, Outgoing, Published, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.telegram.client import MANIFEST, bot, within
from kitestring.connectors.telegram.sending import choices, send, units, words

# Bot API 10.1, sendPhoto: "width and height must not exceed 10000 in total", "ratio must be at most 20".
SIDES, RATIO = 10_000, 20


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest forbids, words with the link too long, and pictures of a shape Telegram refuses."""
    check_outgoing(MANIFEST, outgoing)
    if outgoing.kind == "poll":
        choices(outgoing)
    else:
        fits(outgoing.kind, words(outgoing))
    for media in outgoing.media:
        short, long = sorted((media.width, media.height))
        picture = media.mime.startswith("image/")
        if picture and long and (short + long > SIDES or long > short * RATIO):
            raise Rejected("media", "shape_refused", params={"width": media.width, "height": media.height})
    if outgoing.kind in ("reply", "message"):
        place_of(session, outgoing.reply_to)


def fits(kind: str, text: str) -> None:
    """Raises Rejected("text", "too_long_with_link") for words that are too long with their link."""
    limit, count = MANIFEST.kind(kind).text.limit, units(text)
    if count > limit:
        raise Rejected("text", "too_long_with_link", params={"count": count, "limit": limit})


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    """Send it once. Raises Ambiguous when the answer was lost: nothing here can find out what became of it."""
    check(session, outgoing)
    if outgoing.kind in ("reply", "message"):
        return await _answer(session, outgoing)
    sent_all = await send(session, outgoing)
    ids = [int(message["message_id"]) for message in sent_all]
    return Published(",".join(map(str, ids)), address(session, sent_all[0]["chat"], ids[0]))


async def _answer(session: Session, outgoing: Outgoing) -> Published:
    """In the discussion, in the channel as a further part, or to a person: there also when what they wrote is gone."""
    chat, message = place_of(session, outgoing.reply_to)
    private = outgoing.kind == "message"
    above = {"message_id": message, "allow_sending_without_reply": private}
    with within(session, chat):
        sent = await bot(session).call(
            "sendMessage", write=True, chat_id=chat, text=words(outgoing), reply_parameters=above
        )
    number = int(sent["message_id"])
    # A further part of our own post is a post of the account as well, and is numbered like one.
    ours = ":" not in outgoing.reply_to and chat == int(session.remote_id)
    return Published(str(number) if ours else f"{chat}:{number}", address(session, sent["chat"], number))


async def withdraw(session: Session, remote_id: str) -> None:
    """Delete every message of the post or reply (Telegram allows it for 48 hours); what is gone already is fine."""
    if ":" in remote_id:
        chat, message = place_of(session, remote_id)
        messages = [message]
    else:
        chat, messages = int(session.remote_id), [int(number) for number in remote_id.split(",")]
    for number in messages:
        try:
            with within(session, chat):
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
    if chat.get("type") == "private":
        return ""
    if name := chat.get("username"):
        return f"{web}/{name}/{message}"
    number = str(chat["id"])
    return f"{web}/c/{number.removeprefix('-100')}/{message}" if number.startswith("-100") else ""
