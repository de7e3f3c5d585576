"""What may be wrong with an account of a forum: its key, whether it may start topics, whether its posts wait for review."""

from __future__ import annotations

from kitestring.connectorkit.contract import Examined, Finding, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.discourse.auth import fresh
from kitestring.connectors.discourse.client import forum


async def examine(session: Session) -> Examined:
    """Raises GrantExpired when the key no longer opens, RetryLater when the forum does not answer."""
    there = forum(session)
    me = (await there.read("/session/current.json")).get("current_user") or {}
    found = [Finding("good", "health_good")]
    if me.get("silenced_till") or me.get("suspended_till"):
        found.append(Finding("bad", "silenced"))
    settings = await fresh(there)
    if not settings["categories"]:
        found.append(Finding("bad", "no_category"))
    try:
        waiting = (await there.read(f"/posts/{there.username}/pending.json")).get("pending_posts") or []
    except Rejected:
        waiting = []
    if waiting:
        found.append(Finding("warning", "posts_wait", {"count": len(waiting)}))
    return Examined(tuple(found), settings=settings)
