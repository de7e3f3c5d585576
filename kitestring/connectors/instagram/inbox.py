"""What came in: comments and the answers under them, posts in which the account is tagged, direct messages.

Comments are listed newest first and cannot be asked for by time. Pages are read until one brings nothing new, ten at most: an
answer under an old comment is seen as long as its page is reached.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Incoming, IncomingPage, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.instagram.client import account, desk, may
from kitestring.providers.meta.cursors import Read, moment
from kitestring.providers.meta.graph import Graph, number

ONE: Final = "id,text,timestamp,username,from{id,username},hidden,parent_id"
COMMENT: Final = f"{ONE},replies.limit(50){{{ONE}}}"
TAGGED: Final = "id,caption,timestamp,username,permalink"


async def fetch(session: Session, posts: Sequence[str], cursor: str) -> IncomingPage:
    """Comments under `posts`, mentions, and messages where the person gave the right to read them."""
    graph, read = account(session), Read(cursor)
    found: list[Incoming] = []
    if may(session, "instagram_manage_comments"):
        for post in posts:
            found += await _comments(session, graph, post, read)
        found += await _mentions(session, graph, read)
    else:
        await graph.get(session.remote_id, fields="id")  # a consent that ended is noticed all the same
    if may(session, "instagram_manage_messages"):
        found += await desk(session).read(read)
    found.sort(key=lambda message: message.at)
    return IncomingPage(found, read.cursor())


async def _comments(session: Session, graph: Graph, post: str, read: Read) -> list[Incoming]:
    since, found = read.since(post), []
    try:
        async for rows in graph.pages(f"{number(post)}/comments", fields=COMMENT, limit=50):
            here = shapes.each(_all(rows), lambda told: _comment(session, post, *told))
            fresh = [message for message in here if message.at >= since]
            found += fresh
            if not fresh:
                break
    except Rejected as error:
        if error.reason != "not_there":
            raise
    read.reached(post, (message.at for message in found))
    return found


def _all(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], str]]:
    """(comment, the one it hangs on)."""
    for row in rows:
        yield row, str(row.get("parent_id") or "")
        for below in (row.get("replies") or {}).get("data") or ():
            yield below, str(row.get("id") or "")


def _comment(session: Session, post: str, row: Mapping[str, Any], parent: str) -> Incoming:
    author = row.get("from") or {}
    name = str(author.get("username") or row.get("username") or "?")
    return Incoming(
        remote_id=str(row["id"]),
        post_remote_id=post,
        author_id=str(author.get("id") or name),
        author_name=name,
        author_handle=f"@{name}",
        text=str(row.get("text") or ""),
        at=moment(row, "timestamp"),
        parent_id=parent,
        own=str(author.get("id")) == session.remote_id,
        hidden=bool(row.get("hidden")),
    )


async def _mentions(session: Session, graph: Graph, read: Read) -> list[Incoming]:
    """Posts of others that tag the account. A name in a caption or comment is told by a push only."""
    since, found = read.since("mentions"), []
    async for rows in graph.pages(f"{session.remote_id}/tags", most=2, fields=TAGGED, limit=50):
        fresh = [row for row in rows if moment(row, "timestamp") >= since]
        found += [_mention(row) for row in fresh]
        if len(fresh) < len(rows):
            break
    read.reached("mentions", (message.at for message in found))
    return found


def _mention(row: Mapping[str, Any]) -> Incoming:
    name = str(row.get("username") or "?")
    return Incoming(
        remote_id=str(row["id"]),
        post_remote_id="",
        author_id=name,
        author_name=name,
        author_handle=f"@{name}",
        text=str(row.get("caption") or ""),
        at=moment(row, "timestamp"),
        url=str(row.get("permalink") or ""),
        kind="mention",
        can_reply=False,
    )
