"""What came in: answers at any depth under our posts, and posts of others that name the account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Incoming, IncomingPage, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.threads.client import account, may
from kitestring.providers.meta.cursors import NEVER, Read, moment
from kitestring.providers.meta.graph import Graph, number

ANSWER: Final = (
    "id,text,timestamp,username,permalink,is_reply_owned_by_me,replied_to,hide_status,profile_picture_url"
)
MENTION: Final = "id,text,timestamp,username,permalink,profile_picture_url"


async def fetch(session: Session, posts: Sequence[str], cursor: str) -> IncomingPage:
    """Answers under `posts` and mentions, where the person gave the rights to read them."""
    graph, read = account(session), Read(cursor)
    found: list[Incoming] = []
    if may(session, "threads_read_replies"):
        for post in posts:
            found += await _answers(session, graph, post, read)
    else:
        await graph.get("me", fields="id")  # a consent that ended is noticed all the same
    if may(session, "threads_manage_mentions"):
        found += await _mentions(graph, read)
    found.sort(key=lambda message: message.at)
    return IncomingPage(found, read.cursor())


async def _answers(session: Session, graph: Graph, post: str, read: Read) -> list[Incoming]:
    since, found = read.since(post), []
    try:
        async for rows in graph.pages(f"{number(post)}/conversation", fields=ANSWER, reverse=True, limit=50):
            fresh = [row for row in rows if moment(row, "timestamp") >= since]
            found += shapes.each(fresh, lambda row: _incoming(session, post, row, "comment"))
            if len(fresh) < len(rows):
                break
    except Rejected as error:
        if error.reason != "not_there":
            raise
    read.reached(post, (message.at for message in found))
    return found


async def _mentions(graph: Graph, read: Read) -> list[Incoming]:
    since, found = read.since("mentions"), []
    first = "" if since == NEVER else int(since.timestamp())
    async for rows in graph.pages("me/mentions", most=2, fields=MENTION, since=first, limit=50):
        fresh = [row for row in rows if moment(row, "timestamp") >= since]
        found += shapes.each(fresh, lambda row: _incoming(None, "", row, "mention"))
    read.reached("mentions", (message.at for message in found))
    return found


def _incoming(
    session: Session | None, post: str, row: Mapping[str, Any], kind: Literal["comment", "mention"]
) -> Incoming:
    name = str(row.get("username") or "?")
    above = str((row.get("replied_to") or {}).get("id") or "")
    ours = bool(row.get("is_reply_owned_by_me")) or (session is not None and f"@{name}" == session.handle)
    return Incoming(
        remote_id=str(row["id"]),
        post_remote_id=post,
        author_id=name,
        author_name=name,
        author_handle=f"@{name}",
        author_avatar_url=str(row.get("profile_picture_url") or ""),
        text=str(row.get("text") or ""),
        at=moment(row, "timestamp"),
        parent_id="" if above == post else above,
        url=str(row.get("permalink") or ""),
        own=ours,
        hidden=str(row.get("hide_status") or "") == "HIDDEN",
        kind=kind,
    )
