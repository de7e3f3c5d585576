"""What is wrong with an account's connection: its token, its rights, and what is left of its allowances."""

from __future__ import annotations

from kitestring.connectorkit.contract import Examined, Finding, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.threads.client import MANIFEST, account
from kitestring.connectors.threads.quotas import left
from kitestring.providers.meta import health


async def examine(session: Session) -> Examined:
    """Raises RetryLater when nobody can tell."""
    graph = account(session)
    try:
        room = await left(graph)
        body = await graph.get("debug_token", input_token=graph.token)
        data = body.get("data") if isinstance(body.get("data"), dict) else {}
        found = health.findings(data or {}, MANIFEST.auth.scopes, until="expires_at")
    except (GrantExpired, Rejected) as error:
        return Examined([Finding("bad", error.reason)])
    if room.get("posts", 1) <= 0:
        found.append(Finding("warning", "quota_used"))
    return Examined(found, health.scopes(data or {}), room)
