"""Changing words in place: of a message, or under pictures and videos. Files, polls and settings stay."""

from __future__ import annotations

from typing import Any, Final

from kitestring.connectorkit.contract import Outgoing, Published, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.telegram.client import bot, within
from kitestring.connectors.telegram.publishing import address, fits, place_of
from kitestring.connectors.telegram.sending import words

EDITS: Final = frozenset({"text", "photo", "reply", "message"})


async def edit(session: Session, remote_id: str, outgoing: Outgoing) -> Published:
    """The same message with other words; of an album, those under its first file. The same words again are no trouble.

    Raises Rejected("", "gone"), ("", "cannot_edit") for what the bot did not send and for a poll.
    """
    if outgoing.kind not in EDITS:
        raise Rejected("", "cannot_edit")
    text = words(outgoing).strip()
    captioned = outgoing.kind == "photo"
    if not text and not captioned:
        raise Rejected("text", "text_required")
    fits(outgoing.kind, text)
    chat, message = place_of(session, remote_id)
    where: dict[str, Any] = {"chat_id": chat, "message_id": message}
    chat_there: dict[str, Any] = {"id": chat, "username": session.handle.removeprefix("@")}
    if chat != int(session.remote_id):
        chat_there = {"id": chat, "type": "private"} if chat > 0 else {"id": chat}
    try:
        with within(session, chat):
            if captioned:
                await bot(session).call("editMessageCaption", write=True, caption=text, **where)
            else:
                await bot(session).call("editMessageText", write=True, text=text, **where)
    except Rejected as error:
        if error.reason == "no_text_there":
            raise Rejected("", "cannot_edit", said=error.said) from error
        if error.reason != "same_words":
            raise
    return Published(remote_id, address(session, chat_there, message))
