"""Private messages: an answer within the window, and whether it went out, read back from the conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Outcome, Outgoing, Published, Session
from kitestring.connectorkit.errors import Ambiguous
from kitestring.connectors.zalo.client import Oa, oa

PAGE: Final = 10  # the most that both listings take
MOST_PAGES: Final = 20
FROM_ACCOUNT: Final = 0  # `src` of what the account wrote; 1: the person
EARLY: Final = timedelta(minutes=2)


async def send(session: Session, outgoing: Outgoing) -> Outcome:
    body = {"recipient": {"user_id": outgoing.root}, "message": {"text": outgoing.text}}
    told = await oa(session).post("/v3.0/oa/message/cs", body, write=True)
    found = str(told.get("message_id") or "") if isinstance(told, Mapping) else ""
    if not found:
        raise Ambiguous("not_itself", said=str(told)[:200])
    return Published(found)


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    """Our message with these words since the duty was made; None when the conversation has none."""
    async for row in conversation(oa(session), outgoing.root, outgoing.stamp - EARLY):
        if row.get("src") == FROM_ACCOUNT and str(row.get("message", "")).strip() == outgoing.text.strip():
            return Published(str(row["message_id"]))
    return None


async def conversation(caller: Oa, user: str, since: datetime) -> AsyncIterator[Mapping[str, Any]]:
    """The messages with one person since a moment, the newest first."""
    async for row in _pages(caller, "/v2.0/oa/conversation", since, user_id=user):
        yield row


async def recent(caller: Oa, since: datetime) -> AsyncIterator[Mapping[str, Any]]:
    """The last message of each conversation since a moment, the newest first."""
    async for row in _pages(caller, "/v2.0/oa/listrecentchat", since):
        yield row


async def _pages(caller: Oa, path: str, since: datetime, **more: str) -> AsyncIterator[Mapping[str, Any]]:
    for page in range(MOST_PAGES):
        asked = {"offset": page * PAGE, "count": PAGE, **more}
        rows = await caller.get(path, data=asked)
        for row in shapes.rows(rows):
            if at(row) < since:
                return
            yield row
        if len(rows) < PAGE:
            return


def at(row: Mapping[str, Any]) -> datetime:
    """When it was written: `time` is in milliseconds."""
    return datetime.fromtimestamp(float(row.get("time") or 0) / 1000, UTC)
