"""Comments on our articles, with the reply each got; WeChat names their writers by an id only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Incoming, IncomingPage, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.wechat import ids, replies
from kitestring.connectors.wechat.client import app

Seen = dict[str, dict[str, bool]]
# Articles whose comments are told apart from those read before.
REMEMBERED = 200


async def fetch(session: Session, posts: Sequence[str], cursor: str) -> IncomingPage:
    """What is new: the cursor keeps, for each post by itself, which comments were seen and whether answered.

    WeChat promises no order and no "since", so the whole list is read; it is short (comments it lets through). A post asked
    about too long ago is forgotten: its comments come once more then, under the ids they had.
    """
    if not session.settings.get("comments"):
        return IncomingPage([], cursor)
    caller, seen, found = app(session), _read(cursor), list[Incoming]()
    kept: Seen = dict(seen)
    for post in posts:
        there = ids.article(post)
        if not there.data:
            continue
        known = seen.get(there.msgid, {})
        try:
            rows = await replies.comments(caller, there)
        except Rejected as error:
            if error.reason != "gone":
                raise
            rows = []
        for some in shapes.each(rows, partial(_new, post, known, session.handle)):
            found += some
        kept.pop(there.msgid, None)
        kept[there.msgid] = {str(r["user_comment_id"]): bool(r.get("reply", {}).get("content")) for r in rows}
    kept = dict(list(kept.items())[-REMEMBERED:])
    found.sort(key=lambda message: message.at)
    return IncomingPage(found, json.dumps(kept, separators=(",", ":")) if kept else cursor)


def _read(cursor: str) -> Seen:
    return json.loads(cursor) if cursor else {}


def _new(post: str, known: dict[str, bool], our_name: str, row: dict[str, Any]) -> list[Incoming]:
    """The comment unless seen, and the reply it has unless that was seen too."""
    number = str(row["user_comment_id"])
    name, reply = f"{post}#{number}", row.get("reply") or {}
    new: list[Incoming] = []
    if number not in known:
        person = str(row.get("openid") or "")
        new.append(
            Incoming(
                remote_id=name,
                post_remote_id=post,
                author_id=person or f"unknown-{name}",
                author_name=f"…{person[-6:]}" if person else "",
                text=str(row.get("content") or ""),
                at=_moment(row),
                can_reply=not reply.get("content"),
                # Not elected: only its writer sees it.
                awaits_moderation=row.get("comment_type") == 0,
            )
        )
    if reply.get("content") and not known.get(number):
        new.append(
            Incoming(
                remote_id=f"{name}r",
                post_remote_id=post,
                author_id="us",
                author_name=our_name,
                text=str(reply["content"]),
                at=_moment(reply),
                parent_id=name,
                own=True,
                can_reply=False,
            )
        )
    return new


def _moment(row: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(int(row["create_time"]), UTC)
