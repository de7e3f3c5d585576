"""What came in: answers under our posts, posts that name or quote the account, and private messages.

Answers are read from the network's view of each thread, because the list of notifications misses some (docs: real-servers.md).
The cursor is JSON: {"posts": {post: how far}, "mentions": how far, "messages": the newest revision}.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, Literal

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Incoming, IncomingPage, Session
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectors.bluesky import messages
from kitestring.connectors.bluesky.client import network, pds
from kitestring.connectors.bluesky.keys import parts
from kitestring.connectors.bluesky.metrics import shown
from kitestring.kit import clock

DEPTH: Final = "100"
# The view may index a little out of order; the engine knows each message by its id.
OVERLAP: Final = timedelta(minutes=10)
PAGE: Final = 100
PAGES: Final = 20


async def fetch(session: Session, posts: Sequence[str], cursor: str) -> IncomingPage:
    """Since the cursor; the first time of mentions and messages only the newest page."""
    read = _opened(cursor)
    found, reached = await _comments(session, posts, read["posts"])
    named, newest = await _mentions(session, set(posts), read["mentions"])
    talk, revision = await _messages(session, read["messages"])
    kept = {"posts": reached, "mentions": newest, "messages": revision}
    every = sorted([*found, *named, *talk], key=lambda message: message.at)
    return IncomingPage(every, json.dumps(kept, separators=(",", ":")))


def _opened(cursor: str) -> dict[str, Any]:
    try:
        found = json.loads(cursor or "{}")
    except ValueError:
        found = {}
    kept = found if isinstance(found, dict) else {}
    # An older cursor was the table of posts alone.
    told = kept.get("posts")
    rows: dict[str, Any] = told if isinstance(told, dict) else kept
    posts = {k: str(v) for k, v in rows.items() if k.startswith("at://")}
    return {"posts": posts, **{key: str(kept.get(key) or "") for key in ("mentions", "messages")}}


def _is_new(indexed: str, reached: str) -> bool:
    if not reached:
        return True
    try:
        return datetime.fromisoformat(indexed) > datetime.fromisoformat(reached) - OVERLAP
    except ValueError:
        return True


async def _comments(
    session: Session, posts: Sequence[str], seen: dict[str, str]
) -> tuple[list[Incoming], dict[str, str]]:
    """Answers at any depth under `posts`, our own marked, and per post how far we read."""
    messages: list[Incoming] = []
    told = await shown(session, posts)
    reached = {post: seen[post] for post in posts if post in seen}
    for post in posts:
        if not (told.get(post) or {}).get("replyCount"):
            continue
        newest = seen.get(post, "")
        views = await _answers(session, post)
        fresh = [view for view in views if _is_new(str(view.get("indexedAt", "")), seen.get(post, ""))]
        messages += shapes.each(fresh, partial(_incoming, session, post))
        reached[post] = max([newest, *(str(view.get("indexedAt", "")) for view in views)])
    return messages, reached


async def _mentions(session: Session, posts: set[str], reached: str) -> tuple[list[Incoming], str]:
    """Posts that name or quote the account, newest first; what answers one of `posts` is a comment and read there."""
    found: list[Incoming] = []
    newest, cursor = reached, ""
    for _ in range(PAGES if reached else 1):
        params = [("reasons", "mention"), ("reasons", "quote"), ("limit", str(PAGE))]
        params += [("cursor", cursor)] if cursor else []
        page = await pds(session).ask("app.bsky.notification.listNotifications", params)
        rows = shapes.sound(page.get("notifications") or [], "uri")
        fresh = [row for row in rows if _is_new(str(row.get("indexedAt", "")), reached)]
        for row in fresh:
            newest = max(newest, str(row.get("indexedAt", "")))
            if row.get("reason") in ("mention", "quote") and _root(row) not in posts:
                found += shapes.each([row], lambda one: _incoming(session, str(one["uri"]), one, "mention"))
        cursor = str(page.get("cursor") or "")
        if not cursor or len(fresh) < len(rows):
            break
    return found, newest


def _root(view: dict[str, Any]) -> str:
    reply = (view.get("record") or {}).get("reply") or {}
    return str((reply.get("root") or {}).get("uri", ""))


async def _messages(session: Session, after: str) -> tuple[list[Incoming], str]:
    """Private messages, where the grant opens them. What stands in their way keeps nothing else from coming in."""
    if not messages.allowed(session.grant):
        return [], after
    try:
        return await messages.newest(session, after)
    except (Rejected, RetryLater):
        return [], after  # `diagnostics` tells why; they are read next time


async def _answers(session: Session, post: str) -> list[dict[str, Any]]:
    """Every visible answer of the thread; none when the post is gone."""
    params = (("uri", post), ("depth", DEPTH), ("parentHeight", "0"))
    try:
        thread = (await network(session).ask("app.bsky.feed.getPostThread", params)).get("thread") or {}
    except Rejected as error:
        if error.reason == "not_there":
            return []
        raise
    return shapes.sound(_flat(thread), "uri", "author.did")


def _flat(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    waiting = list(node.get("replies") or [])
    while waiting:
        one = waiting.pop()
        if isinstance(one.get("post"), dict):  # else it is blocked or gone
            yield one["post"]
        waiting += [below for below in one.get("replies") or [] if isinstance(below, dict)]


def _incoming(
    session: Session, post: str, view: dict[str, Any], kind: Literal["comment", "mention"] = "comment"
) -> Incoming:
    author, record = view.get("author") or {}, view.get("record") or {}
    uri = str(view["uri"])
    handle = str(author.get("handle") or author.get("did"))
    parent = ((record.get("reply") or {}).get("parent") or {}).get("uri", "")
    return Incoming(
        remote_id=uri,
        post_remote_id=post,
        author_id=str(author.get("did")),
        author_name=str(author.get("displayName") or handle),
        author_handle=handle,
        author_avatar_url=str(author.get("avatar") or ""),
        text=str(record.get("text", "")),
        at=_moment(record, view),
        parent_id=str(parent),
        url=f"{session.urls.get('web', '')}/profile/{author.get('did')}/post/{parts(uri)[1]}",
        own=author.get("did") == session.remote_id,
        can_reply=not (view.get("viewer") or {}).get("replyDisabled", False),
        kind=kind,
    )


def _moment(record: dict[str, Any], view: dict[str, Any]) -> datetime:
    """When it was written; the network's own time when the writer's clock runs ahead or is unreadable."""
    found = []
    for text in (record.get("createdAt"), view.get("indexedAt")):
        try:
            moment = datetime.fromisoformat(str(text))
        except ValueError:
            continue
        found.append(moment if moment.tzinfo else moment.astimezone())
    return min(found, default=clock.now())
