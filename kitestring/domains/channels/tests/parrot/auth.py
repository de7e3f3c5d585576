"""Opens the cage with a key; the cage hands out songs that end after an hour."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from kitestring.connectorkit.calls import send, settled
from kitestring.connectorkit.contract import Connected, Grant, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.kit.clock import now
from kitestring.kit.http import Client


async def _ask(http: Client, base: str, path: str, key: str) -> Any:
    headers = {"Authorization": f"Bearer {key}"}
    return settled(await send(http, "GET", f"{base}{path}", write=False, headers=headers), write=False)


def _grant(key: str, told: Mapping[str, Any]) -> Grant:
    return Grant({"key": key, "song": told["song"]}, ("sing",), now() + timedelta(hours=1))


async def connect(http: Client, urls: Mapping[str, str], answers: Mapping[str, str]) -> Connected:
    try:
        told = await _ask(http, urls["api"], "/who", answers["key"])
    except GrantExpired as error:
        raise Rejected("key", "wrong_key", said=error.said) from error
    return Connected(
        told["id"],
        told["handle"],
        told["name"],
        _grant(answers["key"], told),
        account_type=answers["size"],
        capabilities={"publish": True},
        settings={"urls": {"api": urls["api"]}, "perch": 3},
    )


async def renew(session: Session) -> Grant:
    key = session.grant.secrets["key"]
    return _grant(key, await _ask(session.http, session.urls["api"], "/renew", key))
