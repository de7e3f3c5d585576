"""Our comments: under a post, under somebody's comment. After a lost answer they are found by their words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from kitestring.connectorkit.contract import Outgoing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.instagram.client import account
from kitestring.providers.meta.cursors import moment
from kitestring.providers.meta.graph import Graph, number

BEFORE: Final = timedelta(minutes=1)  # their clock and ours
FIELDS: Final = "id,text,timestamp,from{id}"


async def send(session: Session, outgoing: Outgoing) -> Published:
    """Comment once. An answer to an answer goes under the comment both hang on, as Instagram shows them."""
    graph = account(session)
    edge, above = await _above(graph, outgoing)
    body = await graph.post(f"{above}/{edge}", write=True, message=outgoing.text)
    if not body.get("id"):
        raise Ambiguous("not_itself", said=str(body)[:200])
    return Published(str(body["id"]))


async def find(session: Session, outgoing: Outgoing) -> Published | None:
    """Our comment with these words since the duty was made. Raises Ambiguous where there are several."""
    graph = account(session)
    try:
        edge, above = await _above(graph, outgoing)
        found = [
            row
            async for rows in graph.pages(f"{above}/{edge}", fields=FIELDS, limit=50)
            for row in rows
            if _is_it(session, outgoing, row)
        ]
    except Rejected as error:
        if error.reason in ("not_there", "deleted"):
            return None
        raise
    if len(found) > 1:
        raise Ambiguous("several_alike")
    return Published(str(found[0]["id"])) if found else None


def _is_it(session: Session, outgoing: Outgoing, row: Mapping[str, Any]) -> bool:
    ours = str((row.get("from") or {}).get("id")) == session.remote_id
    return ours and row.get("text") == outgoing.text and moment(row, "timestamp") >= outgoing.stamp - BEFORE


async def _above(graph: Graph, outgoing: Outgoing) -> tuple[str, str]:
    """(edge, id) under which the words go. Raises Rejected("reply_to", "deleted") when that is gone."""
    if outgoing.reply_to == outgoing.root:
        return "comments", number(outgoing.root)
    try:
        body = await graph.get(number(outgoing.reply_to), fields="id,parent_id")
    except Rejected as error:
        if error.reason == "not_there":
            raise Rejected("reply_to", "deleted", said=error.said) from error
        raise
    return "replies", number(str(body.get("parent_id") or outgoing.reply_to))
