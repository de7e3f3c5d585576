"""How the owl is: well, but for what its desk has in its memory."""

from __future__ import annotations

from kitestring.connectorkit.calls import send, settled
from kitestring.connectorkit.contract import Examined, Finding, Session


async def examine(session: Session) -> Examined:
    headers = {"Authorization": f"Bearer {session.grant.secrets['access_token']}"}
    answer = await send(session.http, "GET", f"{session.urls['api']}/health", write=False, headers=headers)
    told = settled(answer, write=False)
    findings = [Finding(one["state"], one["reason"], one.get("params", {})) for one in told["findings"]]
    left = {"hoots": int(told["left"])}
    return Examined(findings, tuple(told["scopes"]), left, told.get("settings", {}))
