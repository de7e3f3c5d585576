"""The soak's consent: a token that may end before its time, and a refresh token that works once."""

from __future__ import annotations

from kitestring.connectorkit.calls import send, settled
from kitestring.connectorkit.contract import Grant, Session
from kitestring.domains.publishing.tests.harbour.auth import connect

__all__ = ["connect", "renew"]


async def renew(session: Session) -> Grant:
    asked = {"author": session.remote_id, "refresh": session.grant.secrets["refresh"]}
    answer = await send(session.http, "POST", session.urls["api"] + "/token", write=False, json=asked)
    return Grant(settled(answer, write=False))
