"""Channel access tokens: issued for the channel's id and secret (30 days), looked at, and the secret proven.

The short-lived sort: it needs no key pair, and a channel may have 30 of them. A stateless one (15 minutes) only proves a secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kitestring.connectorkit import calls
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.kit.http import Answer, Client, NotJson


async def issue(http: Client, base: str, channel_id: str, secret: str) -> dict[str, Any]:
    """{"access_token", "expires_in"}. Raises Rejected("channel_secret", "secret_wrong")."""
    return await _ask(http, f"{base}/v2/oauth/accessToken", _client(channel_id, secret), "channel_secret")


async def prove(http: Client, base: str, channel_id: str, secret: str) -> None:
    """Return when the secret is that channel's. Raises Rejected("channel_secret", "secret_wrong")."""
    await _ask(http, f"{base}/oauth2/v3/token", _client(channel_id, secret), "channel_secret")


async def look_at(http: Client, base: str, token: str) -> dict[str, Any]:
    """{"client_id", "expires_in"} of a token. Raises Rejected("access_token", "token_wrong")."""
    return await _ask(http, f"{base}/v2/oauth/verify", {"access_token": token}, "access_token")


def _client(channel_id: str, secret: str) -> dict[str, str]:
    return {"grant_type": "client_credentials", "client_id": channel_id, "client_secret": secret}


async def _ask(http: Client, url: str, form: Mapping[str, str], field: str) -> dict[str, Any]:
    answer = await calls.send(http, "POST", url, write=False, form=dict(form))
    body = _body(answer)
    if body is None:
        raise RetryLater("not_itself", said=calls.words(answer))
    if answer.status in (400, 401, 403):
        reason = "token_wrong" if field == "access_token" else "secret_wrong"
        raise Rejected(field, reason, said=calls.words(answer))
    if not answer.ok:
        calls.settled(answer, write=False)
    return body


def _body(answer: Answer) -> dict[str, Any] | None:
    try:
        found = answer.json()
    except NotJson:
        return None
    return found if isinstance(found, dict) else None
