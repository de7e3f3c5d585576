"""Answers on our posts, read from the network's view of each thread; only what is new since the cursor."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from kitestring.connectorkit.contract import Incoming, IncomingPage, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.bluesky.client import view as ask_view
from kitestring.connectors.bluesky.keys import parts
from kitestring.connectors.bluesky.metrics import shown
from kitestring.kit import clock

DEPTH = "100"
OVERLAP = timedelta(
    minutes=10
)  # the view may index a little out of order; the engine knows each message by its id


async def fetch(session: Session, posts: Sequence[str], cursor: str) -> IncomingPage:
    """Answers at any depth under `posts`, our own marked. The cursor remembers, per post, how far we read."""
    seen = _opened(cursor)
    messages: list[Incoming] = []
    told = await shown(session, posts)
    reached = {post: seen[post] for post in posts if post in seen}
    for post in posts:
        if not (told.get(post) or {}).get("replyCount"):
            continue
        newest = seen.get(post, "")
        for view in await _answers(session, post):
            indexed = str(view.get("indexedAt", ""))
            if _is_new(indexed, seen.get(post, "")):
                messages.append(_incoming(session, post, view))
            newest = max(newest, indexed)
        reached[post] = newest
    messages.sort(key=lambda message: message.at)
    return IncomingPage(messages, json.dumps(reached, separators=(",", ":")))


def _opened(cursor: str) -> dict[str, str]:
    try:
        found = json.loads(cursor or "{}")
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _is_new(indexed: str, reached: str) -> bool:
    if not reached:
        return True
    try:
        return datetime.fromisoformat(indexed) > datetime.fromisoformat(reached) - OVERLAP
    except ValueError:
        return True


async def _answers(session: Session, post: str) -> list[dict[str, Any]]:
    """Every visible answer of the thread; none when the post is gone."""
    params = (("uri", post), ("depth", DEPTH), ("parentHeight", "0"))
    try:
        thread = (await ask_view(session, "app.bsky.feed.getPostThread", *params)).get("thread") or {}
    except Rejected as error:
        if error.reason == "not_there":
            return []
        raise
    return list(_flat(thread))


def _flat(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    waiting = list(node.get("replies") or [])
    while waiting:
        one = waiting.pop()
        if isinstance(one.get("post"), dict):  # else it is blocked or gone
            yield one["post"]
        waiting += one.get("replies") or []


def _incoming(session: Session, post: str, view: dict[str, Any]) -> Incoming:
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
