"""What WordPress counts by itself: a post's comments that readers see, the site's posts and comments. No likes, no views."""

from __future__ import annotations

from collections.abc import Sequence

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectors.wordpress.client import MANIFEST, Site, site
from kitestring.kit import clock

FIELD = "X-WP-Total"
AT_ONCE = 100


async def read(session: Session, posts: Sequence[str]) -> Sequence[Reading]:
    """One reading a post: the number of comments let through, from the list's own header; None for a post gone."""
    place, readings = site(session), list[Reading]()
    there = await _public(place, posts)
    for post in posts:
        value, why = await _comments(place, post) if post in there else (None, "deleted")
        readings.append(Reading(post, "replies", value, FIELD, clock.now(), why))
    return readings


async def _public(place: Site, posts: Sequence[str]) -> set[str]:
    """Those of the posts that readers can still see."""
    found: set[str] = set()
    for start in range(0, len(posts), AT_ONCE):
        asked = ",".join(posts[start : start + AT_ONCE])
        rows = await place.read("wp/v2/posts", include=asked, per_page=str(AT_ONCE), _fields="id")
        found |= {str(row["id"]) for row in rows}
    return found


async def _comments(place: Site, post: str) -> tuple[float | None, str]:
    asked = {"post": post, "status": "approve", "per_page": "1", "_fields": "id"}
    answer = await place.call("GET", "wp/v2/comments", params=asked)
    calls.json_of(answer, write=False)
    told = answer.headers.get(FIELD.lower(), "")
    return (float(told), "") if told.isdecimal() else (None, "not_told")


async def account(session: Session) -> Sequence[Reading]:
    """How many posts and comments readers find on the site, whoever wrote them: from the lists' own headers."""
    place, readings = site(session), list[Reading]()
    for fact in MANIFEST.account_metrics:
        asked = {"per_page": "1", "_fields": "id"}
        answer = await place.call("GET", f"wp/v2/{fact.key}", params=asked)
        calls.json_of(answer, write=False)
        told = answer.headers.get(FIELD.lower(), "")
        value, why = (float(told), "") if told.isdecimal() else (None, "not_told")
        readings.append(Reading(session.remote_id, fact.key, value, fact.field, clock.now(), why))
    return readings
