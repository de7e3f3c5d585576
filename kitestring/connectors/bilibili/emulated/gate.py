"""Who calls, and with which rights: the signature and the token of every call, and the consent behind the token."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from aiohttp import web

from kitestring.connectorkit.consent import CLIENT, SECRET, Desk, Refused
from kitestring.connectorkit.emulation import Platform
from kitestring.connectors.bilibili.emulated.answers import Refusal, good

ACCESS, REFRESH = 30 * 86_400, 180 * 86_400  # seconds; how long they live is told nowhere
SKEW = 600
RIGHTS = ("USER_INFO", "USER_DATA", "ARC_BASE", "ARC_DATA", "ATC_BASE", "ATC_DATA")


def openid(name: str) -> str:
    """An account's id for this app, made from its name."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


class Gate:
    """`platform.memory["rights"]` may name fewer rights than all, as when a person did not tick them."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.desk = Desk(platform, "Bilibili", access=ACCESS, refresh=REFRESH, rotates=True)
        self.nonces: set[str] = set()

    @property
    def rights(self) -> list[str]:
        return list(self.platform.memory.get("rights", RIGHTS))

    async def page(self, request: web.Request) -> web.Response:
        """The consent page; what others call redirect_uri is gourl here."""
        if not request.query.get("gourl"):
            return web.Response(text="gourl is missing.", status=400)
        asked = request.rel_url.update_query(redirect_uri=request.query["gourl"], scope=" ".join(self.rights))
        return await self.desk.page(request.clone(rel_url=asked))

    async def token(self, request: web.Request) -> web.Response:
        asked = request.query
        self._app(asked.get("client_id", ""), asked.get("client_secret", ""))
        code = asked.get("code", "")
        where = self.desk.kept["code"].get(code, {}).get("redirect_uri", "")
        if asked.get("grant_type") != "authorization_code":
            raise Refusal(4000)
        try:
            told = self.desk.redeem(code, where)
        except Refused as error:
            raise Refusal(122002) from error
        return good({**self._tokens(told), "scopes": self.rights})

    async def renewal(self, request: web.Request) -> web.Response:
        asked = request.query
        self._app(asked.get("client_id", ""), asked.get("client_secret", ""))
        try:
            told = self.desk.renewed(asked.get("refresh_token", ""))
        except Refused as error:
            raise Refusal(122007) from error
        return good(self._tokens(told))

    def _app(self, client: str, secret: str) -> None:
        if client != CLIENT:
            raise Refusal(122000)
        if secret != SECRET:
            raise Refusal(122001)

    def _tokens(self, told: dict[str, Any]) -> dict[str, Any]:
        """The end is told as a moment."""
        end = int(self.platform.clock().timestamp()) + int(told["expires_in"])
        return {
            "access_token": told["access_token"],
            "refresh_token": told["refresh_token"],
            "expires_in": end,
        }

    async def who(self, request: web.Request, right: str = "") -> str:
        """The account of a call whose signature fits and that has this right."""
        heads = request.headers
        names = sorted(name.lower() for name in heads if name.lower().startswith("x-bili-"))
        text = "\n".join(f"{name}:{heads[name]}" for name in names)
        if heads.get("x-bili-accesskeyid") != CLIENT:
            raise Refusal(127004)
        if heads.get("x-bili-signature-version") != "2.0":
            raise Refusal(4006)
        made = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(made, heads.get("Authorization", "")):
            raise Refusal(4002)
        await self._body(request)
        self._moment(heads.get("x-bili-timestamp", ""), heads.get("x-bili-signature-nonce", ""))
        name = self.desk.account(heads.get("access-token", ""))
        if name is None:
            raise Refusal(127001)
        if right and right not in self.rights:
            raise Refusal(127011)
        return name

    async def _body(self, request: web.Request) -> None:
        form = request.content_type.startswith("multipart/")
        body = b"" if form or request.method == "GET" else await request.read()
        if hashlib.md5(body, usedforsecurity=False).hexdigest() != request.headers.get("x-bili-content-md5"):
            raise Refusal(4008)

    def _moment(self, stamp: str, nonce: str) -> None:
        if not stamp.isdigit() or abs(int(stamp) - self.platform.clock().timestamp()) > SKEW:
            raise Refusal(4003)
        if not nonce or nonce in self.nonces:
            raise Refusal(4004)
        self.nonces.add(nonce)
