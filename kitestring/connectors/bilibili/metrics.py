"""Numbers of videos (each asked for by itself) and of articles (thirty at once), and of the account.

Danmaku and coins are told too; we have no measure for them. Source: apifox.com/apidoc/docs-site/1106400, 获取单个稿件数据,
获取单一专栏数据, 获取用户数据. That articles are asked for thirty at once is what public code does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.bilibili.client import MANIFEST, bili, is_article
from kitestring.connectors.bilibili.refusals import GONE
from kitestring.kit import clock

AT_ONCE: Final = 30
DECLINED: Final = "insights_declined"
Told = Mapping[str, Any] | str  # the numbers, or the sentence that says why there are none


async def read(session: Session, posts: Sequence[str]) -> Sequence[Reading]:
    """One reading per post and metric; a number that is not told says why."""
    told = await _articles(session, [post for post in posts if is_article(post)])
    for post in posts:
        if not is_article(post):
            told[post] = await _archive(session, post)
    at = clock.now()
    return [reading for post in posts for reading in _readings(post, told[post], at)]


def _readings(post: str, told: Told, at: datetime) -> Iterator[Reading]:
    for fact in MANIFEST.metrics:
        value = _number(told, fact.field)
        why = "" if value is not None else told if isinstance(told, str) else "not_given"
        yield Reading(post, fact.key, value, fact.field, at, why)


async def _archive(session: Session, archive: str) -> Told:
    try:
        told = await bili(session).read("/data/arc/stat", resource_id=archive)
    except Rejected as error:
        return _why(error)
    return told if isinstance(told, Mapping) else "not_given"


async def _articles(session: Session, names: Sequence[str]) -> dict[str, Told]:
    found: dict[str, Told] = {}
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        try:
            told = await bili(session).read(
                "/data/art/stat", ids=",".join(one.removeprefix("cv") for one in some)
            )
        except Rejected as error:
            found |= dict.fromkeys(some, _why(error))
            continue
        for one in some:
            row = told.get(one.removeprefix("cv")) if isinstance(told, Mapping) else None
            stats = row.get("stats") if isinstance(row, Mapping) else None
            found[one] = stats if isinstance(stats, Mapping) else "not_there"
    return found


def _why(error: Rejected) -> str:
    """A post that is gone and a right that is missing are told; whatever else is wrong is raised on."""
    if error.reason == GONE:
        return "not_there"
    if error.reason in ("scope_missing", "not_on_the_list"):
        return DECLINED
    raise error


async def account(session: Session) -> Sequence[Reading]:
    """Followers, whom it follows, and how many of its videos are open."""
    told: Told
    try:
        found = await bili(session).read("/data/user/stat")
        told = found if isinstance(found, Mapping) else "not_given"
    except Rejected as error:
        told = _why(error)
    at, readings = clock.now(), []
    for fact in MANIFEST.account_metrics:
        value = _number(told, fact.field)
        why = "" if value is not None else told if isinstance(told, str) else "not_given"
        readings.append(Reading(session.remote_id, fact.key, value, fact.field, at, why))
    return readings


def _number(told: Told, field: str) -> float | None:
    value = told.get(field) if isinstance(told, Mapping) else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
