"""Threads' consent window and its tokens: an hour, then 60 days, renewed when they are a day old."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from kitestring.connectorkit.consent import CLIENT, SECRET, Desk, Refused
from kitestring.connectorkit.emulation import Platform
from kitestring.providers.meta.emulated.refusals import Refusal
from kitestring.providers.meta.emulated.requests import told

LONG = 60 * 86400
YOUNG = timedelta(hours=24)


class Login:
    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.desk = Desk(platform, "Threads", access=3600, refresh=0, separator=",")

    def routes(self, app: web.Application) -> None:
        app.router.add_route("*", "/oauth/authorize", self.desk.page)
        app.router.add_post("/oauth/access_token", self.short)
        app.router.add_get("/access_token", self.long)
        app.router.add_get("/refresh_access_token", self.refresh)
        app.router.add_get("/{version}/debug_token", self.debug)

    def who(self, request: web.Request) -> str:
        """The account of a request's token, which goes as a parameter."""
        return self._name(request.query.get("access_token", ""))

    def _name(self, token: str) -> str:
        name = self.desk.account(token)
        if name is None:
            raise Refusal(190, "Error validating access token: Session has expired", subcode=463, status=401)
        return name

    async def short(self, request: web.Request) -> web.Response:
        form = await told(request)
        if form["client_id"] != CLIENT:
            raise Refusal(
                101, "Error validating application. Cannot get application info due to a system error."
            )
        if form["client_secret"] != SECRET:
            raise Refusal(1, "Error validating client secret.")
        try:
            given = self.desk.redeem(form["code"], form["redirect_uri"])
        except Refused:
            raise Refusal(100, "This authorization code has been used", subcode=36009) from None
        name = self._name(given["access_token"])
        return web.json_response({"access_token": given["access_token"], "user_id": name})

    async def long(self, request: web.Request) -> web.Response:
        query = request.query
        if query.get("client_secret") != SECRET:
            raise Refusal(1, "Error validating client secret.")
        if query.get("grant_type") != "th_exchange_token":
            raise Refusal(100, "(#100) grant_type must be th_exchange_token")
        return web.json_response(self._given(query.get("access_token", "")))

    async def refresh(self, request: web.Request) -> web.Response:
        query = request.query
        token = query.get("access_token", "")
        self._name(token)
        made = self.platform.memory.get("made", {}).get(token)
        if query.get("grant_type") != "th_refresh_token":
            raise Refusal(100, "(#100) grant_type must be th_refresh_token")
        if made is None or self.platform.clock() - datetime.fromisoformat(made) < YOUNG:
            raise Refusal(100, "(#100) Only tokens that are at least 24 hours old can be refreshed")
        return web.json_response(self._given(token))

    def _given(self, token: str) -> dict[str, Any]:
        name, row = self._name(token), self.desk.kept["access"][token]
        long = Desk(self.platform, "", access=LONG, refresh=0).give(name, row["scope"])
        made = self.platform.memory.setdefault("made", {})
        made[long["access_token"]] = self.platform.clock().isoformat()
        return {"access_token": long["access_token"], "token_type": "bearer", "expires_in": LONG}

    async def debug(self, request: web.Request) -> web.Response:
        self.who(request)
        row = self.desk.kept["access"].get(request.query.get("input_token", ""))
        if row is None:
            return web.json_response({"data": {"is_valid": False, "scopes": []}})
        declined = self.platform.memory.get("declined", [])
        scopes = [one for one in str(row["scope"]).split(",") if one and one not in declined]
        ends = int(datetime.fromisoformat(row["ends"]).timestamp()) if row["ends"] else 0
        data = {"type": "USER", "application": CLIENT, "is_valid": True, "scopes": scopes, "expires_at": ends}
        return web.json_response({"data": data})
