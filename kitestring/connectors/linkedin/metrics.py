"""Numbers of a Page's posts and of the Page itself. LinkedIn counts what was not paid for, of the last twelve months.

Source: learn.microsoft.com/linkedin/marketing/community-management/organizations: share-statistics, page-statistics,
organization-lookup-api (networkSizes).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.linkedin import urns
from kitestring.connectors.linkedin.client import MANIFEST, Api, api, rows
from kitestring.kit import clock

AT_ONCE: Final = 20  # posts of one call: an address may not be longer than 4 KB


async def read(session: Session, posts: Sequence[str]) -> Sequence[Reading]:
    """The readings of these posts now. A post nobody has seen yet is not in LinkedIn's answer."""
    at = clock.now()
    if session.account_type == "person":
        return _none(posts, at, "person_reads_nothing")
    caller = api(session)
    found: dict[str, Mapping[str, Any]] = {}
    try:
        for kind, mark in (("ugcPosts", "ugcPost"), ("shares", "share")):
            some = [post for post in posts if (":ugcPost:" in post) == (mark == "ugcPost")]
            for start in range(0, len(some), AT_ONCE):
                found |= await _statistics(caller, session, kind, mark, some[start : start + AT_ONCE])
    except Rejected as error:
        if error.reason != "not_permitted":
            raise
        return _none(posts, at, "numbers_for_admins")
    return [
        _reading(post, fact.key, fact.field, found.get(post), at)
        for post in posts
        for fact in MANIFEST.metrics
    ]


def _none(posts: Sequence[str], at: datetime, why: str) -> list[Reading]:
    return [Reading(post, fact.key, None, fact.field, at, why) for post in posts for fact in MANIFEST.metrics]


async def _statistics(
    caller: Api, session: Session, kind: str, mark: str, posts: Sequence[str]
) -> dict[str, Mapping[str, Any]]:
    query = urns.query(
        [
            ("q", "organizationalEntity"),
            ("organizationalEntity", urns.encoded(session.remote_id)),
            (kind, urns.listing(posts)),
        ]
    )
    body = await caller.read("organizationalEntityShareStatistics", query, restli="FINDER")
    return {str(row.get(mark)): row for row in rows(body)}


def _reading(post: str, key: str, field: str, row: Mapping[str, Any] | None, at: datetime) -> Reading:
    value = number(row, field) if row is not None else None
    why = "" if value is not None else "no_numbers" if row is None else "not_given"
    return Reading(post, key, value, field, at, why)


def number(row: Mapping[str, Any], field: str) -> float | None:
    """The number at a path of fields; None when there is none."""
    found: Any = row
    for name in field.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


async def account(session: Session) -> Sequence[Reading]:
    """Followers, and how often the Page itself was looked at."""
    at = clock.now()
    facts = {fact.key: fact.field for fact in MANIFEST.account_metrics}
    if session.account_type == "person":
        return [
            Reading(session.remote_id, key, None, field, at, "person_reads_nothing")
            for key, field in facts.items()
        ]
    caller, page = api(session), urns.encoded(session.remote_id)
    size = await caller.read(f"networkSizes/{page}", "edgeType=COMPANY_FOLLOWED_BY_MEMBER")
    readings = [_own(session, "followers", facts["followers"], size, at)]
    try:
        query = urns.query([("q", "organization"), ("organization", page)])
        seen = rows(await caller.read("organizationPageStatistics", query, restli="FINDER"))
    except Rejected as error:
        if error.reason != "not_permitted":
            raise
        return [
            *readings,
            Reading(
                session.remote_id, "profile_views", None, facts["profile_views"], at, "numbers_for_admins"
            ),
        ]
    return [*readings, _own(session, "profile_views", facts["profile_views"], seen[0] if seen else {}, at)]


def _own(session: Session, key: str, field: str, row: Mapping[str, Any], at: datetime) -> Reading:
    value = number(row, field)
    return Reading(session.remote_id, key, value, field, at, "" if value is not None else "not_given")
