"""Put the operator's app on the Page that the account hangs on: without that Meta calls nobody about the account.

Source: developers.facebook.com/docs/graph-api/webhooks/getting-started/webhooks-for-instagram (stored copy)
"""

from __future__ import annotations

from typing import Final

from kitestring.connectorkit.contract import Session
from kitestring.connectors.instagram.client import account, may
from kitestring.providers.meta import subscribing

FIELDS: Final = ("feed",)  # any field of the Page opens the account's own, which are chosen in the app


async def subscribe(session: Session, address: str) -> None:
    """The address itself was pasted into the app."""
    talks = ("messages",) if may(session, "instagram_manage_messages") else ()
    page = str(session.settings.get("page_id") or "")
    await subscribing.subscribe(session, account(session), page, (*FIELDS, *talks))
