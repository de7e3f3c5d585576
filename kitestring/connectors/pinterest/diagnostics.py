"""What is wrong with an account, asked of Pinterest: its consent, its rights, its boards."""

from __future__ import annotations

from kitestring.connectorkit.contract import Examined, Finding, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.pinterest.auth import boards
from kitestring.connectors.pinterest.client import MANIFEST, api


async def examine(session: Session) -> Examined:
    """Findings and rights. Raises RetryLater when Pinterest cannot be asked now."""
    caller = api(session)
    try:
        me = await caller.read("user_account")
        there = await boards(caller)
    except (GrantExpired, Rejected) as error:
        return Examined([Finding("bad", error.reason)], session.grant.scopes)
    found = [Finding("good", "health_good")]
    if str(me.get("id") or session.remote_id) != session.remote_id:
        found.append(Finding("bad", "another_account"))
    needed = {scope.key for scope in MANIFEST.auth.scopes if scope.required}
    if lacking := sorted(needed - set(session.grant.scopes)):
        found.append(Finding("warning", "scopes_lacking", {"scopes": ", ".join(lacking)}))
    if not there:
        found.append(Finding("warning", "no_boards"))
    return Examined(found, session.grant.scopes, settings={"boards": there})
