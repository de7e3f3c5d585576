"""The account's tags (标签) on its followers: whom a mass send can go to instead of everybody."""

from __future__ import annotations

from typing import Any, Final

from kitestring.connectorkit.contract import Outgoing
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.wechat.client import App

# WeChat's own: those without any tag, and the blacklist.
NOBODY: Final = frozenset({0, 1})


async def listed(caller: App) -> list[dict[str, str]]:
    """As a choice, with how many followers have it; none where WeChat does not grant the interface."""
    try:
        told = await caller.call("/cgi-bin/tags/get")
    except Rejected:
        return []
    rows = [row for row in told.get("tags") or () if isinstance(row, dict) and row.get("id") not in NOBODY]
    return [
        {"value": str(row["id"]), "label": f"{row.get('name', '')} · {row.get('count', 0)}"} for row in rows
    ]


def check(outgoing: Outgoing) -> None:
    """Raises Rejected("options.tag", "tag_gone") for what is no tag."""
    if (tag := outgoing.options.get("tag", "")) and not (tag.isascii() and tag.isdecimal()):
        raise Rejected("options.tag", "tag_gone")


def audience(outgoing: Outgoing) -> dict[str, Any]:
    """WeChat's `filter`: everybody, or the followers with the tag chosen."""
    tag = outgoing.options.get("tag", "")
    return {"is_to_all": False, "tag_id": int(tag)} if tag else {"is_to_all": True}
