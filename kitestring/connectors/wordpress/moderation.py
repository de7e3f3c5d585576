"""Deeds on comments: held back, let through, put into the bin. Each needs the right to moderate (Editor)."""

from __future__ import annotations

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.wordpress.client import moderates, site
from kitestring.connectors.wordpress.publishing import comment_number, withdraw


async def hide(session: Session, comment_id: str, hidden: bool) -> None:
    """Held back, readers see it no more; let through, they do again."""
    await _put(session, comment_id, "hold" if hidden else "approved")


async def approve(session: Session, comment_id: str) -> None:
    await _put(session, comment_id, "approved")


async def remove(session: Session, comment_id: str) -> None:
    """Into the site's bin, from where its people can take it back; quiet where it is there already."""
    _number(comment_id)
    await withdraw(session, comment_id)


async def _put(session: Session, comment_id: str, standing: str) -> None:
    """WordPress calls the same standing once more a failure, so it is asked for first.

    Raises Rejected("", "gone") for what was deleted, binned or marked as spam.
    """
    place, number = site(session), _number(comment_id)
    seen_as = "edit" if moderates(session) else "view"
    try:
        there = await place.read(f"wp/v2/comments/{number}", context=seen_as, _fields="id,status")
        if there.get("status") in {"trash", "spam"}:
            raise Rejected("", "gone")
        if there.get("status") != standing:
            await place.write(f"wp/v2/comments/{number}", {"status": standing})
    except Rejected as error:
        if error.reason == "comment_gone":
            raise Rejected("", "gone", said=error.said) from error
        raise


def _number(comment_id: str) -> int:
    try:
        return comment_number(comment_id)
    except Rejected as error:
        raise Rejected("", "gone") from error
