"""Consent at the emulated Pinterest: the page, the tokens, and whose token a call carries."""

from __future__ import annotations

import base64
from typing import Any

from aiohttp import web

from kitestring.connectorkit.consent import Desk, Refused
from kitestring.connectors.pinterest.emulated.world import Refusal, World, refuse

ACCESS, REFRESH = 30 * 86400, 60 * 86400


class Login:
    """Pinterest answers 401 with its code 2 both to an app it does not know and to a token that has ended."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.desk = Desk(
            world.platform,
            "Pinterest",
            access=ACCESS,
            refresh=REFRESH,
            rotates=True,
            separator=",",
            basic=True,
        )

    def who(self, request: web.Request) -> str:
        """The account behind the call. Raises Refusal 401."""
        name = self.desk.bearer(request)
        if name is None:
            raise Refusal(401, 2, "Authentication failed.")
        return name

    async def token(self, request: web.Request) -> web.Response:
        form = {key: str(value) for key, value in (await request.post()).items()}
        try:
            self.desk.check_app(*_app(request))
        except Refused:
            return refuse(401, 2, "Authentication failed.")
        try:
            return web.json_response(self._given(form))
        except Refused:
            return refuse(400, 1, f"Invalid {form.get('grant_type')}: it has ended or was used.")

    def _given(self, form: dict[str, str]) -> dict[str, Any]:
        kind = form.get("grant_type")
        if kind == "refresh_token":
            told = self.desk.renewed(form.get("refresh_token", ""))
        elif kind == "authorization_code":
            told = self.desk.redeem(form.get("code", ""), form.get("redirect_uri", ""))
        else:
            raise Refused("unsupported_grant_type")
        ends = int(self.world.platform.clock().timestamp()) + REFRESH
        more = {"refresh_token_expires_in": REFRESH, "refresh_token_expires_at": ends}
        return {**told, **more, "response_type": kind, "scope": told["scope"].replace(",", " ")}


def _app(request: web.Request) -> tuple[str, str]:
    given = request.headers.get("Authorization", "").removeprefix("Basic ")
    client, _, secret = base64.b64decode(given or "Og==").decode().partition(":")
    return client, secret
