"""What is wrong with an account, asked of X: its consent and rights, whether its posts are seen, whether credits are left."""

from __future__ import annotations

from kitestring.connectorkit.contract import Examined, Finding, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectors.x import auth
from kitestring.connectors.x.client import MANIFEST, api

# Troubles that are told as findings; any other wait means that nobody could look.
TOLD = ("no_credits", "spending_limit")


async def examine(session: Session) -> Examined:
    """Findings and rights. Raises RetryLater when X cannot be asked now."""
    try:
        me = await auth.whoami(session)
    except (GrantExpired, Rejected) as error:
        return Examined([Finding("bad", error.reason)], session.grant.scopes)
    except RetryLater as error:
        if error.reason not in TOLD:
            raise
        return Examined([Finding("bad", error.reason)], session.grant.scopes)
    found = [Finding("good", "health_good")]
    if me.get("protected"):
        found.append(Finding("warning", "protected_account"))
    needed = {scope.key for scope in MANIFEST.auth.scopes if scope.required}
    if lacking := sorted(needed - set(session.grant.scopes)):
        found.append(Finding("warning", "scopes_lacking", {"scopes": ", ".join(lacking)}))
    if auth.type_of(me) != session.account_type:
        found.append(Finding("warning", "subscription_changed"))
    return Examined([*found, *await _messages(session)], session.grant.scopes)


async def _messages(session: Session) -> list[Finding]:
    """Whether private messages can be read, where the account was connected with them. Reads one."""
    if "dm.read" not in session.grant.scopes:
        return []
    try:
        await api(session).read("dm_events", [("max_results", "1"), ("event_types", "MessageCreate")])
    except Rejected:
        return [Finding("warning", "messages_closed")]
    except RetryLater as error:
        if error.reason not in ("busy", *TOLD):
            raise
    return []
