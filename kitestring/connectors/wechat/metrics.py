"""Numbers of our articles and of the account, a day late: people who read, shared, liked, kept; comments; followers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.manifest import AccountMetric
from kitestring.connectors.wechat import ids
from kitestring.connectors.wechat.client import BEIJING, MANIFEST, App, app
from kitestring.kit import clock

PATH = "/datacube/getarticletotaldetail"
USERS = "/datacube/getusercumulate"
CHANGES = "/datacube/getusersummary"
# WeChat follows an article for 30 days after it came out.
DAYS = 30
# The longest span that the followers are told of at once.
WEEK = 7
# What `CHANGES` tells of a day, by way of finding the account.
COUNTED = ("new_user", "cancel_user")


async def read(session: Session, posts: Sequence[str]) -> Sequence[Reading]:
    """One reading a metric and post. An article WeChat lists no numbers for has value None, with the reason."""
    wanted = {post: ids.article(post) for post in posts}
    rows = await _rows(app(session), {there.msgid for there in wanted.values() if there.data})
    found: list[Reading] = []
    for post, there in wanted.items():
        found += _readings(post, there, rows.get(there.msgid))
    return found


async def _rows(caller: App, msgids: set[str]) -> dict[str, dict[str, Any]]:
    """Each article's newest totals, by its msgid."""
    if not msgids:
        return {}
    last = clock.now().astimezone(BEIJING).date() - timedelta(days=1)
    try:
        told = await caller.call(PATH, _span(last - timedelta(days=DAYS - 1), last))
    except Rejected as error:
        if error.reason != "date_range":
            raise
    else:
        return dict(_newest(told, msgids))
    # This account's interface takes one day at a time: the newest first, until every article was seen.
    rows: dict[str, dict[str, Any]] = {}
    for back in range(DAYS):
        day = last - timedelta(days=back)
        rows |= dict(_newest(await caller.call(PATH, _span(day, day)), msgids))
        if rows.keys() == msgids:
            break
    return rows


def _span(first: date, last: date) -> dict[str, str]:
    return {"begin_date": first.isoformat(), "end_date": last.isoformat()}


def _newest(told: Mapping[str, Any], msgids: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The totals up to the last day counted. Each day's row holds the sum since the article came out."""
    for row in told.get("list") or ():
        days = row.get("detail_list") or ()
        if row.get("msgid") in msgids and days:
            yield str(row["msgid"]), max(days, key=lambda day: str(day.get("stat_date", "")))


def _readings(post: str, there: ids.Article, row: Mapping[str, Any] | None) -> list[Reading]:
    now = clock.now()
    unknown = "number_unknown" if there.number else "no_article"
    why = "" if row is not None else "not_counted_yet" if there.data else unknown
    found: list[Reading] = []
    for fact in MANIFEST.metrics:
        told = row.get(fact.field) if row is not None else None
        value = float(told) if told is not None else None
        found.append(
            Reading(post, fact.key, value, fact.field, now, why or ("" if told is not None else "not_told"))
        )
    return found


async def account(session: Session) -> Sequence[Reading]:
    """The followers on the last day that WeChat has counted, and who came and went on it.

    That is yesterday, or the day before until 08:00 in Beijing.
    """
    caller, who = app(session), session.remote_id
    rows, why = await _days(caller, USERS)
    newest = max((_day(row) for row in rows), default="")
    changed, why_not = await _days(caller, CHANGES)
    # A day has a row for each way in which people found the account.
    theirs = [row for row in changed if _day(row) == newest] if newest else changed
    last = max((_day(row) for row in theirs), default="")
    sums = _summed(row for row in theirs if _day(row) == last)
    total: Mapping[str, Any] = next((row for row in rows if _day(row) == newest), {})
    return [
        _of_account(who, sums, fact, why_not) if fact.field in COUNTED else _of_account(who, total, fact, why)
        for fact in MANIFEST.account_metrics
    ]


async def _days(caller: App, path: str) -> tuple[list[Mapping[str, Any]], str]:
    """The rows of the last week, and why there is no number where there is none."""
    last = clock.now().astimezone(BEIJING).date() - timedelta(days=1)
    try:
        told = await caller.call(path, _span(last - timedelta(days=WEEK - 1), last))
    except Rejected as error:
        if error.reason not in ("not_permitted", "interface_blocked"):
            raise
        return [], error.reason
    return [row for row in told.get("list") or () if isinstance(row, Mapping)], "followers_not_counted"


def _day(row: Mapping[str, Any]) -> str:
    return str(row.get("ref_date", ""))


def _summed(rows: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Each number over all rows; one that no row tells is not there."""
    sums: dict[str, float] = {}
    for row in rows:
        for name in COUNTED:
            if row.get(name) is not None:
                sums[name] = sums.get(name, 0.0) + float(row[name])
    return sums


def _of_account(who: str, row: Mapping[str, Any], fact: AccountMetric, why: str) -> Reading:
    told = row.get(fact.field)
    value = float(told) if told is not None else None
    return Reading(who, fact.key, value, fact.field, clock.now(), why if value is None else "")
