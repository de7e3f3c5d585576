"""Our comments: under a post, under somebody's comment. After a lost answer they are found by their words."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from kitestring.connectorkit.contract import Outgoing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.facebook.client import page
from kitestring.connectors.facebook.steps import address
from kitestring.providers.meta.cursors import moment
from kitestring.providers.meta.graph import number

BEFORE: Final = timedelta(minutes=1)  # their clock and ours
FIELDS: Final = "id,from,message,created_time,permalink_url"


async def send(session: Session, outgoing: Outgoing) -> Published:
    """Comment once. Raises Rejected("reply_to", "deleted") when what is answered is gone."""
    graph = page(session)
    try:
        body = await graph.post(f"{number(outgoing.reply_to)}/comments", write=True, message=outgoing.text)
    except Rejected as error:
        if error.reason == "not_there":
            raise Rejected("reply_to", "deleted", said=error.said) from error
        raise
    if not body.get("id"):
        raise Ambiguous("not_itself", said=str(body)[:200])
    return Published(str(body["id"]), await address(session, graph, str(body["id"])))


async def find(session: Session, outgoing: Outgoing) -> Published | None:
    """Our comment with these words since the duty was made. Raises Ambiguous where there are several."""
    since = outgoing.stamp - BEFORE
    below = outgoing.root or outgoing.reply_to
    found = []
    try:
        async for rows in page(session).pages(
            f"{number(below)}/comments",
            fields=FIELDS,
            filter="stream",
            order="reverse_chronological",
            since=int(since.timestamp()),
            limit=100,
        ):
            found += [
                row
                for row in rows
                if str((row.get("from") or {}).get("id")) == session.remote_id
                and str(row.get("message")) == outgoing.text
                and moment(row) >= since
            ]
    except Rejected as error:
        if error.reason == "not_there":
            return None
        raise
    if len(found) > 1:
        raise Ambiguous("several_alike")
    return Published(str(found[0]["id"]), str(found[0].get("permalink_url") or "")) if found else None
