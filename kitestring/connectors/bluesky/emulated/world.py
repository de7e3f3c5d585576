"""What every part of the emulator shares: who asks, what they sent, and how the server words its refusals."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from aiohttp import web
from yarl import URL

from kitestring.connectorkit import dpop
from kitestring.connectorkit.consent import Refused
from kitestring.connectorkit.emulation import Platform
from kitestring.connectors.bluesky.emulated.accounts import ACCESS, PRIVILEGED, REFRESH, Accounts
from kitestring.connectors.bluesky.emulated.records import Invalid
from kitestring.connectors.bluesky.emulated.views import Views

WORDS = {"ExpiredToken": "Token has expired", "InvalidToken": "Token could not be verified"}  # recorded
COSTS = {"create": 3, "update": 2, "delete": 1}


class Refusal(Exception):
    """An answer in the protocol's form of errors."""

    def __init__(self, status: int, name: str, message: str) -> None:
        super().__init__(message)
        self.answer = refuse(status, name, message)


class Answered(Refusal):
    """An answer that is no plain error."""

    def __init__(self, answer: web.Response) -> None:
        Exception.__init__(self)
        self.answer = answer


def refuse(status: int, name: str, message: str) -> web.Response:
    return web.json_response({"error": name, "message": message}, status=status)


class World:
    """`records`: those that are no posts (likes, gates), by address. `blobs`: files by their hash."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.proofs: set[str] = set()
        self.accounts = Accounts(platform)
        self.blobs: dict[str, Any] = platform.memory.setdefault("blobs", {})
        self.records: dict[str, dict[str, Any]] = platform.memory.setdefault("records", {})
        self.oauth: dict[str, dict[str, Any]] = platform.memory.setdefault("oauth", {})
        for name in ("requests", "codes", "access", "refresh"):
            self.oauth.setdefault(name, {})
        self.views = Views(platform, self.accounts, self.records)

    def token(self, request: web.Request) -> dict[str, Any]:
        """What the request's token says. Raises Refusal."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token:
            raise Refusal(401, "AuthMissing", "Authentication Required")
        claims, trouble = self.accounts.holder(token)
        if trouble:
            raise Refusal(400, trouble, WORDS[trouble])
        return claims

    def who(self, request: web.Request, *, private: bool = False, renewing: bool = False) -> str:
        """The account that asks. `private`: for what an app password opens only where its owner said so."""
        if request.headers.get("Authorization", "").startswith("DPoP "):
            return self._by_consent(request, private=private)
        claims = self.token(request)
        if claims["scope"] not in ((REFRESH,) if renewing else (ACCESS, PRIVILEGED)):
            raise Refusal(400, "InvalidToken", "Bad token scope")
        if private and claims["scope"] != PRIVILEGED:
            raise Refusal(400, "InvalidToken", "Bad token method")  # @atproto/pds 0.5.35, pipethrough
        return str(claims["sub"])

    def _by_consent(self, request: web.Request, *, private: bool) -> str:
        """The account behind a token that is bound to a key. In the words of @atproto/oauth-provider."""
        token = request.headers["Authorization"].removeprefix("DPoP ")
        row = self.oauth["access"].get(token)
        try:
            name = proved(self, request, token)
        except Refused as refused:
            told = {"error": refused.error, "message": refused.description}
            number, said = number_of(self.platform), f'DPoP error="{refused.error}"'
            headers = {"DPoP-Nonce": number, "WWW-Authenticate": said}
            raise Answered(web.json_response(told, status=401, headers=headers)) from refused
        if row is None or row["jkt"] != name:
            raise Refusal(401, "invalid_token", "Invalid token")
        if float(row["ends"]) <= self.platform.clock().timestamp():
            raise Refusal(401, "invalid_token", '"exp" claim timestamp check failed')
        if private and "transition:chat.bsky" not in row["scope"].split():
            raise Refusal(403, "ScopeMissingError", 'Missing required scope "rpc:chat.bsky"')
        return str(row["did"])

    def spend(self, did: str, what: str) -> None:
        if not self.accounts.spend(did, COSTS[what]):
            raise Refusal(429, "RateLimitExceeded", "Rate Limit Exceeded")


def number_of(platform: Platform) -> str:
    """What every proof must hold now (its nonce): another one each hour."""
    return f"number-{platform.clock():%Y%m%d%H}"


def proved(world: World, request: web.Request, token: str = "") -> str:
    """The name of the key that signed the call's proof. Raises Refused."""
    try:
        header, claims = dpop.opened(request.headers.get("DPoP", ""))
    except ValueError as error:
        raise Refused("invalid_dpop_proof", "DPoP proof is missing or not signed by its key") from error
    if claims.get("nonce") != number_of(world.platform):
        raise Refused("use_dpop_nonce", "Authorization server requires nonce in DPoP proof")
    here = str(URL(str(request.url)).with_query(None))
    if (claims.get("htm"), claims.get("htu")) != (request.method, here) or header.get("typ") != "dpop+jwt":
        raise Refused("invalid_dpop_proof", "DPoP proof is for another call")
    ath = dpop.b64(hashlib.sha256(token.encode()).digest()) if token else None
    if claims.get("ath") != ath:
        raise Refused("invalid_dpop_proof", "DPoP proof is for another token")
    if claims["jti"] in world.proofs:
        raise Refused("invalid_dpop_proof", "DPoP proof replayed")
    world.proofs.add(claims["jti"])
    return dpop.thumbprint(header["jwk"])


async def body_of(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read())
    except ValueError as error:
        raise Invalid("Input must be JSON") from error
    if not isinstance(body, dict):
        raise Invalid("Input must be an object")
    return body
