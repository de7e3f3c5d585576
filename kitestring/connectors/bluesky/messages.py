"""Private messages, by the network's chat service behind the account's server.

An app password lets us only where its owner said so when making it; a consent only where it names them. The service knows no key
of ours, so a lost answer is looked up by the words: a message of ours with them, newer than what it answers, than the duty,
and than what stood in the talk before it was sent, where this process still knows that.
Source: lexicons chat.bsky.convo.*; github.com/bluesky-social/bsky-docs.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Grant, Incoming, Outgoing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.bluesky.client import chat
from kitestring.connectors.bluesky.facets import facets
from kitestring.kit import clock

PAGE: Final = 100
PAGES: Final = 20
A_MOMENT: Final = timedelta(seconds=5)  # that the service's clock may differ from ours
PRIVILEGED: Final = {"com.atproto.appPassPrivileged", "com.atproto.access"}
BY_CONSENT: Final = "transition:chat.bsky"
MOST: Final = 2000  # deliveries whose talk is remembered
# The talk's newest revision before the first try of a delivery: equal words up to there are another delivery's.
_before: dict[UUID, str] = {}


def allowed(grant: Grant) -> bool:
    """Whether the grant opens private messages, by its own word."""
    if "access_token" in grant.secrets:
        return BY_CONSENT in grant.scopes
    return claims(str(grant.secrets.get("access", ""))).get("scope") in PRIVILEGED


def claims(token: str) -> dict[str, Any]:
    """What a JWT says of itself; nothing when it is none."""
    try:
        middle = token.split(".")[1]
        told = json.loads(urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except (IndexError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


async def newest(session: Session, after: str) -> tuple[list[Incoming], str]:
    """Messages since the revision `after`, and the newest revision; the first time the newest page of each talk."""
    found: list[Incoming] = []
    newest_rev, cursor = after, ""
    for _ in range(PAGES):
        params = [("limit", str(PAGE)), *([("cursor", cursor)] if cursor else [])]
        page = await chat(session).ask("chat.bsky.convo.listConvos", params)
        convos = [one for one in page.get("convos") or [] if str(one.get("rev", "")) > after]
        for convo in convos:
            found += await _of(session, convo, after)
            newest_rev = max(newest_rev, str(convo.get("rev", "")))
        cursor = str(page.get("cursor") or "")
        # Talks come with the last changed first: behind one that is not new nothing new stands.
        if not cursor or len(convos) < len(page.get("convos") or []):
            break
    return found, newest_rev


async def _of(session: Session, convo: dict[str, Any], after: str) -> list[Incoming]:
    """The new messages of one talk."""
    people = {str(one.get("did")): one for one in convo.get("members") or []}
    rows: list[dict[str, Any]] = []
    cursor = ""
    for _ in range(PAGES if after else 1):
        page = await _page(session, str(convo["id"]), cursor)
        fresh = [row for row in page["messages"] if str(row.get("rev", "")) > after]
        rows += fresh
        cursor = page["cursor"]
        if not cursor or len(fresh) < len(page["messages"]):
            break
    return [_incoming(session, convo, row, people) for row in rows if isinstance(row.get("text"), str)]


async def _page(session: Session, convo: str, cursor: str = "") -> dict[str, Any]:
    params = [("convoId", convo), ("limit", str(PAGE)), *([("cursor", cursor)] if cursor else [])]
    page = await chat(session).ask("chat.bsky.convo.getMessages", params)
    return {"messages": shapes.rows(page, "messages"), "cursor": str(page.get("cursor") or "")}


def _incoming(
    session: Session, convo: dict[str, Any], row: dict[str, Any], people: dict[str, Any]
) -> Incoming:
    author = str((row.get("sender") or {}).get("did") or "")
    who = people.get(author) or {}
    handle = str(who.get("handle") or author)
    return Incoming(
        remote_id=str(row["id"]),
        post_remote_id="",
        author_id=author,
        author_name=str(who.get("displayName") or handle),
        author_handle=handle,
        author_avatar_url=str(who.get("avatar") or ""),
        text=str(row["text"]),
        at=_moment(row),
        own=author == session.remote_id,
        # Somebody who has closed their messages, or left, cannot be written to.
        can_reply=not who.get("chatDisabled", False),
        kind="message",
        thread=str(convo["id"]),
    )


def _moment(row: dict[str, Any]) -> datetime:
    try:
        return datetime.fromisoformat(str(row.get("sentAt")))
    except ValueError:
        return clock.now()


async def send(session: Session, outgoing: Outgoing) -> Published:
    """Say it in the talk `outgoing.root`. Raises Rejected("", "messages_closed") where the grant does not open them."""
    if not allowed(session.grant):
        raise Rejected("", "messages_closed")
    text = outgoing.text.strip()
    message: dict[str, Any] = {"text": text}
    # Mentions stay plain text: in a private message they lead nowhere and tell nobody.
    if linked := facets(text, {}):
        message["facets"] = linked
    body = {"convoId": outgoing.root, "message": message}
    try:
        await _remember(session, outgoing)
        made = await chat(session).do("chat.bsky.convo.sendMessage", body, write=True)
    except Rejected as error:
        reason = {"not_there": "deleted", "wrong_shape": "cannot_reply"}.get(error.reason, error.reason)
        raise Rejected("reply_to", reason, said=error.said) from error
    if not isinstance(made, dict) or not made.get("id"):
        raise Ambiguous("not_itself", said=str(made)[:300])
    return Published(str(made["id"]))


async def _remember(session: Session, outgoing: Outgoing) -> None:
    if outgoing.key in _before:  # of its first try, which may still have arrived
        return
    rows = (await _page(session, outgoing.root))["messages"]
    if len(_before) >= MOST:
        _before.clear()
    _before[outgoing.key] = max((str(row.get("rev", "")) for row in rows), default="")


async def found(session: Session, outgoing: Outgoing) -> Published | None:
    """The oldest message of ours with these words that can be this one: equal words sent later are another delivery's."""
    oldest, cursor, before = "", "", _before.get(outgoing.key, "")
    for _ in range(PAGES):
        page = await _page(session, outgoing.root, cursor)
        rows: Sequence[dict[str, Any]] = page["messages"]  # the newest first
        for row in rows:
            if str(row["id"]) == outgoing.reply_to or (before and str(row.get("rev", "")) <= before):
                return Published(oldest) if oldest else None
            own = (row.get("sender") or {}).get("did") == session.remote_id
            young = _moment(row) >= outgoing.stamp - A_MOMENT
            if own and young and row.get("text") == outgoing.text.strip():
                oldest = str(row["id"])
        cursor = page["cursor"]
        if not cursor or (rows and _moment(rows[-1]) < outgoing.stamp - A_MOMENT):
            break
    return Published(oldest) if oldest else None
