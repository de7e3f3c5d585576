"""Deeds on comments under our posts: hide and remove. The API likes nothing."""

from __future__ import annotations

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.instagram.client import account
from kitestring.providers.meta.graph import number


async def hide(session: Session, comment_id: str, hidden: bool) -> None:
    """Hidden: only its author still sees it."""
    try:
        await account(session).post(number(comment_id), write=False, hide=hidden)
    except Rejected as error:
        if error.reason == "not_there":
            raise Rejected("", "gone", said=error.said) from error
        raise


async def remove(session: Session, comment_id: str) -> None:
    """Delete it for everyone."""
    try:
        await account(session).delete(number(comment_id))
    except Rejected as error:
        if error.reason != "not_there":
            raise
