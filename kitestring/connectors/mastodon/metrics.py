"""The counts a Mastodon server gives for a post (views it does not know), and for the account itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.mastodon.client import MANIFEST, Server, server
from kitestring.kit import clock

AT_ONCE = 20


async def shown(place: Server, posts: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The posts by id, twenty at a call (servers from 4.3 on; one by one before); those gone are left out."""
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(posts), AT_ONCE):
        some = posts[start : start + AT_ONCE]
        try:
            statuses = await place.read("/api/v1/statuses", [("id[]", post) for post in some])
        except Rejected as error:
            if error.reason != "not_there":
                raise
            statuses = [one for post in some if (one := await _single(place, post))]
        found |= {str(status["id"]): status for status in statuses}
    return found


async def _single(place: Server, post: str) -> dict[str, Any] | None:
    try:
        return dict(await place.read(f"/api/v1/statuses/{post}"))
    except Rejected as error:
        if error.reason == "not_there":
            return None
        raise


async def read(session: Session, posts: Sequence[str]) -> Sequence[Reading]:
    """One reading per post and metric of the manifest; a post no longer there gives none, and says so, as does a token
    that may not read."""
    at, lacking = clock.now(), ""
    try:
        statuses = await shown(server(session), posts)
    except Rejected as error:
        if error.reason != "scope_missing":
            raise
        statuses, lacking = {}, error.reason
    readings = []
    for post in posts:
        for fact in MANIFEST.metrics:
            value = statuses.get(post, {}).get(fact.field)
            why = "" if value is not None else (lacking or ("not_given" if post in statuses else "not_there"))
            number = float(value) if value is not None else None
            readings.append(Reading(post, fact.key, number, fact.field, at, why))
    return readings


async def account(session: Session) -> Sequence[Reading]:
    """The numbers of the account itself, as its own page counts them."""
    me, at = await server(session).read("/api/v1/accounts/verify_credentials"), clock.now()
    readings = []
    for fact in MANIFEST.account_metrics:
        value = me.get(fact.field) if isinstance(me, dict) else None
        number = float(value) if isinstance(value, int) else None
        why = "" if number is not None else "not_given"
        readings.append(Reading(session.remote_id, fact.key, number, fact.field, at, why))
    return readings
