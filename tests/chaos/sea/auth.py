"""The channel's consent: a token that renews once. Who loses the new one has none, and connects again."""

from __future__ import annotations

from collections.abc import Mapping

from kitestring.connectorkit.contract import Connected, Grant, Session
from kitestring.kit.http import Client
from tests.chaos.sea.platform import SEA


async def connect(http: Client, urls: Mapping[str, str], answers: Mapping[str, str]) -> Connected:
    account, kind = SEA.comes_back
    token = SEA.another_token(account, SEA.first_token(account))
    return Connected(account, account, account, Grant({"token": token}), account_type=kind)


async def renew(session: Session) -> Grant:
    account, token = session.remote_id, session.grant.secrets["token"]
    return Grant({"token": await SEA.call("renew", lambda: SEA.another_token(account, token))})
