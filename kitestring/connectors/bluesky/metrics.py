"""The counts Bluesky gives for a post, and the account's own. Views and reach it does not know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectors.bluesky.client import MANIFEST, network
from kitestring.kit import clock

AT_ONCE = 25  # lexicon app.bsky.feed.getPosts


async def shown(session: Session, posts: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The network's view of each post by its address; those it does not have are left out."""
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(posts), AT_ONCE):
        wanted = [("uris", post) for post in posts[start : start + AT_ONCE]]
        answer = await network(session).ask("app.bsky.feed.getPosts", wanted)
        found |= {str(one["uri"]): one for one in shapes.sound(answer.get("posts") or [], "uri")}
    return found


async def read(session: Session, posts: Sequence[str]) -> Sequence[Reading]:
    """One reading per post and metric of the manifest; a post no longer there gives none, and says so."""
    views, at = await shown(session, posts), clock.now()
    readings = []
    for post in posts:
        for fact in MANIFEST.metrics:
            value = views.get(post, {}).get(fact.field)
            why = "" if value is not None else ("not_given" if post in views else "not_there")
            number = float(value) if value is not None else None
            readings.append(Reading(post, fact.key, number, fact.field, at, why))
    return readings


async def account(session: Session) -> Sequence[Reading]:
    """Followers, followed and posts, as the profile shows them."""
    params = (("actor", session.remote_id),)
    profile = await network(session).ask("app.bsky.actor.getProfile", params)
    at = clock.now()
    readings = []
    for fact in MANIFEST.account_metrics:
        given = profile.get(fact.field)
        value = float(given) if isinstance(given, int) else None
        why = "" if value is not None else "not_given"
        readings.append(Reading(session.remote_id, fact.key, value, fact.field, at, why))
    return readings
