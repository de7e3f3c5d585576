"""What every part of the emulator shares: who asks, what they sent, and how the server words its refusals."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

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


def refuse(status: int, name: str, message: str) -> web.Response:
    return web.json_response({"error": name, "message": message}, status=status)


class World:
    """`records`: those that are no posts (likes, gates), by address. `blobs`: files by their hash."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.accounts = Accounts(platform)
        self.blobs: dict[str, Any] = platform.memory.setdefault("blobs", {})
        self.records: dict[str, dict[str, Any]] = platform.memory.setdefault("records", {})
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
        claims = self.token(request)
        if claims["scope"] not in ((REFRESH,) if renewing else (ACCESS, PRIVILEGED)):
            raise Refusal(400, "InvalidToken", "Bad token scope")
        if private and claims["scope"] != PRIVILEGED:
            raise Refusal(400, "InvalidToken", "Bad token method")  # @atproto/pds 0.5.35, pipethrough
        return str(claims["sub"])

    def spend(self, did: str, what: str) -> None:
        if not self.accounts.spend(did, COSTS[what]):
            raise Refusal(429, "RateLimitExceeded", "Rate Limit Exceeded")


async def body_of(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read())
    except ValueError as error:
        raise Invalid("Input must be JSON") from error
    if not isinstance(body, dict):
        raise Invalid("Input must be an object")
    return body
