"""What is wrong with an account, asked of Reddit: its consent and rights, whether it is suspended, whether messages are told."""

from __future__ import annotations

from kitestring.connectorkit.contract import Examined, Finding, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectors.reddit import auth, places
from kitestring.connectors.reddit.client import MANIFEST, api


async def examine(session: Session) -> Examined:
    """Findings and rights. Raises RetryLater when Reddit cannot be asked now."""
    try:
        me = await auth.whoami(api(session))
    except (GrantExpired, Rejected) as error:
        return Examined([Finding("bad", error.reason)], session.grant.scopes)
    found = [Finding("bad", "suspended")] if me.get("is_suspended") else [Finding("good", "health_good")]
    if me.get("has_verified_email") is False:
        found.append(Finding("warning", "email_not_verified"))
    needed = {scope.key for scope in MANIFEST.auth.scopes if scope.required}
    if lacking := sorted(needed - set(session.grant.scopes)):
        found.append(Finding("warning", "scopes_lacking", {"scopes": ", ".join(lacking)}))
    there = await places.found(api(session), str(me["name"]), session.grant.scopes)
    return Examined([*found, *await _messages(session)], session.grant.scopes, settings=there)


async def _messages(session: Session) -> list[Finding]:
    """Whether what was written to the account can be read."""
    if "privatemessages" not in session.grant.scopes:
        return []
    try:
        await api(session).read("message/inbox", [("limit", "1")])
    except Rejected:
        return [Finding("warning", "messages_closed")]
    except RetryLater as error:
        if error.reason != "busy":
            raise
    return []
