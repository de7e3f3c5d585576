"""Deeds on what people wrote: a thumb up, taken back, and, for an administrator, taking it away."""

from __future__ import annotations

from typing import Final

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.telegram.client import bot, within
from kitestring.connectors.telegram.publishing import place_of, withdraw

THUMB: Final = "👍"  # Bot API 10.1, ReactionTypeEmoji; a bot has one reaction on a message


async def like(session: Session, comment_id: str, liked: bool) -> None:
    """Raises Rejected("", "gone"), ("", "reaction_not_allowed") where the group allows no thumb; as `within`."""
    chat, message = _place(session, comment_id)
    chosen = [{"type": "emoji", "emoji": THUMB}] if liked else []
    with within(session, chat):
        await bot(session).call(
            "setMessageReaction", write=True, chat_id=chat, message_id=message, reaction=chosen
        )


async def remove(session: Session, comment_id: str) -> None:
    """Quiet where it is gone already. Raises Rejected("", "too_old_to_delete") where the bot may not."""
    _place(session, comment_id)
    await withdraw(session, comment_id)


def _place(session: Session, comment_id: str) -> tuple[int, int]:
    try:
        return place_of(session, comment_id)
    except Rejected as error:
        raise Rejected("", "gone") from error
