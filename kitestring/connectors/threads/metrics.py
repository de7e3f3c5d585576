"""Insights of posts and of the account."""

from __future__ import annotations

from collections.abc import Sequence

from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.threads.client import MANIFEST, may
from kitestring.connectors.threads.client import account as graph_of
from kitestring.kit import clock
from kitestring.providers.meta import insights
from kitestring.providers.meta.graph import Graph, number


async def read(session: Session, posts: Sequence[str]) -> Sequence[Reading]:
    """One reading for each post and metric of the manifest."""
    graph = graph_of(session)
    if not may(session, "threads_manage_insights"):
        await graph.get("me", fields="id")
    return [reading for post in posts for reading in await _of(session, graph, post)]


async def _of(session: Session, graph: Graph, post: str) -> list[Reading]:
    told: dict[str, float | None] = {}
    missing = "not_given"
    try:
        if may(session, "threads_manage_insights"):
            names = [fact.field for fact in MANIFEST.metrics]
            told = await insights.ask(graph, f"{number(post)}/insights", names)
        else:
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


async def account(session: Session) -> Sequence[Reading]:
    """Followers now, and the profile's views of the last day that is counted."""
    given = may(session, "threads_manage_insights")
    names = [fact.field for fact in MANIFEST.account_metrics]
    told = await insights.ask(graph_of(session), "me/threads_insights", names) if given else {}
    why = "not_given" if given else "insights_declined"
    at = clock.now()
    return [
        Reading(session.remote_id, fact.key, value, fact.field, at, "" if value is not None else why)
        for fact in MANIFEST.account_metrics
        for value in (told.get(fact.field),)
    ]
