"""What may be wrong with a LINE account: its token, its month's messages, its webhook."""

from __future__ import annotations

from typing import Final

from kitestring.connectorkit.contract import Examined, Finding, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.line.client import Channel, channel

FEW: Final = 0.1  # of the month's messages


async def examine(session: Session) -> Examined:
    """Raises GrantExpired when the token no longer opens, RetryLater when LINE does not answer."""
    there = channel(session)
    await there.read("/v2/bot/info")
    found = [Finding("good", "health_good"), await _month(there), await _webhook(there)]
    return Examined(tuple(found))


async def _month(there: Channel) -> Finding:
    """How many messages of the plan are left. One to a hundred friends counts a hundred."""
    quota = await there.read("/v2/bot/message/quota")
    used = int((await there.read("/v2/bot/message/quota/consumption")).get("totalUsage") or 0)
    if quota.get("type") != "limited":
        return Finding("good", "month_unlimited", {"used": used})
    limit = int(quota.get("value") or 0)
    left = max(0, limit - used)
    few = left <= limit * FEW
    return Finding("warning" if few else "good", "month_left", {"left": left, "limit": limit})


async def _webhook(there: Channel) -> Finding:
    """Whether LINE calls anybody at all. Which address it should be, only the account's page knows."""
    try:
        told = await there.read("/v2/bot/channel/webhook/endpoint")
    except Rejected as error:
        if error.reason != "not_there":
            raise
        return Finding("warning", "webhook_missing")
    if not told.get("active"):
        return Finding("warning", "webhook_off")
    return Finding("good", "webhook_on", {"address": str(told.get("endpoint") or "")[:200]})
