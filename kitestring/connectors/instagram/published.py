"""What is live: its address, and which of the newest is the one that a container became."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Outgoing, Published, Session
from kitestring.connectorkit.errors import ConnectorError, GrantExpired
from kitestring.providers.meta.cursors import moment
from kitestring.providers.meta.graph import Graph

BEFORE: Final = timedelta(minutes=1)  # their clock and ours
NEWEST: Final = 50


async def find(session: Session, graph: Graph, outgoing: Outgoing) -> Published | None:
    """The newest post with these words since the duty was made (a story has none: the newest story).

    Asked only where the container is known to be published. None while the list does not show it yet.
    """
    edge = "stories" if outgoing.kind == "story" else "media"
    body = await graph.get(
        f"{session.remote_id}/{edge}", fields="id,caption,timestamp,permalink", limit=NEWEST
    )
    for row in shapes.rows(body, "data"):
        words = edge == "stories" or _bare(str(row.get("caption") or "")) == _bare(outgoing.text)
        if words and moment(row, "timestamp") >= outgoing.stamp - BEFORE:
            return Published(str(row["id"]), str(row.get("permalink") or ""))
    return None


async def address(graph: Graph, media_id: str) -> str:
    """Where a person sees it; "" when that cannot be asked just now: what is live is live."""
    try:
        return str((await graph.get(media_id, fields="permalink")).get("permalink") or "")
    except GrantExpired:
        raise
    except ConnectorError:
        return ""


def _bare(text: str) -> str:
    return "".join(text.split())
