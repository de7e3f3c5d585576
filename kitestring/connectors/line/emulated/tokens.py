"""The token endpoints: short-lived tokens (30 days, 30 of them), stateless ones (15 minutes), and what a token is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Platform
from kitestring.connectors.line.emulated import people
from kitestring.connectors.line.emulated.answers import Refused

SHORT, STATELESS, LONG = 2_592_000, 899, 3_138_007_490
MOST = 30
INVALID = (
    "Authentication failed due to the following reason: invalid token. Confirm that the access token in the authorization"
    " header is valid."
)


def long_lived(account: str) -> str:
    """The token a person issued on the console."""
    return f"long.{people.channel_id(account)}"


class Tokens:
    """`kept`: token -> {"account", "ends"}; in the platform's memory, so that it outlives a restart."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.kept: dict[str, dict[str, Any]] = platform.memory.setdefault("line_tokens", {})

    def account(self, request: web.Request) -> str:
        """Whose bearer token the request carries. Raises Refused(401)."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        found = self._account(token)
        if found is None:
            raise Refused(401, INVALID)
        return found

    def _account(self, token: str) -> str | None:
        if token.startswith("long."):
            return people.account_of(token.removeprefix("long."))
        row = self.kept.get(token)
        over = row is None or datetime.fromisoformat(row["ends"]) <= self.platform.clock()
        return None if row is None or over else str(row["account"])

    async def short(self, request: web.Request) -> web.Response:
        account = self._client(await _form(request))
        mine = [token for token, row in self.kept.items() if row["account"] == account]
        for oldest in mine[: max(0, len(mine) - MOST + 1)]:
            self.kept.pop(oldest)
        return web.json_response(self._give(account, SHORT))

    async def stateless(self, request: web.Request) -> web.Response:
        return web.json_response(self._give(self._client(await _form(request)), STATELESS))

    async def verify(self, request: web.Request) -> web.Response:
        token = (await _form(request)).get("access_token", "")
        account = self._account(token)
        if account is None:
            return _error("invalid_request", "access token expired")
        ends = self.kept.get(token, {}).get("ends")
        left = (datetime.fromisoformat(ends) - self.platform.clock()).total_seconds() if ends else LONG
        told = {"client_id": people.channel_id(account), "expires_in": int(left), "scope": "P CM"}
        return web.json_response(told)

    def _client(self, form: Mapping[str, str]) -> str:
        account = people.account_of(form.get("client_id", ""))
        sound = account is not None and form.get("client_secret") == people.secret(account)
        if form.get("grant_type") != "client_credentials":
            raise web.HTTPBadRequest(
                text='{"error": "invalid_request", "error_description": "grant_type"}',
                content_type="application/json",
            )
        if account is None or not sound:
            raise web.HTTPBadRequest(
                text='{"error": "invalid_client", "error_description": "invalid client credentials"}',
                content_type="application/json",
            )
        return account

    def _give(self, account: str, life: int) -> dict[str, Any]:
        token = f"short.{self.platform.next_id()}.{people.secret(account)[:8]}"
        ends = self.platform.clock() + timedelta(seconds=life)
        self.kept[token] = {"account": account, "ends": ends.isoformat()}
        return {"token_type": "Bearer", "access_token": token, "expires_in": life}


async def _form(request: web.Request) -> dict[str, str]:
    return {key: str(value) for key, value in (await request.post()).items()}


def _error(error: str, description: str) -> web.Response:
    return web.json_response({"error": error, "error_description": description}, status=400)
