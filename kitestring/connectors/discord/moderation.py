"""Deeds on what others wrote under our messages: a thumb up, and taking it away (both need the bot's right to it)."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.discord import ids
from kitestring.connectors.discord.client import caller

THUMB: Final = quote("👍")
ALSO_ON: Final = {"mention": ("like",)}


async def like(session: Session, comment_id: str, liked: bool) -> None:
    """Put our thumb under it, or take it back."""
    await _do(session, "PUT" if liked else "DELETE", comment_id, f"/reactions/{THUMB}/@me")


async def remove(session: Session, comment_id: str) -> None:
    """Delete it there; quiet when it is gone already."""
    try:
        await _do(session, "DELETE", comment_id)
    except Rejected as error:
        if error.reason != "gone":
            raise


async def _do(session: Session, method: str, comment_id: str, rest: str = "") -> None:
    channel, message = ids.place_of(session, comment_id)
    try:
        await caller(session).do(method, f"/channels/{channel}/messages/{message}{rest}")
    except Rejected as error:
        if error.reason == "not_there":
            raise Rejected("", "gone", said=error.said) from error
        raise
