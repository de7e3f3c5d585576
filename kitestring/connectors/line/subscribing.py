"""Have LINE call the account's address, and see that it reaches it. Only a person can switch the webhook on at the console.

Source: github.com/line/line-openapi, messaging-api.yml (2026-07-01): getWebhookEndpoint, setWebhookEndpoint, testWebhookEndpoint
"""

from __future__ import annotations

from typing import Any, Final

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.hooks import ours
from kitestring.connectors.line.client import Channel, channel

ENDPOINT: Final = "/v2/bot/channel/webhook/endpoint"
TEST: Final = "/v2/bot/channel/webhook/test"


async def subscribe(session: Session, address: str) -> None:
    """A channel has one address: another program's stays, an older one of ours makes room."""
    there = channel(session)
    told = await _told(there)
    found = str(told.get("endpoint") or "")
    if found and not ours(found, address):
        raise Rejected("", "webhook_elsewhere", params={"address": found[:200]})
    if found != address:
        await _set(there, address)
        told = await _told(there)
    if not told.get("active"):
        raise Rejected("", "webhook_off_here")
    tried = await there.change("POST", TEST, {"endpoint": address})
    if not tried.get("success"):
        said = " ".join(str(tried.get(name) or "") for name in ("reason", "statusCode"))
        raise Rejected("", "webhook_unanswered", params={"said": said.strip()[:200]})


async def _told(there: Channel) -> dict[str, Any]:
    """What is set; nothing where nothing is."""
    try:
        return await there.read(ENDPOINT)
    except Rejected as error:
        if error.reason != "not_there":
            raise
        return {}


async def _set(there: Channel, address: str) -> None:
    try:
        await there.change("PUT", ENDPOINT, {"endpoint": address})
    except Rejected as error:
        raise Rejected("", "webhook_refused", said=error.said) from error
