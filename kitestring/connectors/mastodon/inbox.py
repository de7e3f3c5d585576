"""What came in: who names us and answers us by the server's notifications, the threads they tell of, private messages.

One call tells of all answers; every look is bounded, and the cursor says where the next one goes on: "to" and "notices", how
far notifications are read; "asks", posts of which it is not known yet whether they stand under one of ours; "posts", how far
each thread is; "due", "turn", "counted", whose thread is next; "talks", the private ones.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from kitestring.connectorkit.contract import Incoming, IncomingPage, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.mastodon import notices, talks, threads
from kitestring.connectors.mastodon.client import Server, server
from kitestring.connectors.mastodon.incoming import is_ours, is_private, message_of
from kitestring.connectors.mastodon.metrics import shown
from kitestring.connectors.mastodon.walking import AGAIN
from kitestring.kit import clock

AT_FIRST: Final = timedelta(days=7)  # how far a first look goes back
ASKS: Final = 10  # posts of unknown threads that are asked about in one look

Statuses = list[dict[str, Any]]


async def fetch(session: Session, posts: Sequence[str], cursor: str) -> IncomingPage:
    """Answers at any depth under `posts` not read before, our own marked; then mentions and messages."""
    place, state = server(session), _opened(cursor)
    begun = clock.now()
    since = _since(state["to"], begun)
    told, newest, noticed = await notices.fetch(place, since, state["notices"])
    spoken = _since(state["talks"].get("to") or state["to"], begun)
    private = await talks.fetch(session, place, spoken, state["talks"], begun)
    waiting = list((await shown(place, state["asks"][:ASKS])).values())
    public = [one for one in (*waiting, *told) if not is_private(one)]
    under, elsewhere, asks = await _sorted(place, posts, state["posts"], public)
    waits = state["asks"][ASKS:]
    answers, kept, turns = await threads.read(session, place, posts, state, under)
    messages = [*answers, *_left(session, public, under, kept)]
    known = {one.remote_id for one in messages}
    messages += [message_of(session, one, "mention") for one in elsewhere if str(one["id"]) not in known]
    if private is None:  # such a server names no conversation: the talk is called by who speaks
        hidden = [one for one in told if is_private(one) and not is_ours(session, one)]
        messages += [message_of(session, one, "message", thread=str(one["account"]["id"])) for one in hidden]
    else:
        messages += private[0]
    messages.sort(key=lambda message: message.at)
    reached = max(since + AGAIN, newest if newest <= begun else since)
    state = {**turns, "posts": kept, "to": reached.isoformat(), "notices": noticed}
    state["asks"] = [*waits, *asks]
    state["talks"] = private[1] if private else {}
    return IncomingPage(messages, json.dumps(state, separators=(",", ":")))


def _since(to: str, now: datetime) -> datetime:
    return datetime.fromisoformat(to) - AGAIN if to else now - AT_FIRST


def _opened(cursor: str) -> dict[str, Any]:
    """Older cursors held the threads alone, or them and one moment for all else."""
    try:
        found = json.loads(cursor or "{}")
    except ValueError:
        found = {}
    if not isinstance(found, dict):
        found = {}
    if "posts" not in found:
        found = {"posts": found}
    return {"to": "", "notices": {}, "asks": [], "talks": {}, **found}


async def _sorted(
    place: Server, posts: Sequence[str], kept: threads.Kept, public: Statuses
) -> tuple[dict[str, str], Statuses, list[str]]:
    """(our post by the id of what stands under it, what stands elsewhere, the ids of those to be asked about later)."""
    ours = {post: post for post in posts}
    ours |= {one: post for post in posts for one in kept.get(post, threads.NOTHING)["ids"]}
    under: dict[str, str] = {}
    elsewhere, later, left = Statuses(), list[str](), ASKS
    for status in sorted(public, key=lambda one: str(one["created_at"])):
        number, above = str(status["id"]), str(status.get("in_reply_to_id") or "")
        root = ours.get(number) or ours.get(above)
        if root is None and above and posts:
            if not left:
                later.append(number)
                continue
            left -= 1
            root = await _root(place, number, ours)
        if root is None:
            elsewhere.append(status)
        elif number != root:
            under[number] = ours[number] = root
    return under, elsewhere, later


async def _root(place: Server, number: str, ours: dict[str, str]) -> str | None:
    """Our post above an answer to somebody else's words, if there is one."""
    try:
        above = (await place.read(f"/api/v1/statuses/{number}/context")).get("ancestors") or []
    except Rejected as error:
        if error.reason not in ("not_there", "scope_missing"):
            raise
        return None
    return next((ours[str(one["id"])] for one in above if str(one["id"]) in ours), None)


def _left(session: Session, public: Statuses, under: dict[str, str], kept: threads.Kept) -> list[Incoming]:
    """Answers we were told of whose thread waits for its turn, or does not show them; known from now on."""
    found = []
    for status in public:
        number = str(status["id"])
        post = under.get(number)
        if post is None or number in kept.get(post, threads.NOTHING)["ids"]:
            continue
        found.append(message_of(session, status, "comment", post=post))
        kept[post] = {**threads.NOTHING, **kept.get(post, {})}
        kept[post]["ids"] = [*kept[post]["ids"], number]
    return found
