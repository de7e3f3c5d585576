"""Deeds on what others wrote: a favourite given and taken back. Others' posts are theirs to hide or delete."""

from __future__ import annotations

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.mastodon.client import number, server


async def like(session: Session, comment_id: str, liked: bool) -> None:
    """The server is quiet where it is done already. Raises Rejected("", "gone") when the post is not there any more."""
    deed = "favourite" if liked else "unfavourite"
    try:
        await server(session).change("POST", f"/api/v1/statuses/{number(comment_id, 'gone')}/{deed}")
    except Rejected as error:
        if error.reason == "not_there":
            raise Rejected("", "gone", said=error.said) from error
        raise
