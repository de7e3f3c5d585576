"""The channel's consent: what is stored is what there is, and it can be renewed."""

from __future__ import annotations

from collections.abc import Mapping

from kitestring.connectorkit.contract import Connected, Grant, Session
from kitestring.connectorkit.errors import GrantExpired
from kitestring.kit.http import Client


async def connect(http: Client, urls: Mapping[str, str], answers: Mapping[str, str]) -> Connected:
    return Connected(answers["name"], answers["name"], answers["name"], Grant({"token": "t"}))


async def renew(session: Session) -> Grant:
    if not session.grant.secrets.get("renewable"):
        raise GrantExpired()
    return session.grant
