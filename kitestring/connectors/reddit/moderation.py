"""Takes a comment of somebody else away, where this account moderates the community.

There is no `like`: Reddit forbids programs to vote but for a person who clicks each time. There is no `hide`: Reddit hides a
thing from the account itself only.
"""

from __future__ import annotations

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.reddit import ids
from kitestring.connectors.reddit.client import api


async def remove(session: Session, comment_id: str) -> None:
    """Remove it from the community; quiet where it is removed already."""
    if not ids.SAID.fullmatch(comment_id):
        raise Rejected("", "gone")
    if session.grant.scopes and "modposts" not in session.grant.scopes:
        raise GrantExpired("scope_missing")
    try:
        await api(session).change("api/remove", {"id": comment_id, "spam": "false"})
    except Rejected as error:
        if error.reason == "not_there":
            return
        if error.reason == "not_permitted":
            raise Rejected("", "not_moderator", said=error.said) from error
        raise
