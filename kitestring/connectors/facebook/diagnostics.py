"""What is wrong with a Page's connection: its token, the rights it lacks, the day the person must agree again, the app's keys."""

from __future__ import annotations

from kitestring.connectorkit.contract import Examined, Finding, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.facebook.client import MANIFEST, page
from kitestring.providers.meta import health, login


async def examine(session: Session) -> Examined:
    """Raises GrantExpired when the Page's token is over, RetryLater when nobody can tell."""
    graph = page(session)
    try:
        await login.still_holds(graph)
        data = await login.examined(session.http, session.urls["api"], graph.token, session.app)
    except Rejected as error:
        return Examined([Finding("bad", error.reason)])
    except GrantExpired as error:
        return Examined([Finding("bad", error.reason)])
    found = health.findings(data, MANIFEST.auth.scopes)
    if not session.app.get("client_secret"):
        found.append(Finding("warning", "app_keys_missing"))
    return Examined(found, health.scopes(data))
