"""What may be wrong with an account: its token's scopes, what its moderators did, limits that the server changed since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kitestring.connectorkit.contract import Examined, Finding, Session
from kitestring.connectors.mastodon import limits, rights
from kitestring.connectors.mastodon.client import MANIFEST, server


async def examine(session: Session) -> Examined:
    """Raises GrantExpired when the token no longer opens, RetryLater when the server does not answer."""
    place = server(session)
    me = await place.read("/api/v1/accounts/verify_credentials")
    instance = await place.read("/api/v2/instance")
    scopes = await rights.given(place)
    found = [Finding("good", "health_good"), _server(instance)]
    if scopes is not None and (lacking := rights.missing(scopes)):
        found.append(Finding("warning", "rights_missing", {"rights": ", ".join(lacking)}))
    found += _standing(me if isinstance(me, dict) else {})
    fresh = limits.found_in(instance)
    if fresh != (session.settings.get("limits") or {}):
        found.append(Finding("good", "limits_changed"))
    settings = {"limits": fresh, "own_limits": limits.for_the_house(fresh)}
    return Examined(tuple(found), scopes, settings=settings)


def _server(instance: Mapping[str, Any]) -> Finding:
    """Its version, and how long a post may be there."""
    letters = limits.found_in(instance).get("text") or MANIFEST.kinds[0].text.limit
    return Finding(
        "good", "server_told", {"version": str(instance.get("version") or "?")[:60], "letters": letters}
    )


def _standing(me: Mapping[str, Any]) -> list[Finding]:
    """What the server's moderators or the account's owner did to it (entities/Account)."""
    found = []
    if me.get("suspended"):
        found.append(Finding("bad", "account_gone"))
    if me.get("limited"):
        found.append(Finding("warning", "silenced"))
    if moved := me.get("moved"):
        to = str(moved.get("acct") or "?") if isinstance(moved, dict) else "?"
        found.append(Finding("bad", "moved_away", {"account": f"@{to}"}))
    return found
