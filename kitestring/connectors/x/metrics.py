"""The numbers of posts and of the account. Clicks X tells for thirty days only; shares come from its analytics.

Source: xdevplatform/docs, x-api/fundamentals/metrics; github.com/xdevplatform/xdk, specs/openapi.json 2.167.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.x import auth
from kitestring.connectors.x.client import MANIFEST, Api, api, rows_by_id
from kitestring.connectors.x.ids import made_at
from kitestring.kit import clock

AT_ONCE = 100
PRIVATE_FOR = timedelta(days=30)
# The same number in the older vocabulary.
OLDER = {"repost_count": "retweet_count", "post_count": "tweet_count"}
Found = dict[str, dict[str, Any]]


async def read(session: Session, posts: Sequence[str]) -> Sequence[Reading]:
    """One reading per post and metric of the manifest; what X does not give is None, and says why."""
    caller, at = api(session), clock.now()
    asked = [post for post in posts if post.isascii() and post.isdecimal()]
    young = [post for post in asked if made_at(post) > at - PRIVATE_FOR]
    shown = await _shown(caller, young, "public_metrics,non_public_metrics")
    # With one number refused X may leave the whole post out.
    rest = [post for post in asked if post not in shown]
    shown |= await _shown(caller, rest, "public_metrics")
    analysed = await _analysed(caller, [post for post in asked if post in shown], at)
    return [
        _reading(post, fact.key, fact.field, shown.get(post), analysed, at, young)
        for post in posts
        for fact in MANIFEST.metrics
    ]


def _reading(
    post: str,
    key: str,
    field: str,
    shown: Mapping[str, Any] | None,
    analysed: Found | None,
    at: datetime,
    young: Sequence[str],
) -> Reading:
    table, _, name = field.partition(".")
    if shown is None:
        return Reading(post, key, None, field, at, "not_there")
    if table == "analytics":
        value = _number((analysed or {}).get(post, {}), name)
        why = "analytics_closed" if analysed is None else "not_given"
    else:
        value = _number(shown.get(table) or {}, name)
        why = "thirty_days" if table == "non_public_metrics" and post not in young else "not_given"
    return Reading(post, key, value, field, at, "" if value is not None else why)


def _number(table: Mapping[str, Any], name: str) -> float | None:
    value = table.get(name, table.get(OLDER.get(name, "")))
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


async def _shown(caller: Api, posts: Sequence[str], fields: str) -> Found:
    """The posts by id, a hundred at a call; those gone are left out."""
    found: Found = {}
    for some in _parts(posts):
        page = await caller.read("tweets", [("ids", ",".join(some)), ("post.fields", f"id,{fields}")])
        found |= {str(row["id"]): row for row in rows_by_id(page)}
    return found


async def _analysed(caller: Api, posts: Sequence[str], at: datetime) -> Found | None:
    """The totals of X's analytics since the eldest was posted; None where X keeps them from this app."""
    found: Found = {}
    for some in _parts(posts):
        start = min(made_at(post) for post in some)
        params = [("ids", ",".join(some)), ("granularity", "total")]
        params += [("start_time", _stamp(start)), ("end_time", _stamp(at))]
        params.append(("analytics.fields", "id,shares,timestamped_metrics"))
        try:
            page = await caller.read("tweets/analytics", params)
        except Rejected as error:
            if error.reason in ("host_refused", "version_retired"):
                raise
            return None
        found |= {str(row.get("id")): _total(row) for row in rows_by_id(page)}
    return found


def _total(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row's own totals, else the sum of its stretches of time."""
    if "shares" in row:
        return dict(row)
    parts = [(one or {}).get("metrics") or {} for one in row.get("timestamped_metrics") or ()]
    told = [part["shares"] for part in parts if isinstance(part.get("shares"), int)]
    return {"shares": sum(told)} if told else {}


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _parts(posts: Sequence[str]) -> Iterable[Sequence[str]]:
    return (posts[start : start + AT_ONCE] for start in range(0, len(posts), AT_ONCE))


async def account(session: Session) -> Sequence[Reading]:
    """Followers, followed, posts: as the profile shows them."""
    table = (await auth.whoami(session)).get("public_metrics") or {}
    at, readings = clock.now(), []
    for fact in MANIFEST.account_metrics:
        value = _number(table, fact.field.partition(".")[2])
        readings.append(
            Reading(
                session.remote_id, fact.key, value, fact.field, at, "" if value is not None else "not_given"
            )
        )
    return readings
