"""Deeds on readers' comments: make one public (精选, "elected"), take that back, delete it.

A reader's comment is shown to everybody once it is elected, by hand or by the account's own rule. So letting a held one through
is electing it, and hiding is taking the election back: its writer still sees it. A like by the account has no interface.
"""

from __future__ import annotations

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.wechat import ids, replies
from kitestring.connectors.wechat.client import app

# Not there any more: deleted by its writer, by the account, or with its article.
_GONE = frozenset({"gone", "comment_gone"})


async def hide(session: Session, comment_id: str, hidden: bool) -> None:
    """Hidden: elected no more. Raises Rejected("", "gone"), or "too_many_elected" when it cannot be shown again."""
    await _deed(session, "unmarkelect" if hidden else "markelect", comment_id)


async def approve(session: Session, comment_id: str) -> None:
    """Elect it. Raises as `hide`."""
    await _deed(session, "markelect", comment_id)


async def remove(session: Session, comment_id: str) -> None:
    """Delete it for everyone, with the reply it has; of a reply of ours only that."""
    if comment_id.endswith("r"):
        await replies.withdraw(app(session), comment_id)
        return
    try:
        await _deed(session, "delete", comment_id)
    except Rejected as error:
        if error.reason != "gone":
            raise


async def _deed(session: Session, deed: str, comment_id: str) -> None:
    """Done twice it is done once, so an answer that was lost is only asked for again."""
    there, number = ids.comment(comment_id)
    payload = {"msg_data_id": there.data, "index": there.index, "user_comment_id": number}
    try:
        await app(session).call(f"/cgi-bin/comment/{deed}", payload)
    except Rejected as error:
        if error.reason in _GONE:
            raise Rejected("", "gone", said=error.said) from error
        raise
