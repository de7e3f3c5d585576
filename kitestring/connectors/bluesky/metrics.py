"""The counts Bluesky gives for a post: likes, replies, reposts, quotes. Views and reach it does not know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectors.bluesky.client import MANIFEST, view
from kitestring.kit import clock

AT_ONCE = 25  # lexicon app.bsky.feed.getPosts


async def shown(session: Session, posts: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The network's view of each post by its address; those it does not have are left out."""
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(posts), AT_ONCE):
        wanted = [("uris", post) for post in posts[start : start + AT_ONCE]]
        answer = await view(session, "app.bsky.feed.getPosts", *wanted)
        found |= {str(one["uri"]): one for one in answer.get("posts") or []}
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
