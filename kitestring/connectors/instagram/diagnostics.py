"""What is wrong with an account's connection: its token, its rights, the app's keys, and how many posts are left today."""

from __future__ import annotations

from kitestring.connectorkit.contract import Examined, Finding, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.instagram.client import MANIFEST, account
from kitestring.connectors.instagram.containers import left
from kitestring.providers.meta import health, login


async def examine(session: Session) -> Examined:
    """Raises RetryLater when nobody can tell."""
    graph = account(session)
    try:
        body = await graph.get(f"{session.remote_id}/content_publishing_limit", fields="quota_usage,config")
        data = await login.examined(session.http, session.urls["api"], graph.token, session.app)
        found = health.findings(data, MANIFEST.auth.scopes)
    except (GrantExpired, Rejected) as error:
        return Examined([Finding("bad", error.reason)])
    if not session.app.get("client_secret"):
        found.append(Finding("warning", "app_keys_missing"))
    room = left(body)
    if room is not None and room <= 0:
        found.append(Finding("warning", "quota_used"))
    return Examined(found, health.scopes(data), {} if room is None else {"posts": max(room, 0)})
