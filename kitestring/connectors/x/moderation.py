"""Deeds on answers under the account's posts: hide and like. Nobody can delete another's post.

Source: xdevplatform/docs, x-api/posts/hide-replies and x-api/posts/likes.
"""

from __future__ import annotations

from typing import Final

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.x.client import api
from kitestring.connectors.x.ids import number

ALSO_ON: Final = {"mention": ("like",)}


async def hide(session: Session, comment_id: str, hidden: bool) -> None:
    """Hide an answer, or show it again. It stays readable behind a click."""
    await _deed(session, "PUT", f"tweets/{number(comment_id)}/hidden", {"hidden": hidden})


async def like(session: Session, comment_id: str, liked: bool) -> None:
    """Like it as the account, or no more."""
    path = f"users/{number(session.remote_id)}/likes"
    if liked:
        await _deed(session, "POST", path, {"tweet_id": number(comment_id)})
    else:
        await _deed(session, "DELETE", f"{path}/{number(comment_id)}", None)


async def _deed(session: Session, method: str, path: str, body: dict[str, object] | None) -> None:
    try:
        await api(session).change(method, path, body)
    except Rejected as error:
        if error.reason == "not_there":
            raise Rejected("", "gone", said=error.said) from error
        raise
