"""What may be wrong with a site: its interface, its application passwords, what our user may do there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kitestring.connectorkit.contract import Examined, Finding, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.wordpress import articles, auth
from kitestring.connectors.wordpress.client import site

# The interface itself is shut, or is not there: nothing of the account can be asked.
SHUT: Final = {"no_rest", "rest_closed", "firewall", "moved"}


async def examine(session: Session) -> Examined:
    """Raises GrantExpired when the password no longer opens, RetryLater when the site does not answer."""
    place = site(session)
    try:
        index: dict[str, Any] = await place.read("", _fields="name,authentication")
    except Rejected as error:
        if error.reason in SHUT:
            return Examined((Finding("bad", error.reason),))
        raise
    try:
        me: dict[str, Any] = await place.read(
            "wp/v2/users/me", context="edit", _fields="id,roles,capabilities"
        )
    except GrantExpired:
        # A plugin that switches application passwords off looks like a wrong password; the index tells them apart.
        if _no_passwords(index):
            return Examined((Finding("bad", "app_passwords_off"),))
        raise
    found = [Finding("good", "health_good"), _role(me)]
    rights = me.get("capabilities") or {}
    for power, need in auth.NEEDED.items():
        if not rights.get(need):
            found.append(Finding("bad" if power == "publish" else "warning", auth.WITHOUT[power]))
    listed = await articles.categories(place) or session.settings.get("categories") or []
    settings = {"categories": listed, "moderates": bool(rights.get(auth.NEEDED["moderate"]))}
    return Examined(tuple(found), settings=settings)


def _no_passwords(index: Mapping[str, Any]) -> bool:
    ways = index.get("authentication")
    return ways is not None and "application-passwords" not in ways


def _role(me: Mapping[str, Any]) -> Finding:
    roles = ", ".join(str(role) for role in me.get("roles") or []) or "?"
    return Finding("good", "role_told", {"role": roles[:80]})
