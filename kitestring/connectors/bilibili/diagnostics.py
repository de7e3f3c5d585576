"""What is wrong with an account: rights not ticked or not granted, a consent that ends; and the categories there are now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from kitestring.connectorkit.contract import Examined, Finding, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.bilibili.auth import ARTICLES, VIDEOS, lists
from kitestring.connectors.bilibili.client import MANIFEST, bili
from kitestring.kit import clock

SOON: Final = timedelta(days=2)  # the access cannot be renewed once it has ended


async def examine(session: Session) -> Examined:
    """Raises RetryLater when nobody can tell."""
    try:
        told = await bili(session).read("/user/account/scopes")
        listed = told.get("scopes") if isinstance(told, Mapping) else None
        given = tuple(str(one) for one in listed) if isinstance(listed, list) else None
        known = await lists(bili(session), session.grant.scopes if given is None else given)
    except (GrantExpired, Rejected) as error:
        return Examined([Finding("bad", error.reason)])
    found = [] if given is None else _rights(given)
    end = session.grant.expires_at
    if end is not None and end - clock.now() < SOON:
        found.append(Finding("warning", "ends_soon", {"day": end.date().isoformat()}))
    if not found:
        found.append(Finding("good", "health_good"))
    return Examined(found, given, settings=known)


def _rights(given: tuple[str, ...]) -> list[Finding]:
    if not {VIDEOS, ARTICLES} & set(given):
        return [Finding("bad", "nothing_may_be_sent")]
    missing = [scope.key for scope in MANIFEST.auth.scopes if scope.key not in given]
    return [Finding("warning", "rights_missing", {"rights": ", ".join(missing)})] if missing else []
