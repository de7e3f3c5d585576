"""Deeds on comments under a Page's posts: like and delete. LinkedIn lets nobody hide one by a program.

Source: learn.microsoft.com/linkedin/marketing/community-management/shares: reactions-api, comments-api.
"""

from __future__ import annotations

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.linkedin import comments, urns
from kitestring.connectors.linkedin.client import api


async def like(session: Session, comment_id: str, liked: bool) -> None:
    """React with LIKE as the Page, or no more."""
    urns.comment(comment_id)
    caller, actor = api(session), urns.encoded(session.remote_id)
    try:
        if liked:
            body = {"root": comment_id, "reactionType": "LIKE"}
            await caller.change("POST", "reactions", f"actor={actor}", body=body)
        else:
            key = f"(actor:{actor},entity:{urns.encoded(comment_id)})"
            await caller.change("DELETE", f"reactions/{key}", restli="DELETE")
    except Rejected as error:
        if (error.reason == "conflict" and liked) or (error.reason == "not_there" and not liked):
            return  # it is as it should be
        if error.reason == "not_there":
            raise Rejected("", "gone", said=error.said) from error
        raise


async def remove(session: Session, comment_id: str) -> None:
    """Delete it, where the person who agreed is an administrator of the Page."""
    try:
        await comments.remove(api(session), session, comment_id)
    except Rejected as error:
        if error.reason != "not_there":
            raise
