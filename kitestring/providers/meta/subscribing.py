"""Have Meta call the operator's app about a Page, and about the Instagram account that hangs on it.

The address stands in the app's own settings; here the app is put on the Page. One app has one row there for all channels of ours.
Source: developers.facebook.com/docs/graph-api/reference/page/subscribed_apps (stored copy; description of
2026-04-15). That a POST takes the place of the fields that are there, and the words of the refusal, are assumed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.providers.meta.graph import Graph, number

RIGHT: Final = "pages_manage_metadata"
LACKING: Final = "scope_missing"


async def subscribe(session: Session, graph: Graph, page: str, fields: Collection[str]) -> None:
    """These fields beside those that the app has there already. Raises Rejected("", "metadata_right_missing")."""
    if RIGHT not in session.grant.scopes:
        raise Rejected("", "metadata_right_missing")
    path = f"{number(page)}/subscribed_apps"
    try:
        there = _fields(await graph.get(path), session.app.get("client_id", ""))
        if not set(fields) <= there:
            await graph.post(path, write=False, subscribed_fields=",".join(sorted({*fields, *there})))
    except GrantExpired as error:
        if error.reason != LACKING:
            raise
        raise Rejected("", "metadata_right_missing", said=error.said) from error


def _fields(told: Mapping[str, Any], app: str) -> set[str]:
    """Those that the app is told of about the Page now."""
    rows = told.get("data")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping) and str(row.get("id") or "") == app:
            listed = row.get("subscribed_fields")
            return {str(one) for one in listed} if isinstance(listed, list) else set()
    return set()
