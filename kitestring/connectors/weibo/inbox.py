"""Comments that the account got, answers to them, and who names it elsewhere.

Weibo counts every call, by the day too, so one call brings the comments of all posts, and an account where nothing happens is
asked less often than the manifest allows (open.weibo.com/wiki/Rate-limiting advises both). The cursor is JSON: how far each list
is read (`lists`); how often in a row nothing came, and when was asked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from kitestring.connectorkit.contract import Incoming, IncomingPage, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.weibo import comments, lists, words
from kitestring.connectors.weibo.client import Api, api, number
from kitestring.connectors.weibo.publishing import post_address
from kitestring.kit import clock

# Seconds to wait after so many empty answers in a row; the last holds from then on.
WAITS: Final = (0, 0, 0, 600, 900, 1800)


async def fetch(session: Session, posts: Sequence[str], cursor: str) -> IncomingPage:
    """What came since the cursor; nothing is asked while an account is quiet and was asked a moment ago."""
    kept = _opened(cursor)
    if _too_soon(kept):
        return IncomingPage((), cursor)
    caller, known = api(session), set(posts)
    found: dict[str, Incoming] = {}
    came = False
    received = "comments/to_me" if caller.commercial else "comments/timeline"
    for name, under, read in (
        (received, "comments", _comment),
        ("statuses/mentions", "statuses", _mention),
        ("comments/mentions", "comments", _naming),
    ):
        rows = await _asked(caller, name, under, kept)
        came |= bool(rows)
        for row in rows:
            one = read(session, row, known)
            if one is not None:
                found.setdefault(one.remote_id, one)
    kept["quiet"] = 0 if came else int(kept.get("quiet") or 0) + 1
    kept["asked"] = clock.now().isoformat()
    every = sorted(found.values(), key=lambda one: (one.at, one.remote_id))
    return IncomingPage(every, json.dumps(kept, separators=(",", ":")))


def _too_soon(kept: dict[str, Any]) -> bool:
    wait = WAITS[min(int(kept.get("quiet") or 0), len(WAITS) - 1)]
    try:
        asked = datetime.fromisoformat(str(kept.get("asked") or ""))
        return clock.now() < asked + timedelta(seconds=wait)
    except (ValueError, TypeError):
        return False


async def _asked(caller: Api, name: str, under: str, kept: dict[str, Any]) -> list[dict[str, Any]]:
    """The list's rows. Where this app is not allowed to see who names the account, it is asked again tomorrow."""
    today = clock.now().date().isoformat()
    if (kept.get(name) or {}).get("shut") == today:
        return []
    mark = kept.get(name)
    try:
        rows, kept[name] = await lists.read(caller, name, under, mark if isinstance(mark, dict) else {})
    except Rejected as error:
        if error.reason != "app_not_allowed" or "mentions" not in name:
            raise
        kept[name] = {**(kept.get(name) or {}), "shut": today}
        return []
    return rows


def _comment(session: Session, row: dict[str, Any], posts: set[str]) -> Incoming | None:
    """A comment under one of our posts, ours among them; others are not asked about."""
    post = comments.post_of(row)
    return _incoming(session, row, post, "comment") if post in posts else None


def _mention(session: Session, row: dict[str, Any], posts: set[str]) -> Incoming | None:
    """A post that names the account."""
    one = _incoming(session, row, number(row), "mention")
    return None if one is None or one.own else one


def _naming(session: Session, row: dict[str, Any], posts: set[str]) -> Incoming | None:
    """A comment that names the account, under somebody else's post; under ours it came as a comment."""
    post = comments.post_of(row)
    one = _incoming(session, row, post, "mention") if post not in posts else None
    return None if one is None or one.own else one


def _incoming(session: Session, row: dict[str, Any], post: str, kind: Any) -> Incoming | None:
    who, own_number = _user(row), number(row)
    author = number(who)
    if not own_number or not post:
        return None
    parent = comments.above(row)
    holder = number(_user(row.get("status"))) if row.get("status") else author
    return Incoming(
        remote_id=post if post == own_number else comments.name(post, own_number),
        post_remote_id=post,
        author_id=author or own_number,
        author_name=str(who.get("screen_name") or who.get("name") or author or "?"),
        text=str(row.get("text") or ""),
        at=words.at(row.get("created_at")),
        author_handle=str(who.get("screen_name") or ""),
        author_avatar_url=str(who.get("avatar_large") or who.get("profile_image_url") or ""),
        parent_id=comments.name(post, parent) if parent else "",
        url=post_address(session.urls["web"], holder or session.remote_id, post),
        own=author == session.remote_id,
        kind=kind,
    )


def _user(row: Any) -> dict[str, Any]:
    found = row.get("user") if isinstance(row, dict) else None
    return found if isinstance(found, dict) else {}


def _opened(cursor: str) -> dict[str, Any]:
    try:
        found = json.loads(cursor or "{}")
    except ValueError:
        found = {}
    return found if isinstance(found, dict) else {}
