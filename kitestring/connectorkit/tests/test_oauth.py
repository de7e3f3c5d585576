"""A token endpoint's answers: only a refusal ends a consent; a sound answer without a token is somebody in between."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web

from kitestring.connectorkit import oauth
from kitestring.connectorkit.contract import Grant
from kitestring.connectorkit.emulation import serve
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.kit.http import Client


async def asked(told: Any, status: int = 200, *, renewing: bool = True) -> dict[str, Any]:
    async def token(_request: web.Request) -> web.Response:
        if isinstance(told, str):
            return web.Response(text=told, content_type="text/html", status=status)
        return web.json_response(told, status=status)

    app = web.Application()
    app.router.add_post("/token", token)
    async with serve(app) as base, Client([base.removeprefix("http://")], allow_loopback=True) as http:
        return await oauth.ask(http, f"{base}/token", {"grant_type": "x"}, renewing=renewing)


@pytest.mark.parametrize(
    ("told", "status", "outcome", "reason"),
    [
        ({}, 200, RetryLater, "not_itself"),
        ({"ok": True}, 200, RetryLater, "not_itself"),
        ("<h1>Sign in to the hotel's network</h1>", 200, RetryLater, "not_itself"),
        ({"error": "invalid_grant"}, 400, GrantExpired, "grant_expired"),
        ({"error": "invalid_client"}, 401, Rejected, "app_keys_wrong"),
    ],
)
async def test_what_a_renewal_ends_in(
    told: Any, status: int, outcome: type[ConnectorError], reason: str
) -> None:
    with pytest.raises(outcome) as caught:
        await asked(told, status)
    assert caught.value.reason == reason


PASSING = [
    "temporarily_unavailable", "server_error", "slow_down", "rate_limit_exceeded", "use_dpop_nonce", "invalid_dpop_proof",
]  # fmt: skip


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize("error", PASSING)
async def test_what_passes_by_itself_ends_no_consent(error: str, status: int) -> None:
    """Nor does it call the app's keys wrong, or spend a code."""
    for renewing in (True, False):
        with pytest.raises(RetryLater, match="not_itself"):
            await asked({"error": error}, status, renewing=renewing)


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"message": "blocked"}, 403),
        ({"detail": "Not Found"}, 404),
        ({"error": "forbidden"}, 403),
        ("<p>No", 401),
    ],
)
async def test_what_no_token_endpoint_says_ends_no_consent(told: Any, status: int) -> None:
    """A gateway, a firewall or a login page on the way."""
    with pytest.raises(RetryLater, match="not_itself"):
        await asked(told, status)


@pytest.mark.parametrize(
    ("told", "status"),
    [({"error": "invalid_grant"}, 403), ({"message": "no"}, 400), ({"error": "access_denied"}, 400)],
)
async def test_what_a_token_endpoint_says_of_a_grant_ends_it(told: Any, status: int) -> None:
    with pytest.raises(GrantExpired):
        await asked(told, status)


async def test_a_code_that_does_not_open_is_refused() -> None:
    with pytest.raises(Rejected, match="code_refused"):
        await asked({"error": "invalid_grant"}, 400, renewing=False)


async def test_a_token_is_handed_on() -> None:
    assert (await asked({"access_token": "a"}))["access_token"] == "a"


def test_a_grant_without_a_refresh_token_cannot_ask() -> None:
    with pytest.raises(GrantExpired, match="renewal_refused"):
        oauth.renewal(Grant({"access_token": "a"}))
    form = oauth.renewal(Grant({"refresh_token": "r"}), client_id="c")
    assert form == {"grant_type": "refresh_token", "refresh_token": "r", "client_id": "c"}
