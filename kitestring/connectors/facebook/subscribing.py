"""Put the operator's app on the Page, so that Meta calls its address about it."""

from __future__ import annotations

from typing import Final

from kitestring.connectorkit.contract import Session
from kitestring.connectors.facebook.client import may, page
from kitestring.providers.meta import subscribing

FIELDS: Final = ("feed", "mention")


async def subscribe(session: Session, address: str) -> None:
    """The address itself was pasted into the app; Messenger's field goes along where messages may be read."""
    talks = ("messages",) if may(session, "pages_messaging") else ()
    await subscribing.subscribe(session, page(session), session.remote_id, (*FIELDS, *talks))
