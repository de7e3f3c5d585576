"""Connecting a LINE Official Account by its Messaging API channel: its id and secret, or a long-lived token and the secret."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from kitestring.connectorkit.contract import Connected, Grant, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.line import tokens
from kitestring.connectors.line.client import Channel, channel
from kitestring.kit import clock
from kitestring.kit.http import Client

FOR_EVER: Final = 10 * 366 * 86400  # a long-lived token is told to end in some hundred years


async def connect(http: Client, urls: Mapping[str, str], answers: Mapping[str, str]) -> Connected:
    """Whose channel it is. The secret is proven in any case: webhooks are signed with it.

    Raises Rejected("channel_secret"), Rejected("access_token") for a token LINE does not know, Rejected("channel_id") when
    neither an id nor a token was typed.
    """
    typed = {key: answers.get(key, "").strip() for key in ("channel_id", "channel_secret", "access_token")}
    grant = await _grant(http, urls["api"], **typed)
    try:
        me = await Channel(http, urls["api"], str(grant.secrets["token"])).read("/v2/bot/info")
    except GrantExpired as error:
        field = "access_token" if typed["access_token"] else "channel_secret"
        raise Rejected(field, "token_wrong", said=error.said) from error
    return Connected(
        remote_id=str(me["userId"]),
        handle=str(me.get("premiumId") or me["basicId"]),
        name=str(me["displayName"]),
        grant=grant,
        avatar_url=str(me.get("pictureUrl") or ""),
        capabilities={"publishing": True, "messages": True},
    )


async def _grant(
    http: Client, base: str, *, channel_id: str, channel_secret: str, access_token: str
) -> Grant:
    if access_token:
        told = await tokens.look_at(http, base, access_token)
        channel_id, token = str(told["client_id"]), access_token
        await tokens.prove(http, base, channel_id, channel_secret)
    elif channel_id:
        told = await tokens.issue(http, base, channel_id, channel_secret)
        token = str(told["access_token"])
    else:
        raise Rejected("channel_id", "id_or_token")
    secrets = {"token": token, "channel_id": channel_id, "channel_secret": channel_secret}
    return Grant(secrets, expires_at=_end(told.get("expires_in")))


def _end(seconds: object) -> datetime | None:
    life = float(str(seconds or 0))
    return clock.now() + timedelta(seconds=life) if 0 < life < FOR_EVER else None


async def renew(session: Session) -> Grant:
    """A new token for one that ends; a long-lived one is only asked after. Raises GrantExpired when the secret was changed."""
    if session.grant.expires_at is None:
        await channel(session).read("/v2/bot/info")
        return session.grant
    kept = session.grant.secrets
    try:
        told = await tokens.issue(
            session.http, session.urls["api"], str(kept["channel_id"]), str(kept["channel_secret"])
        )
    except Rejected as error:
        if error.reason != "secret_wrong":
            raise
        raise GrantExpired("secret_changed", said=error.said) from error
    return Grant({**kept, "token": str(told["access_token"])}, expires_at=_end(told.get("expires_in")))
