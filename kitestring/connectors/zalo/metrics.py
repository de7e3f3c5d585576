"""Views and shares of the account's articles, from the listing of its articles; followers from the account itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectors.zalo.client import MANIFEST, oa
from kitestring.kit import clock

PAGE: Final = 10  # the most that the listing takes
MOST_PAGES: Final = 30


async def read(session: Session, posts: Sequence[str]) -> Sequence[Reading]:
    """One reading per post and metric; a post that the listing does not name gives none, and says so."""
    listed, at = await _listed(session, set(posts)), clock.now()
    readings = []
    for post in posts:
        for fact in MANIFEST.metrics:
            told = listed.get(post, {}).get(fact.field)
            value = float(told) if isinstance(told, int | float) else None
            why = "" if value is not None else "not_given" if post in listed else "not_there"
            readings.append(Reading(post, fact.key, value, fact.field, at, why))
    return readings


async def _listed(session: Session, wanted: set[str]) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for page in range(MOST_PAGES):
        told = await oa(session).get("/v2.0/article/getslice", offset=page * PAGE, limit=PAGE, type="normal")
        rows = (told.get("medias") if isinstance(told, Mapping) else None) or []
        found |= {str(row.get("id")): row for row in rows if str(row.get("id")) in wanted}
        if len(rows) < PAGE or found.keys() >= wanted:
            break
    return found


async def account(session: Session) -> Sequence[Reading]:
    """How many follow the account."""
    told, at = await oa(session).get("/v2.0/oa/getoa"), clock.now()
    [fact] = MANIFEST.account_metrics
    value = told.get(fact.field) if isinstance(told, Mapping) else None
    number = float(value) if isinstance(value, int | float) else None
    return [
        Reading(
            session.remote_id, fact.key, number, fact.field, at, "" if number is not None else "not_given"
        )
    ]
