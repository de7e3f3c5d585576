"""Counts of a topic, as the forum shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.discourse import ids
from kitestring.connectors.discourse.client import MANIFEST, forum
from kitestring.kit import clock


async def read(session: Session, posts: Sequence[str]) -> Sequence[Reading]:
    found: list[Reading] = []
    for post in posts:
        told: dict[str, Any] = {}
        why = "not_there"
        try:
            topic, _ = ids.post_in(post)
            told = await forum(session).read(f"/t/{topic}.json")
            why = "not_given"
        except Rejected as error:
            if error.reason not in ("not_there", "not_permitted", "deleted"):
                raise
        for fact in MANIFEST.metrics:
            value = _number(told, fact.field)
            found.append(
                Reading(post, fact.key, value, fact.field, clock.now(), "" if value is not None else why)
            )
    return found


def _number(told: dict[str, Any], field: str) -> float | None:
    """The first post counts among the posts of a topic; what is left are the answers."""
    value = told.get(field)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return float(max(0, value - 1) if field == "posts_count" else value)
