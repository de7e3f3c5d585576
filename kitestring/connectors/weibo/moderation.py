"""Deleting comments of others under our posts: the commercial interface lets an account do it, the open one does not.

Source: open.weibo.com/wiki/C/2/comments/destroy/biz ("can only delete comment of the status posted by the login user").
"""

from __future__ import annotations

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.weibo import comments
from kitestring.connectors.weibo.client import api


async def remove(session: Session, comment_id: str) -> None:
    """Delete it; one already gone is fine. Raises Rejected("", "others_stay") where only own ones may be deleted."""
    caller, spot = api(session), comments.spot_of(comment_id)
    try:
        await caller.change("comments/destroy", {"cid": spot.comment or spot.post})
    except Rejected as error:
        if error.reason == "not_ours" and not caller.commercial:
            raise Rejected("", "others_stay", said=error.said) from error
        if error.reason != "not_there":
            raise
