"""Insights as Meta answers them: [{"name", "period", "values": [{"value", "end_time"}]}] or {"total_value": {"value"}}."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kitestring.connectorkit.errors import Rejected
from kitestring.providers.meta.graph import Graph


def values(body: Mapping[str, Any]) -> dict[str, float]:
    """Each metric's value: the total where one is told, else the newest of its series. Objects are left out."""
    found: dict[str, float] = {}
    for row in body.get("data") or ():
        if not isinstance(row, dict):
            continue
        series = [one for one in row.get("values") or () if isinstance(one, dict)]
        series.sort(key=lambda one: str(one.get("end_time", "")))
        told = (row.get("total_value") or {}).get("value", series[-1].get("value") if series else None)
        if isinstance(told, int | float) and not isinstance(told, bool):
            found[str(row.get("name"))] = float(told)
    return found


async def ask(graph: Graph, path: str, metrics: Sequence[str], **params: Any) -> dict[str, float | None]:
    """The metrics by name; None for one that the API refuses by name.

    One name it does not know spoils the whole question: it is then asked name by name.
    """
    if not metrics:
        return {}
    try:
        body = await graph.get(path, metric=",".join(metrics), **params)
    except Rejected as error:
        if error.reason != "metric_retired":
            raise
        if len(metrics) == 1:
            return {metrics[0]: None}
        apart: dict[str, float | None] = {}
        for name in metrics:
            apart |= await ask(graph, path, [name], **params)
        return apart
    return dict(values(body))
