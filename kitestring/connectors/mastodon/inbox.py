"""What came in: answers under our posts from each thread's context, who names us elsewhere, private messages.

The cursor remembers which answers of the last days were read, and how far mentions and messages were.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from kitestring.connectorkit.contract import Incoming, IncomingPage, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.mastodon import notices, talks
from kitestring.connectors.mastodon.client import Server, server
from kitestring.connectors.mastodon.incoming import at_of, is_ours, is_private, message_of
from kitestring.connectors.mastodon.metrics import shown
from kitestring.kit import clock

# Answers written on other servers may arrive late under an early date: those of this span are known by their ids.
LATE: Final = timedelta(days=3)
MOST_KNOWN: Final = 2000
# Mentions and messages may arrive late as well: what is younger than this is handed on again.
AGAIN: Final = timedelta(minutes=25)
AT_FIRST: Final = timedelta(days=7)  # how far a first look goes back


async def fetch(session: Session, posts: Sequence[str], cursor: str) -> IncomingPage:
    """Answers at any depth under `posts` not read before, our own marked; then mentions and messages."""
    place, state = server(session), _opened(cursor)
    begun = clock.now()
    since = _since(state, begun)
    # Before the threads: what is told of here and stands in one of them is then found there, as an answer.
    told = await notices.fetch(place, since)
    private = await talks.fetch(session, place, since)
    messages, kept = await _answers(session, place, posts, state["posts"])
    known = {one for thread in kept.values() for one in thread["ids"]} | {one.remote_id for one in messages}
    known |= set(posts)
    elsewhere = [one for one in told if not {str(one["id"]), str(one.get("in_reply_to_id") or "")} & known]
    messages += [message_of(session, one, "mention") for one in elsewhere if not is_private(one)]
    if private is None:  # such a server names no conversation: the talk is called by who speaks
        hidden = [one for one in elsewhere if is_private(one) and not is_ours(session, one)]
        private = [message_of(session, one, "message", thread=str(one["account"]["id"])) for one in hidden]
    messages += private
    messages.sort(key=lambda message: message.at)
    state = {"posts": kept, "to": _newest(begun, since, told, private).isoformat()}
    return IncomingPage(messages, json.dumps(state, separators=(",", ":")))


def _since(state: dict[str, Any], now: datetime) -> datetime:
    return datetime.fromisoformat(state["to"]) - AGAIN if state["to"] else now - AT_FIRST


def _newest(
    begun: datetime, since: datetime, told: Iterable[dict[str, Any]], private: Iterable[Incoming]
) -> datetime:
    """How far they are read by the server's own clock; one that runs ahead of ours is not followed."""
    moments = [*(at_of(one) for one in told), *(one.at for one in private)]
    return max([since + AGAIN, *(moment for moment in moments if moment <= begun)])


def _opened(cursor: str) -> dict[str, Any]:
    """An older cursor held the threads alone."""
    try:
        found = json.loads(cursor or "{}")
    except ValueError:
        found = {}
    if not isinstance(found, dict):
        found = {}
    if "posts" not in found:
        found = {"posts": found}
    return {"to": "", **found}


async def _answers(
    session: Session, place: Server, posts: Sequence[str], read: dict[str, dict[str, Any]]
) -> tuple[list[Incoming], dict[str, dict[str, Any]]]:
    """Answers not read before, and what is known of each thread now."""
    told = await shown(place, posts)
    messages: list[Incoming] = []
    kept: dict[str, dict[str, Any]] = {post: read[post] for post in posts if post in read}
    for post in posts:
        if not (told.get(post) or {}).get("replies_count"):
            continue
        before = read.get(post, {"to": "", "ids": []})
        below = await _below(place, post)
        fresh = (status for status in below if _is_new(status, before))
        messages += [message_of(session, status, "comment", post=post) for status in fresh]
        kept[post] = _reached(below, before)
    return messages, kept


def _is_new(status: dict[str, Any], before: dict[str, Any]) -> bool:
    if str(status["id"]) in before["ids"]:
        return False
    return not before["to"] or at_of(status) > datetime.fromisoformat(before["to"]) - LATE


def _reached(below: list[dict[str, Any]], before: dict[str, Any]) -> dict[str, Any]:
    """How far the thread is read: its newest moment, and the ids of the days before it."""
    if not below:
        return before
    newest = max(at_of(status) for status in below)
    ids = [str(status["id"]) for status in sorted(below, key=at_of) if at_of(status) > newest - LATE]
    return {"to": newest.isoformat(), "ids": ids[-MOST_KNOWN:]}


async def _below(place: Server, post: str) -> list[dict[str, Any]]:
    """What stands under the post; what only we can see of it is a message, no answer."""
    try:
        found = list((await place.read(f"/api/v1/statuses/{post}/context")).get("descendants") or [])
    except Rejected as error:
        if error.reason == "not_there":
            return []
        raise
    return [status for status in found if not is_private(status)]
