"""Counts of posts, reels and stories by the insights each product has, and the account's own numbers."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.instagram.client import MANIFEST, may
from kitestring.connectors.instagram.client import account as graph_of
from kitestring.kit import clock
from kitestring.providers.meta import insights
from kitestring.providers.meta.graph import Graph, number

PRODUCTS: Final[dict[str, list[str]]] = tomllib.loads(
    (Path(__file__).parent / "metric_names.toml").read_text("utf-8")
)["products"]
FIELDS: Final = (
    "followers_count",
    "follows_count",
    "media_count",
)  # of the account; its other numbers are insights


async def read(session: Session, posts: Sequence[str]) -> Sequence[Reading]:
    """One reading for each post and metric of the manifest."""
    graph = graph_of(session)
    return [reading for post in posts for reading in await _of(session, graph, post)]


async def _of(session: Session, graph: Graph, post: str) -> list[Reading]:
    told: dict[str, float | None] = {}
    names: list[str] = []
    missing = "not_given"
    try:
        media = await graph.get(number(post), fields="media_product_type")
        names = PRODUCTS.get(str(media.get("media_product_type")), PRODUCTS["FEED"])
        if may(session, "instagram_manage_insights"):
            told = await insights.ask(graph, f"{post}/insights", names)
        else:
            missing = "insights_declined"
    except Rejected as error:
        if error.reason not in ("not_there", "metric_retired", "not_for_kind"):
            raise
        missing = error.reason
    at, readings = clock.now(), []
    for fact in MANIFEST.metrics:
        value = told.get(fact.field)
        why = "not_for_kind" if names and fact.field not in names else missing
        readings.append(Reading(post, fact.key, value, fact.field, at, "" if value is not None else why))
    return readings


async def account(session: Session) -> Sequence[Reading]:
    """Followers, following and posts as they are now; views, reach and visits of the last day that is counted."""
    graph = graph_of(session)
    body = await graph.get(session.remote_id, fields=",".join(FIELDS))
    told: dict[str, float | None] = {
        name: float(body[name]) if isinstance(body.get(name), int) else None for name in FIELDS
    }
    names = [fact.field for fact in MANIFEST.account_metrics if fact.field not in FIELDS]
    given = may(session, "instagram_manage_insights")
    if given:
        told |= await insights.ask(
            graph, f"{session.remote_id}/insights", names, period="day", metric_type="total_value"
        )
    at, readings = clock.now(), []
    for fact in MANIFEST.account_metrics:
        value = told.get(fact.field)
        why = "insights_declined" if fact.field in names and not given else "not_given"
        readings.append(
            Reading(session.remote_id, fact.key, value, fact.field, at, "" if value is not None else why)
        )
    return readings
