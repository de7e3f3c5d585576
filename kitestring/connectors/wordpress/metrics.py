"""What WordPress counts of a post by itself: the comments readers can see. Likes and views it does not have."""

from __future__ import annotations

from collections.abc import Sequence

from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectors.wordpress.client import site
from kitestring.kit import clock

FIELD = "X-WP-Total"


async def read(session: Session, posts: Sequence[str]) -> Sequence[Reading]:
    """One reading a post: the number of comments let through, from the list's own header."""
    place, readings = site(session), list[Reading]()
    for post in posts:
        answer = await place.call(
            "GET",
            "wp/v2/comments",
            params={"post": post, "status": "approve", "per_page": "1", "_fields": "id"},
        )
        told = answer.headers.get(FIELD.lower(), "")
        value = float(told) if told.isdecimal() else None
        readings.append(
            Reading(post, "replies", value, FIELD, clock.now(), "" if value is not None else "not_told")
        )
    return readings
