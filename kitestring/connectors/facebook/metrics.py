"""Counts of posts and of the Page. Reactions, comments and shares stand with the post; views and clicks are insights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.facebook.client import MANIFEST, may, page
from kitestring.kit import clock
from kitestring.providers.meta import insights
from kitestring.providers.meta.graph import Graph, number

COUNTED: Final = "shares,reactions.limit(0).summary(total_count),comments.limit(0).summary(total_count)"
INSIGHT: Final = "post_"  # how the names of a post's insights begin; the others are fields of the post


async def read(session: Session, posts: Sequence[str]) -> Sequence[Reading]:
    """One reading for each post and metric of the manifest."""
    graph = page(session)
    return [reading for post in posts for reading in await _of(session, graph, post)]


async def _of(session: Session, graph: Graph, post: str) -> list[Reading]:
    names = [fact.field for fact in MANIFEST.metrics if fact.field.startswith(INSIGHT)]
    told: dict[str, float | None] = {}
    missing = "not_given"
    try:
        told |= _counted(await graph.get(number(post), fields=COUNTED))
        if may(session, "read_insights"):
            told |= await insights.ask(graph, f"{post}/insights", names, period="lifetime")
        else:
            told |= dict.fromkeys(names)
            missing = "insights_declined"
    except Rejected as error:
        if error.reason not in ("not_there", "metric_retired"):
            raise
        missing = error.reason
    at = clock.now()
    return [
        Reading(post, fact.key, value, fact.field, at, "" if value is not None else missing)
        for fact in MANIFEST.metrics
        for value in (told.get(fact.field),)
    ]


def _counted(body: Mapping[str, Any]) -> dict[str, float | None]:
    """A post that nobody shared has no `shares` at all."""
    return {
        "shares.count": float((body.get("shares") or {}).get("count") or 0),
        "reactions.summary.total_count": _total(body.get("reactions")),
        "comments.summary.total_count": _total(body.get("comments")),
    }


def _total(connection: Any) -> float | None:
    told = ((connection or {}).get("summary") or {}).get("total_count")
    return float(told) if told is not None else None


async def account(session: Session) -> Sequence[Reading]:
    """The Page's own numbers of the last day that is counted."""
    fields = [fact.field for fact in MANIFEST.account_metrics]
    told: dict[str, float | None] = {}
    if may(session, "read_insights"):
        told = await insights.ask(page(session), f"{session.remote_id}/insights", fields, period="day")
    missing = "not_given" if told else "insights_declined"
    at = clock.now()
    return [
        Reading(session.remote_id, fact.key, value, fact.field, at, "" if value is not None else missing)
        for fact in MANIFEST.account_metrics
        for value in (told.get(fact.field),)
    ]
