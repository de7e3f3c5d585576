"""What came in: comments under the account's posts, what Reddit's own inbox tells (answers, mentions), and private messages.

The cursor is JSON: {"posts": {post: [comments it had, newest second read]}, "inbox": newest second read}. A post's tree is read
when its count has changed; what was read of the last few hundred posts stays, whether they are asked about or not. What is a
few minutes old is read again, since Reddit may list late.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Incoming, IncomingPage, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.reddit import finding, ids, tree
from kitestring.connectors.reddit.client import Api, api, at_of, rows

LATE: Final = 10 * 60  # seconds
AT_ONCE: Final = 100
PAGES: Final = 10
REMEMBERED: Final = 500  # posts that are not asked about in this round
GONE: Final = ("[deleted]", "[removed]", "")
Row = dict[str, Any]


async def fetch(session: Session, posts: Sequence[str], cursor: str) -> IncomingPage:
    """Comments, mentions and messages since the cursor; the first time the inbox's newest and all that is under the posts."""
    caller, read = api(session), _opened(cursor)
    found: dict[str, Incoming] = {}
    told, newest = await _inbox(caller, session, posts, read["inbox"])
    found |= {one.remote_id: one for one in told}
    # Old posts are not asked about in every round: what was read of the others stays.
    kept: dict[str, list[int]] = dict(list(read["posts"].items())[-REMEMBERED:])
    counts = await _counts(caller, posts)
    for post in posts:
        had, since = read["posts"].get(post, [0, 0])
        count = counts.get(post, had)
        if count != had:
            under, since = await _under(caller, session, post, since)
            found |= {one.remote_id: one for one in under}
        kept.pop(post, None)  # asked last, forgotten last
        kept[post] = [count, since]
    every = sorted(found.values(), key=lambda one: (one.at, one.remote_id))
    return IncomingPage(every, json.dumps({"posts": kept, "inbox": newest}, separators=(",", ":")))


def _opened(cursor: str) -> dict[str, Any]:
    try:
        found = json.loads(cursor or "{}")
    except ValueError:
        found = {}
    kept = found if isinstance(found, dict) else {}
    return {"posts": dict(kept.get("posts") or {}), "inbox": int(kept.get("inbox") or 0)}


async def _counts(caller: Api, posts: Sequence[str]) -> dict[str, int]:
    """How many comments each post has; those that are gone are left out."""
    found: dict[str, int] = {}
    for start in range(0, len(posts), AT_ONCE):
        some = ",".join(posts[start : start + AT_ONCE])
        for row in await caller.things("api/info", [("id", some)]):
            found[str(row.get("name"))] = int(row.get("num_comments") or 0)
    return found


async def _under(caller: Api, session: Session, post: str, since: int) -> tuple[list[Incoming], int]:
    every = [row for row in await tree.comments(caller, post) if (row.get("body") or "") not in GONE]
    newest = max([int(at_of(row).timestamp()) for row in every] + [since])
    fresh = [row for row in every if not since or at_of(row).timestamp() > since - LATE]
    return shapes.each(fresh, lambda row: comment(session, row, post)), newest


async def _inbox(
    caller: Api, session: Session, posts: Sequence[str], since: int
) -> tuple[list[Incoming], int]:
    """What Reddit tells the account itself, newest first, back to what was read; where it is closed, nothing."""
    if session.grant.scopes and "privatemessages" not in session.grant.scopes:
        return [], since
    every: list[Row] = []
    after = ""
    for _ in range(PAGES if since else 1):
        params = [("limit", str(AT_ONCE)), ("mark", "false"), *([("after", after)] if after else [])]
        try:
            page = await caller.read("message/inbox", params)
        except Rejected as error:
            if error.reason not in ("moved", "not_permitted"):
                raise
            return [], since  # `diagnostics` tells that
        found = rows(page)
        every += found
        after = str((page.get("data") or {}).get("after") or "") if isinstance(page, dict) else ""
        if not after or not found or at_of(found[-1]).timestamp() <= since - LATE:
            break
    newest = max([int(at_of(row).timestamp()) for row in every] + [since])
    fresh = [row for row in every if not since or at_of(row).timestamp() > since - LATE]
    return shapes.each(fresh, lambda row: _told(session, row, posts)), newest


def _told(session: Session, row: Row, posts: Sequence[str]) -> Incoming | None:
    if row.get("kind") == "t4":
        return _message(session, row)
    post = str(row.get("link_id") or "") or ids.post_in(str(row.get("context") or ""))
    if post in posts:
        return comment(session, row, post)
    if row.get("type") != "username_mention" and "mention" not in str(row.get("subject") or ""):
        return None  # an answer to what the account wrote elsewhere by hand
    return comment(session, row, "")


def comment(session: Session, row: Row, post: str) -> Incoming:
    """A comment under `post`, or with "" a mention somewhere else."""
    name, author = str(row.get("name") or ""), str(row.get("author") or "")
    parent = str(row.get("parent_id") or "")
    path = str(row.get("permalink") or row.get("context") or "").partition("?")[0]
    return Incoming(
        remote_id=name,
        post_remote_id=post or name,
        author_id=str(row.get("author_fullname") or author or name),
        author_name=author or "?",
        author_handle=f"u/{author}" if author else "",
        text=str(row.get("body") or ""),
        at=at_of(row),
        parent_id=parent if parent != post and parent.startswith("t1_") else "",
        url=f"{session.urls['web']}{path}" if path.startswith("/") else "",
        own=author.casefold() == finding.username(session).casefold(),
        can_reply=not row.get("locked") and not row.get("archived"),
        kind="comment" if post else "mention",
    )


def _message(session: Session, row: Row) -> Incoming:
    name, author = str(row.get("name") or ""), str(row.get("author") or "")
    return Incoming(
        remote_id=name,
        post_remote_id="",
        author_id=str(row.get("author_fullname") or author or name),
        author_name=author or str(row.get("subreddit_name_prefixed") or "?"),
        author_handle=f"u/{author}" if author else "",
        text=str(row.get("body") or ""),
        at=at_of(row),
        own=author.casefold() == finding.username(session).casefold(),
        can_reply="privatemessages" in session.grant.scopes,
        kind="message",
        thread=str(row.get("first_message_name") or name),
    )
