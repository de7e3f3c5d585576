"""Deeds on answers under the account's posts: hide and like. Nobody can delete another's post.

Source: lexicons app.bsky.feed.like and app.bsky.feed.threadgate.
"""

from __future__ import annotations

from typing import Any

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.bluesky import gates
from kitestring.connectors.bluesky.client import pds
from kitestring.connectors.bluesky.keys import parts
from kitestring.connectors.bluesky.records import LIKE, delete, key_for, put, record, stamp


async def hide(session: Session, comment_id: str, hidden: bool) -> None:
    """Hide an answer under one of our posts, or show it again. It stays readable behind a click.

    Raises Rejected("", "not_our_thread") where the thread was begun by somebody else.
    """
    shown = await _shown(session, comment_id)
    root = str((((shown.get("record") or {}).get("reply") or {}).get("root") or {}).get("uri", ""))
    repo, rkey = _named(root)
    if repo != session.remote_id:
        raise Rejected("", "not_our_thread")
    try:
        await gates.hide(session, rkey, comment_id, hidden)
    except Rejected as error:
        if error.reason != "key_taken":
            raise
        # Somebody changed the gate between our look and our word: look again, once.
        await gates.hide(session, rkey, comment_id, hidden)


async def like(session: Session, comment_id: str, liked: bool) -> None:
    """Like it as the account, or no more; a like that was given in the app is taken back as well."""
    rkey = key_for(comment_id)
    ours = await record(session, session.remote_id, rkey, LIKE)
    if not liked:
        if ours:
            await delete(session, LIKE, rkey)
        if given := await _given(session, comment_id):
            await delete(session, LIKE, given)
        return
    if ours:
        return
    shown = await _shown(session, comment_id)
    if (shown.get("viewer") or {}).get("like"):
        return
    subject = {"uri": shown["uri"], "cid": shown["cid"]}
    value = {"$type": LIKE, "subject": subject, "createdAt": stamp()}
    await put(session, LIKE, rkey, value, write=False)


async def _given(session: Session, comment_id: str) -> str:
    """The key of a like given elsewhere; "" when there is none, or the post is gone."""
    try:
        shown = await _shown(session, comment_id)
    except Rejected as error:
        if error.reason == "gone":
            return ""
        raise
    repo, rkey = _named(str((shown.get("viewer") or {}).get("like") or ""))
    return rkey if repo == session.remote_id else ""


async def _shown(session: Session, uri: str) -> dict[str, Any]:
    """The network's view of a post, as the account sees it. Raises Rejected("", "gone")."""
    if not uri.startswith("at://"):
        raise Rejected("", "gone")
    found = (await pds(session).ask("app.bsky.feed.getPosts", (("uris", uri),))).get("posts") or []
    if not found:
        raise Rejected("", "gone")
    return dict(found[0])


def _named(uri: str) -> tuple[str, str]:
    try:
        return parts(uri)
    except ValueError:
        return "", ""
