"""Answers on our posts, from each thread's context; the cursor remembers which of the last days were read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import regex

from kitestring.connectorkit.articles import to_text
from kitestring.connectorkit.contract import Incoming, IncomingPage, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.mastodon.client import Server, server
from kitestring.connectors.mastodon.metrics import shown

# Answers written on other servers may arrive late under an early date: those of this span are known by their ids.
LATE = timedelta(days=3)
MOST_KNOWN = 2000


async def fetch(session: Session, posts: Sequence[str], cursor: str) -> IncomingPage:
    """Answers at any depth under `posts` not read before, our own marked."""
    place, read = server(session), _opened(cursor)
    told = await shown(place, posts)
    messages: list[Incoming] = []
    kept: dict[str, dict[str, Any]] = {post: read[post] for post in posts if post in read}
    for post in posts:
        if not (told.get(post) or {}).get("replies_count"):
            continue
        before = read.get(post, {"to": "", "ids": []})
        below = await _below(place, post)
        messages += [_incoming(session, post, status) for status in below if _is_new(status, before)]
        kept[post] = _reached(below, before)
    messages.sort(key=lambda message: message.at)
    return IncomingPage(messages, json.dumps(kept, separators=(",", ":")))


def _opened(cursor: str) -> dict[str, dict[str, Any]]:
    try:
        found = json.loads(cursor or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _at(status: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(str(status["created_at"]))


def _is_new(status: dict[str, Any], before: dict[str, Any]) -> bool:
    if str(status["id"]) in before["ids"]:
        return False
    return not before["to"] or _at(status) > datetime.fromisoformat(before["to"]) - LATE


def _reached(below: list[dict[str, Any]], before: dict[str, Any]) -> dict[str, Any]:
    """How far the thread is read: its newest moment, and the ids of the days before it."""
    if not below:
        return before
    newest = max(_at(status) for status in below)
    ids = [str(status["id"]) for status in sorted(below, key=_at) if _at(status) > newest - LATE]
    return {"to": newest.isoformat(), "ids": ids[-MOST_KNOWN:]}


async def _below(place: Server, post: str) -> list[dict[str, Any]]:
    try:
        return list((await place.read(f"/api/v1/statuses/{post}/context")).get("descendants") or [])
    except Rejected as error:
        if error.reason == "not_there":
            return []
        raise


def _incoming(session: Session, post: str, status: dict[str, Any]) -> Incoming:
    author = status.get("account") or {}
    acct = str(author.get("acct", ""))
    return Incoming(
        remote_id=str(status["id"]),
        post_remote_id=post,
        author_id=str(author.get("id")),
        author_name=str(author.get("display_name") or acct),
        author_handle=f"@{acct}",
        author_avatar_url=str(author.get("avatar") or ""),
        text=words(status),
        at=_at(status),
        parent_id=str(status.get("in_reply_to_id") or ""),
        url=str(status.get("url") or ""),
        own=str(author.get("id")) == session.settings.get("account_id"),
    )


def words(status: dict[str, Any]) -> str:
    """The text without the names at its start that only address it."""
    text = to_text(str(status.get("content", "")))
    names = {str(one.get("acct", "")).partition("@")[0].lower() for one in status.get("mentions") or []}
    while match := regex.match(r"@([\w.\-]+)(?:@[\w.\-]+)?\s+", text):
        if match.group(1).lower() not in names:
            break
        text = text[match.end() :]
    return text
