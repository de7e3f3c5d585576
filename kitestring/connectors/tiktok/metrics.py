"""Counts of posts and of the account. Only posts that everybody may see are counted; one whose id was not told yet is asked for.

Source: developers.tiktok.com/docs/en/tiktok-api-v2-video-object (August 2026), .../doc/tiktok-api-v2-video-query and
.../tiktok-api-v2-get-user-info (read as stored copies).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectorkit.errors import Ambiguous, GrantExpired
from kitestring.connectors.tiktok import stands
from kitestring.connectors.tiktok.client import LISTS, MANIFEST, STATS, api, may
from kitestring.connectors.tiktok.stands import Known
from kitestring.kit import clock

AT_ONCE: Final = 20
# A right that was taken back since: these numbers stay away, and what the others allow goes on.
SCOPE: Final = "scope_missing"
FIELDS: Final = ",".join(["id", *(fact.field for fact in MANIFEST.metrics)])


async def read(session: Session, posts: Sequence[str]) -> Sequence[Reading]:
    """One reading for each post and metric of the manifest."""
    if not may(session.grant, LISTS):
        return [reading for post in posts for reading in _readings(post, {}, "list_declined")]
    counted: dict[str, Mapping[str, Any]] = {}
    try:
        ids = {post: await _public(session, post) if stands.is_number(post) else post for post in posts}
        wanted = [one for one in ids.values() if one]
        for start in range(0, len(wanted), AT_ONCE):
            counted |= await _counts(session, wanted[start : start + AT_ONCE])
    except GrantExpired as error:
        if error.reason != SCOPE:
            raise
        return [reading for post in posts for reading in _readings(post, {}, "list_declined")]
    found = []
    for post, public in ids.items():
        why = "not_listed" if public else "private_uncounted"
        found += _readings(post, counted.get(public, {}), "not_given" if public in counted else why)
    return found


async def _counts(session: Session, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    body = await api(session).ask("video/query", {"filters": {"video_ids": list(ids)}}, fields=FIELDS)
    videos = body.get("videos")
    return {str(row.get("id")): row for row in videos or () if isinstance(row, dict)}


async def _public(session: Session, number: str) -> str:
    """The id of what everybody sees by now; "" while there is none."""
    try:
        told = await stands.asked(session, Known(number))
    except Ambiguous:
        return ""
    return told.posts[0] if told is not None and told.posts else ""


def _readings(post: str, row: Mapping[str, Any], why: str) -> list[Reading]:
    at = clock.now()
    found = []
    for fact in MANIFEST.metrics:
        value = _number(row.get(fact.field))
        found.append(Reading(post, fact.key, value, fact.field, at, "" if value is not None else why))
    return found


async def account(session: Session) -> Sequence[Reading]:
    """The account's own numbers."""
    facts = MANIFEST.account_metrics
    user: Mapping[str, Any] = {}
    why = "stats_declined"
    if may(session.grant, STATS):
        try:
            found = (await api(session).get("user/info", ",".join(fact.field for fact in facts))).get("user")
            user, why = found if isinstance(found, dict) else {}, "not_given"
        except GrantExpired as error:
            if error.reason != SCOPE:
                raise
    at = clock.now()
    return [
        Reading(session.remote_id, fact.key, value, fact.field, at, "" if value is not None else why)
        for fact in facts
        for value in (_number(user.get(fact.field)),)
    ]


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
