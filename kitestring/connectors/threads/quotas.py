"""What is left of the allowances, as Threads counts them over the last 24 hours."""

from __future__ import annotations

from typing import Final

from kitestring.providers.meta.graph import Graph

# Our quota: the fields it is told in.
QUOTAS: Final = {
    "posts": ("quota_usage", "config"),
    "replies": ("reply_quota_usage", "reply_config"),
    "deletions": ("delete_quota_usage", "delete_config"),
}
FIELDS: Final = ",".join(name for pair in QUOTAS.values() for name in pair)


async def left(graph: Graph) -> dict[str, int]:
    """How many are left by our quota; one that is not told is left out."""
    body = await graph.get("me/threads_publishing_limit", fields=FIELDS)
    rows = body.get("data") or [{}]
    row = rows[0] if isinstance(rows[0], dict) else {}
    found = {}
    for key, (used, config) in QUOTAS.items():
        total = (row.get(config) or {}).get("quota_total")
        if isinstance(total, int) and isinstance(row.get(used), int):
            found[key] = max(0, total - int(row[used]))
    return found
