"""A thumb up under what others wrote. A bot cannot delete or hide others' messages."""

from __future__ import annotations

from typing import Final

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.slack import places
from kitestring.connectors.slack.client import workspace

THUMB: Final = "thumbsup"
ALSO_ON: Final = {"mention": ("like",), "message": ("like",)}


async def like(session: Session, comment_id: str, liked: bool) -> None:
    """Put our thumb under it, or take it back; quiet where that is done already."""
    channel, ts = places.place_of(session, comment_id)
    method = "reactions.add" if liked else "reactions.remove"
    try:
        await workspace(session).call(method, channel=channel, timestamp=ts, name=THUMB)
    except Rejected as error:
        if error.reason == "not_there":
            raise Rejected("", "gone", said=error.said) from error
        if error.reason != "done_already":
            raise
