"""The heron's password is "reed"; the grant says by which way it was given."""

from __future__ import annotations

from collections.abc import Mapping

from kitestring.connectorkit.contract import Connected, Grant, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.kit.http import Client


async def connect(http: Client, urls: Mapping[str, str], answers: Mapping[str, str]) -> Connected:
    if answers["password"] != "reed":
        raise Rejected("password", "bad_login")
    return Connected("ada", "@ada", "Ada", Grant({"by": "password"}))


async def renew(session: Session) -> Grant:
    return Grant({"by": "password, again"})
