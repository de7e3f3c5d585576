"""What came in: comments at any depth, posts that tag the Page, private messages. The cursor keeps a moment for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Incoming, IncomingPage, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.facebook.client import desk, may, page
from kitestring.providers.meta.cursors import NEVER, Read, moment
from kitestring.providers.meta.graph import Graph, number

COMMENT: Final = "id,message,created_time,from,parent{id},is_hidden,can_comment,permalink_url"
TAGGED: Final = "id,message,created_time,from,permalink_url"


async def fetch(session: Session, posts: Sequence[str], cursor: str) -> IncomingPage:
    """Comments under `posts`; mentions and messages where the person gave the right to read them."""
    graph, read = page(session), Read(cursor)
    found: list[Incoming] = []
    for post in posts:
        found += await _comments(session, graph, post, read)
    if may(session, "pages_read_user_content"):
        found += await _mentions(session, graph, read)
    if may(session, "pages_messaging"):
        found += await desk(session).read(read)
    found.sort(key=lambda message: message.at)
    return IncomingPage(found, read.cursor())


async def _comments(session: Session, graph: Graph, post: str, read: Read) -> list[Incoming]:
    since, found = read.since(post), []
    try:
        async for rows in graph.pages(
            f"{number(post)}/comments",
            fields=COMMENT,
            filter="stream",
            order="chronological",
            since="" if since == NEVER else int(since.timestamp()),
            limit=100,
        ):
            found += shapes.each(rows, partial(_comment, session, post))
    except Rejected as error:
        if error.reason != "not_there":
            raise
    fresh = [message for message in found if message.at >= since]
    read.reached(post, (message.at for message in fresh))
    return fresh


def _comment(session: Session, post: str, row: Mapping[str, Any]) -> Incoming:
    author = row.get("from") or {}
    return Incoming(
        remote_id=str(row["id"]),
        post_remote_id=post,
        author_id=str(author.get("id") or "unknown"),
        author_name=str(author.get("name") or "?"),
        text=str(row.get("message") or ""),
        at=moment(row),
        parent_id=str((row.get("parent") or {}).get("id") or ""),
        url=str(row.get("permalink_url") or ""),
        own=str(author.get("id")) == session.remote_id,
        can_reply=bool(row.get("can_comment", True)),
        hidden=bool(row.get("is_hidden")),
    )


async def _mentions(session: Session, graph: Graph, read: Read) -> list[Incoming]:
    since, found = read.since("mentions"), []
    async for rows in graph.pages(f"{session.remote_id}/tagged", most=2, fields=TAGGED, limit=50):
        found += [row for row in rows if moment(row) >= since]
        if not rows or moment(rows[-1]) < since:
            break
    read.reached("mentions", (moment(row) for row in found))
    others = (row for row in found if str((row.get("from") or {}).get("id")) != session.remote_id)
    return shapes.each(others, _mention)


def _mention(row: Mapping[str, Any]) -> Incoming:
    author = row.get("from") or {}
    return Incoming(
        remote_id=str(row["id"]),
        post_remote_id="",
        author_id=str(author.get("id") or "unknown"),
        author_name=str(author.get("name") or "?"),
        text=str(row.get("message") or ""),
        at=moment(row),
        url=str(row.get("permalink_url") or ""),
        kind="mention",
    )
