"""The numbers of pins and of the account.

Views, clicks, reactions and comments are counted over a pin's whole life and come with the pin itself. Saves come from
the analytics alone, which reach back 90 days: of an older pin they would be a part, so none is given.
Source: github.com/pinterest/api-description, v5/openapi.json 5.23.0, GET /pins/{pin_id}, /pins/{pin_id}/analytics,
/user_account and /user_account/analytics.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.pinterest.client import MANIFEST, Api, api, pin_path
from kitestring.connectors.pinterest.publishing import made_at
from kitestring.kit import clock

BACK: Final = timedelta(days=89)  # "Cannot be more than 90 days back from today", by days of UTC
MONTH: Final = timedelta(days=29)
CLOSED: Final = ("not_yours", "not_permitted")


async def read(session: Session, posts: Sequence[str]) -> Sequence[Reading]:
    """One reading per post and metric of the manifest; what Pinterest does not give is None, and says why."""
    caller, readings = api(session), []
    for post in posts:
        at = clock.now()
        pin = await _pin(caller, post)
        saves, why_none = await _saves(caller, pin, at) if pin else ({}, "not_there")
        lifetime = ((pin or {}).get("pin_metrics") or {}).get("lifetime_metrics") or {}
        for fact in MANIFEST.metrics:
            table, _, name = fact.field.rpartition(".")
            from_analytics = table == "summary_metrics"
            value = _number(saves if from_analytics else lifetime, name)
            why = why_none if from_analytics or pin is None else "not_given"
            readings.append(Reading(post, fact.key, value, fact.field, at, "" if value is not None else why))
    return readings


async def _pin(caller: Api, post: str) -> dict[str, Any] | None:
    try:
        return await caller.read(pin_path(post), (("pin_metrics", "true"),))
    except Rejected as error:
        if error.reason != "not_there":
            raise
        return None


async def _saves(caller: Api, pin: Mapping[str, Any], at: datetime) -> tuple[dict[str, Any], str]:
    """The analytics' sums since the pin was made; else nothing, and why."""
    made = made_at(dict(pin))
    if made < at - BACK:
        return {}, "ninety_days"
    params = (*_days(min(made, at), at), ("metric_types", "SAVE"))
    try:
        body = await caller.read(f"{pin_path(str(pin['id']))}/analytics", params)
    except Rejected as error:
        if error.reason not in (*CLOSED, "not_there"):
            raise
        return {}, "analytics_closed" if error.reason in CLOSED else "not_there"
    return _sums(body), "not_given"


async def account(session: Session) -> Sequence[Reading]:
    """Followers, followed and pins by the profile; views of the last 30 days by the analytics."""
    caller, at = api(session), clock.now()
    me = await caller.read("user_account")
    sums, why_none = await _sums_of_month(caller, at)
    readings = []
    for fact in MANIFEST.account_metrics:
        table, _, name = fact.field.rpartition(".")
        value = _number(sums if table else me, name)
        why = "" if value is not None else (why_none if table else "not_given")
        readings.append(Reading(session.remote_id, fact.key, value, fact.field, at, why))
    return readings


async def _sums_of_month(caller: Api, at: datetime) -> tuple[dict[str, Any], str]:
    params = (*_days(at - MONTH, at), ("metric_types", "IMPRESSION"))
    try:
        return _sums(await caller.read("user_account/analytics", params)), "not_given"
    except Rejected as error:
        if error.reason not in CLOSED:
            raise
        return {}, "analytics_closed"


def _sums(body: Mapping[str, Any]) -> dict[str, Any]:
    """The sums of all apps and all pins: the one entry there is where nothing was asked apart ("all")."""
    entry: Any = body.get("all") or next(iter(body.values()), None)
    return dict(entry.get("summary_metrics") or {}) if isinstance(entry, Mapping) else {}


def _days(start: datetime, end: datetime) -> tuple[tuple[str, str], ...]:
    return ("start_date", f"{start:%Y-%m-%d}"), ("end_date", f"{end:%Y-%m-%d}")


def _number(table: Mapping[str, Any], name: str) -> float | None:
    value = table.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
