"""Facebook Login for emulators: the dialog, the token endpoint, a person's rights and Pages, and what a token is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from aiohttp import web

from kitestring.connectorkit.consent import CLIENT, SECRET, Desk, Refused
from kitestring.connectorkit.emulation import Platform
from kitestring.providers.meta.emulated.fields import paged, parse, pick
from kitestring.providers.meta.emulated.refusals import Refusal
from kitestring.providers.meta.signing import proof

TASKS = ["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE"]
DAY = 86400


def number(kind: str, name: str) -> str:
    """The vendor's number of something called `name`: always the same."""
    return str(10**14 + int(sha256(f"{kind}:{name}".encode()).hexdigest()[:11], 16))


class Login:
    """`page(name)`: the row of the Page that the person `name` manages, without its token."""

    def __init__(self, platform: Platform, title: str, page: Callable[[str], Mapping[str, Any]]) -> None:
        self.platform, self.page = platform, page
        self.desk = Desk(platform, title, access=60 * DAY, refresh=0, separator=",")

    def routes(self, app: web.Application) -> None:
        app.router.add_route("*", "/{version}/dialog/oauth", self.desk.page)
        app.router.add_get("/{version}/oauth/access_token", self.token)
        app.router.add_get("/{version}/me/permissions", self.permissions)
        app.router.add_get("/{version}/me/accounts", self.accounts)
        app.router.add_get("/{version}/debug_token", self.debug)

    def who(self, request: web.Request) -> str:
        """The account of a request's token. Refuses a token that is over, and a wrong proof."""
        token = request.headers.get("Authorization", "").partition(" ")[2]
        name = self.desk.account(token)
        if name is None:
            raise Refusal(190, "Invalid OAuth access token - Cannot parse access token", status=401)
        given = request.query.get("appsecret_proof")
        if given is not None and given != proof(token, SECRET):
            raise Refusal(100, "Invalid appsecret_proof provided in the API argument")
        return name

    async def token(self, request: web.Request) -> web.Response:
        query = request.query
        if query.get("client_id") != CLIENT:
            raise Refusal(
                101, "Error validating application. Cannot get application info due to a system error."
            )
        if query.get("client_secret") != SECRET:
            raise Refusal(1, "Error validating client secret.")
        if query.get("grant_type") == "fb_exchange_token":
            name = self.desk.account(query.get("fb_exchange_token", ""))
            if name is None:
                raise Refusal(190, "Invalid OAuth access token.", status=401)
            return web.json_response(
                self._told(self.desk.give(name, self._scope(query["fb_exchange_token"])))
            )
        try:
            told = self.desk.redeem(query.get("code", ""), query.get("redirect_uri", ""))
        except Refused:
            raise Refusal(100, "This authorization code has been used.", subcode=36009) from None
        return web.json_response(self._told(told))

    def _told(self, told: Mapping[str, Any]) -> dict[str, Any]:
        return {key: told[key] for key in ("access_token", "token_type", "expires_in")}

    def _scope(self, token: str) -> str:
        return str(self.desk.kept["access"].get(token, {}).get("scope", ""))

    def has(self, request: web.Request, right: str) -> bool:
        """Whether the person gave this right to the request's token."""
        given = self._scope(request.headers["Authorization"].partition(" ")[2]).split(",")
        return right in given and right not in self.platform.memory.get("declined", [])

    async def permissions(self, request: web.Request) -> web.Response:
        self.who(request)
        given = self._scope(request.headers["Authorization"].partition(" ")[2]).split(",")
        declined = self.platform.memory.get("declined", [])
        rows = [
            {"permission": one, "status": "declined" if one in declined else "granted"}
            for one in given
            if one
        ]
        return web.json_response({"data": rows})

    async def accounts(self, request: web.Request) -> web.Response:
        name = self.who(request)
        scope = self._scope(request.headers["Authorization"].partition(" ")[2])
        row = {**self.page(name), "tasks": self.platform.memory.get("tasks", TASKS)}
        row["access_token"] = self._page_token(name, scope)
        rows = [] if self.platform.memory.get("no_pages") else [pick(row, parse(request.query["fields"]))]
        return web.json_response(paged(rows))

    def _page_token(self, name: str, scope: str) -> str:
        """One for a Page, without an end; the same however often it is asked for."""
        for token, row in self.desk.kept["access"].items():
            if row["account"] == name and row["scope"] == scope and not row["ends"]:
                return token
        told = Desk(self.platform, "", access=None, refresh=0).give(name, scope)
        return str(told["access_token"])

    async def debug(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization", "") != f"Bearer {CLIENT}|{SECRET}":
            raise Refusal(190, "Invalid OAuth access token signature.", status=401)
        token = request.query.get("input_token", "")
        name = self.desk.account(token)
        data: dict[str, Any] = {"app_id": CLIENT, "is_valid": name is not None, "scopes": []}
        if name is None:
            data["error"] = {"code": 190, "message": "The session is invalid.", "subcode": 460}
        else:
            end = self.platform.clock().timestamp() + 90 * DAY
            declined = self.platform.memory.get("declined", [])
            scopes = [one for one in self._scope(token).split(",") if one and one not in declined]
            data |= {"type": "PAGE", "expires_at": 0, "data_access_expires_at": int(end), "scopes": scopes}
        return web.json_response({"data": data})
