"""Deeds on comments under the channel's videos. YouTube's API has no like for comments."""

from __future__ import annotations

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.youtube.client import data


async def hide(session: Session, comment_id: str, hidden: bool) -> None:
    """Hidden: held for review, so that only the channel's people see it."""
    await _judge(session, comment_id, "heldForReview" if hidden else "published")


async def approve(session: Session, comment_id: str) -> None:
    """Show what was held for review."""
    await _judge(session, comment_id, "published")


async def remove(session: Session, comment_id: str) -> None:
    """Rejected: for nobody to see any more, its answers neither. It cannot be taken back."""
    try:
        await _judge(session, comment_id, "rejected")
    except Rejected as error:
        if error.reason != "gone":
            raise


async def _judge(session: Session, comment_id: str, status: str) -> None:
    params = {"id": comment_id, "moderationStatus": status}
    try:
        await data(session).call("POST", "comments/setModerationStatus", write=False, params=params)
    except Rejected as error:
        if error.reason == "not_there":
            raise Rejected("", "gone", said=error.said) from error
        raise
