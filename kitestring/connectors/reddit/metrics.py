"""The numbers of posts and comments, a hundred at a call, and of the account's own profile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectors.reddit import auth
from kitestring.connectors.reddit.client import MANIFEST, api
from kitestring.kit import clock

AT_ONCE = 100


async def read(session: Session, posts: Sequence[str]) -> Sequence[Reading]:
    """One reading per post and metric of the manifest. Reddit blurs scores a little, and tells a comment no answers."""
    caller, at = api(session), clock.now()
    shown: dict[str, dict[str, Any]] = {}
    for start in range(0, len(posts), AT_ONCE):
        some = ",".join(posts[start : start + AT_ONCE])
        shown |= {str(row.get("name")): row for row in await caller.things("api/info", [("id", some)])}
    found = []
    for post in posts:
        row = shown.get(post)
        gone = row is None or row.get("author") == "[deleted]"
        for fact in MANIFEST.metrics:
            value = None if gone or row is None else number(row.get(fact.field))
            why = "not_there" if gone else "" if value is not None else "not_given"
            found.append(Reading(post, fact.key, value, fact.field, at, why))
    return found


def number(told: Any) -> float | None:
    return float(told) if isinstance(told, int | float) and not isinstance(told, bool) else None


async def account(session: Session) -> Sequence[Reading]:
    """Who follows the profile."""
    me, at, found = await auth.whoami(api(session)), clock.now(), []
    for fact in MANIFEST.account_metrics:
        table = me.get(fact.field.partition(".")[0])
        value = number(table.get(fact.field.partition(".")[2])) if isinstance(table, dict) else None
        why = "" if value is not None else "not_given"
        found.append(Reading(session.remote_id, fact.key, value, fact.field, at, why))
    return found
