"""Comments under a Page's posts and the answers below them. A person's consent reads none.

The cursor is the moment of the newest comment read, in milliseconds; a few minutes are read again. LinkedIn tells who wrote a
comment by number only: what is more of a member may be kept for a day at most, so it is not asked for.
Source: learn.microsoft.com/linkedin/marketing: comments-api, data-storage-requirements.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from kitestring.connectorkit.contract import Incoming, IncomingPage, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.linkedin import comments
from kitestring.connectors.linkedin.client import Api, api
from kitestring.connectors.linkedin.publishing import address

LATE: Final = 5 * 60 * 1000  # milliseconds


async def fetch(session: Session, posts: Sequence[str], cursor: str) -> IncomingPage:
    """What was written since the cursor; a post that is gone has nothing."""
    if session.account_type == "person":
        return IncomingPage((), cursor)
    caller, after = api(session), int(cursor) if cursor.isdecimal() else 0
    found, newest = list[Incoming](), after
    for post in posts:
        for row in await _under(caller, post):
            newest = max(newest, comments.at(row))
            if comments.at(row) > after - LATE and comments.name_of(row):
                found.append(_incoming(session, row, post))
    found.sort(key=lambda one: (one.at, one.remote_id))
    return IncomingPage(found, str(newest) if newest else "")


async def _under(caller: Api, post: str) -> list[dict[str, Any]]:
    """First comments, each followed by the answers to it."""
    every = list[dict[str, Any]]()
    try:
        for row in await comments.below(caller, post):
            every.append(row)
            if _answered(row) and comments.name_of(row):
                every += await comments.below(caller, comments.name_of(row))
    except Rejected as error:
        if error.reason != "not_there":
            raise
    return every


def _answered(row: dict[str, Any]) -> bool:
    told = row.get("commentsSummary")
    counts = (
        [told.get(key) for key in ("aggregatedTotalComments", "totalFirstLevelComments")]
        if isinstance(told, dict)
        else []
    )
    return any(isinstance(count, int) and count > 0 for count in counts)


def _incoming(session: Session, row: dict[str, Any], post: str) -> Incoming:
    actor, name = str(row.get("actor") or ""), comments.name_of(row)
    number = actor.rpartition(":")[2] or name
    own = actor == session.remote_id
    who = "LinkedIn Page" if actor.startswith("urn:li:organization:") else "LinkedIn member"
    return Incoming(
        remote_id=name,
        post_remote_id=post,
        author_id=actor or name,
        author_name=session.handle if own else f"{who} {number[:8]}",
        text=comments.text_of(row),
        at=datetime.fromtimestamp(comments.at(row) / 1000, UTC),
        parent_id=str(row.get("parentComment") or ""),
        url=address(session, name),
        own=own,
    )
