"""Numbers of posts (reposts, comments, likes) and of the account. Weibo gives no views but to media houses by contract.

Source: open.weibo.com/wiki: C/2/statuses/count/biz-en (2015-07-23), 2/users/show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectors.weibo.client import MANIFEST, api, number
from kitestring.kit import clock

AT_ONCE: Final = 100  # posts of one call
# The page of the commercial call shows "likes" where others show "attitudes".
ALIASES: Final = {"attitudes": "likes"}


async def read(session: Session, posts: Sequence[str]) -> Sequence[Reading]:
    """The readings of these posts now; what is not in Weibo's answer was deleted there."""
    caller, at = api(session), clock.now()
    found: dict[str, Mapping[str, Any]] = {}
    asked = [post for post in posts if post.isdecimal()]
    for start in range(0, len(asked), AT_ONCE):
        told = await caller.get("statuses/count", ids=",".join(asked[start : start + AT_ONCE]))
        found |= {number(row): row for row in told if isinstance(row, dict)} if isinstance(told, list) else {}
    readings = []
    for post in posts:
        for fact in MANIFEST.metrics:
            row = found.get(post)
            value = None if row is None else _value(row, fact.field)
            why = "" if value is not None else "not_there" if row is None else "not_given"
            readings.append(Reading(post, fact.key, value, fact.field, at, why))
    return readings


async def account(session: Session) -> Sequence[Reading]:
    """Followers, following and posts of the account."""
    who, at = await api(session).user(session.remote_id), clock.now()
    readings = []
    for fact in MANIFEST.account_metrics:
        value = _value(who, fact.field)
        why = "" if value is not None else "not_given"
        readings.append(Reading(session.remote_id, fact.key, value, fact.field, at, why))
    return readings


def _value(row: Mapping[str, Any], field: str) -> float | None:
    """A number, also where it is told as text; None when there is none."""
    told = row.get(field, row.get(ALIASES.get(field, "")))
    if isinstance(told, str) and told.isdecimal():
        return float(told)
    return float(told) if isinstance(told, int | float) and not isinstance(told, bool) else None
