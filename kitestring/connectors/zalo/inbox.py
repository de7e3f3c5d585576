"""Private messages since the cursor: whose conversations moved, and what was said in them. Comments Zalo does not offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from kitestring.connectorkit.contract import Incoming, IncomingPage, Session
from kitestring.connectors.zalo.client import MANIFEST, oa
from kitestring.connectors.zalo.messages import FROM_ACCOUNT, at, conversation, recent
from kitestring.kit import clock

LATE: Final = timedelta(minutes=15)
FIRST: Final = timedelta(days=30)  # how far back the first reading goes
SHOWN: Final = {
    "photo": "[photo]",
    "sticker": "[sticker]",
    "voice": "[voice]",
    "file": "[file]",
    "location": "[location]",
}


async def fetch(session: Session, posts: Sequence[str], cursor: str) -> IncomingPage:
    """What people wrote and what the account answered, each conversation by its person."""
    caller, since = oa(session), _opened(cursor)
    people = {_person(row): row async for row in recent(caller, since)}
    found: list[Incoming] = []
    for person in people:
        found += [_incoming(row, person) async for row in conversation(caller, person, since)]
    found.sort(key=lambda message: message.at)
    newest = max((message.at for message in found), default=None)
    reached = max(newest, since + LATE) if newest else None
    return IncomingPage(found, reached.isoformat() if reached else cursor)


def _opened(cursor: str) -> datetime:
    try:
        return datetime.fromisoformat(cursor) - LATE
    except ValueError:
        return clock.now() - FIRST


def _person(row: Mapping[str, Any]) -> str:
    return str(row["to_id"] if row.get("src") == FROM_ACCOUNT else row["from_id"])


def _incoming(row: Mapping[str, Any], person: str) -> Incoming:
    own = row.get("src") == FROM_ACCOUNT

    window = MANIFEST.message_window
    written = at(row)
    closes = written + timedelta(hours=window.hours) if window and window.hours and not own else None
    return Incoming(
        remote_id=str(row["message_id"]),
        post_remote_id="",
        author_id=str(row.get("from_id") or person),
        author_name=str(row.get("from_display_name") or person),
        author_avatar_url=str(row.get("from_avatar") or ""),
        text=str(row.get("message") or "") or SHOWN.get(str(row.get("type")), "[…]"),
        at=written,
        own=own,
        kind="message",
        thread=person,
        answer_by=closes,
    )
