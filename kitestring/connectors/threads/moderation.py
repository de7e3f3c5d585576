"""Hiding answers under our posts. Threads lets nobody delete another's words, and its API likes nothing."""

from __future__ import annotations

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.threads.client import account
from kitestring.providers.meta.graph import number


async def hide(session: Session, comment_id: str, hidden: bool) -> None:
    """What hangs on a hidden answer is hidden with it."""
    try:
        await account(session).post(f"{number(comment_id)}/manage_reply", write=False, hide=hidden)
    except Rejected as error:
        if error.reason == "not_there":
            raise Rejected("", "gone", said=error.said) from error
        raise
