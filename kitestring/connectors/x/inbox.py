"""What came in: posts that name the account (answers under its own posts among them), and private messages.

The cursor is JSON: {"mentions": the newest id read, "messages": likewise}. X may list a post a little late, so a few minutes are
read again. Reading a mention of one's own is the cheapest of X's reads; a search for every answer would cost five times as much.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Incoming, IncomingPage, Session
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectors.x import messages, words
from kitestring.connectors.x.client import Api, api, rows
from kitestring.connectors.x.ids import made_at, number

FIELDS = "id,text,created_at,conversation_id,entities,note_post"
PEOPLE = "id,name,username,profile_image_url"
LATE = (5 * 60 * 1000) << 22  # five minutes, as the distance of two ids
People = Mapping[str, Mapping[str, Any]]


async def fetch(session: Session, posts: Sequence[str], cursor: str) -> IncomingPage:
    """Answers, mentions and private messages since the cursor; the first time only the newest of each."""
    caller, read = api(session), _opened(cursor)
    found, newest = await _mentions(caller, session, posts, read["mentions"])
    talk, newest_message = await _messages(caller, session, read["messages"])
    kept = {"mentions": newest, "messages": newest_message}
    every = sorted([*found, *talk], key=lambda message: (message.at, message.remote_id))
    return IncomingPage(every, json.dumps(kept, separators=(",", ":")))


def _opened(cursor: str) -> dict[str, str]:
    try:
        found = json.loads(cursor or "{}")
    except ValueError:
        found = {}
    kept = found if isinstance(found, dict) else {}
    return {key: str(kept.get(key) or "") for key in ("mentions", "messages")}


async def _mentions(
    caller: Api, session: Session, posts: Sequence[str], after: str
) -> tuple[list[Incoming], str]:
    """What names the account, and the newest id."""
    params = [("max_results", "100"), ("post.fields", FIELDS), ("user.fields", PEOPLE)]
    params.append(("expansions", "author_id,referenced_posts"))
    if after:
        params.append(("since_id", str(max(1, int(after) - LATE))))
    # A first look reads one page: what is older than a hundred mentions is not paid for.
    path, most = f"users/{number(session.remote_id)}/mentions", 50 if after else 1
    pages = await caller.pages(path, params, most=most)
    told = [(row, _people(page)) for page in pages for row in shapes.sound(rows(page), "id")]
    found = shapes.each(told, lambda one: _mention(session, one[0], one[1], set(posts)))
    ids = [int(row["id"]) for row, _who in told]
    return found, str(max([*ids, int(after or 0)]) or "")


def _people(page: Mapping[str, Any]) -> People:
    users = (page.get("includes") or {}).get("users") or []
    return {str(user.get("id")): user for user in users}


def _mention(session: Session, post: dict[str, Any], people: People, posts: set[str]) -> Incoming | None:
    remote_id, author = str(post["id"]), str(post.get("author_id") or "")
    parent, root = words.referenced(post, "replied_to"), str(post.get("conversation_id") or "")
    ours = next((one for one in (root, parent) if one in posts), "")
    own = author == session.remote_id
    if own and not ours:
        return None  # our own post that names us is nobody's word to us
    who = people.get(author) or {}
    handle = str(who.get("username") or "")
    named = words.names(post, session.remote_id, session.handle.lstrip("@"))
    return Incoming(
        remote_id=remote_id,
        post_remote_id=ours or remote_id,
        author_id=author or handle or remote_id,
        author_name=str(who.get("name") or handle or author or "X"),
        author_handle=f"@{handle}" if handle else "",
        author_avatar_url=str(who.get("profile_image_url") or ""),
        text=words.said(post),
        at=_at(post),
        parent_id=parent if parent != ours else "",
        url=f"{session.urls['web']}/{handle or 'i'}/status/{remote_id}",
        own=own,
        # Only who named or quoted the account may be answered by a program.
        can_reply=named or words.referenced(post, "quoted") in posts,
        kind="comment" if ours else "mention",
    )


async def _messages(caller: Api, session: Session, after: str) -> tuple[list[Incoming], str]:
    """Private messages, where the account was connected with them. X lets them be read fifteen times in fifteen minutes: one
    that is refused now is read next time, and nothing else waits for it."""
    if "dm.read" not in session.grant.scopes:
        return [], after
    try:
        pages = await messages.newest(caller, after)
    except RetryLater as error:
        if error.reason != "busy":
            raise
        return [], after
    except Rejected:
        return [], after  # `diagnostics` tells why
    told = [(row, _people(page)) for page in pages for row in shapes.sound(rows(page), "id")]
    new = [one for one in told if not after or int(one[0]["id"]) > int(after)]
    found = shapes.each(new, lambda one: _message(session, *one))
    ids = [int(row["id"]) for row, _who in told]
    return found, str(max([*ids, int(after or 0)]) or "")


def _message(session: Session, event: dict[str, Any], people: People) -> Incoming:
    author, thread = str(event.get("sender_id") or ""), str(event.get("dm_conversation_id") or "")
    who = people.get(author) or {}
    handle = str(who.get("username") or "")
    return Incoming(
        remote_id=f"{messages.MARK}{event['id']}",
        post_remote_id="",
        author_id=author,
        author_name=str(who.get("name") or handle or author),
        author_handle=f"@{handle}" if handle else "",
        author_avatar_url=str(who.get("profile_image_url") or ""),
        text=words.text_of(event),
        at=_at(event),
        url=messages.address(session, thread),
        own=author == session.remote_id,
        can_reply="dm.write" in session.grant.scopes,
        kind="message",
        thread=thread,
    )


def _at(row: Mapping[str, Any]) -> datetime:
    """When it was made; its id tells that too."""
    try:
        return datetime.fromisoformat(str(row["created_at"]).replace("Z", "+00:00"))
    except (KeyError, ValueError):
        return made_at(str(row["id"]))
