"""TikTok's consent page and token address: a client key, a challenge in hexadecimal digits, scopes with commas."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from kitestring.connectorkit.consent import Desk, Refused
from kitestring.connectorkit.emulation import Platform
from kitestring.connectors.tiktok.emulated.replies import oauth

ACCESS = (
    2 * 3600
)  # developers.tiktok.com/docs/en/oauth-refresh-a-user-access-token (November 2026); it was 24 hours before
REFRESH = (
    180 * 86400
)  # developers.tiktok.com/docs/zh-Hans/oauth-user-access-token-management (November 2026); 365 days before


def open_id(account: str) -> str:
    """What this app calls an account; another app calls it otherwise."""
    return f"-000{hashlib.sha256(account.encode()).hexdigest()[:28]}"


class HexDesk(Desk):
    """`platform.memory["declined"]`: the scopes that a person takes out before saying yes."""

    def issue(self, account: str, query: Mapping[str, str]) -> str:
        given = dict(query)
        try:
            digest = bytes.fromhex(given.get("code_challenge", ""))
        except ValueError:
            raise web.HTTPBadRequest(text="code_challenge is not hexadecimal") from None
        given["code_challenge"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        declined = self.platform.memory.get("declined", [])
        asked = given.get("scope", "").split(",")
        given["scope"] = ",".join(one for one in asked if one not in declined)
        return super().issue(account, given)

    async def token(self, request: web.Request) -> web.Response:
        form = {key: str(value) for key, value in (await request.post()).items()}
        try:
            self.check_app(form.get("client_key"), form.get("client_secret", ""))
            if form.get("grant_type") == "refresh_token":
                return web.json_response(self.renewed(form.get("refresh_token", "")))
            if form.get("grant_type") != "authorization_code":
                raise Refused("unsupported_grant_type", "The grant type is not supported.")
            told = self.redeem(
                form.get("code", ""), form.get("redirect_uri", ""), form.get("code_verifier", "")
            )
            return web.json_response(told)
        except Refused as error:
            return oauth(error.error, error.description, 401 if error.error == "invalid_client" else 400)

    def scopes(self, token: str) -> set[str]:
        return set(str(self.kept["access"].get(token, {}).get("scope", "")).split(","))


def desk_of(platform: Platform) -> HexDesk:
    def more(account: str) -> dict[str, Any]:
        return {"open_id": open_id(account), "refresh_expires_in": REFRESH, "token_type": "Bearer"}

    return HexDesk(
        platform,
        "TikTok",
        access=ACCESS,
        refresh=REFRESH,
        rotates=True,
        pkce=True,
        client_key="client_key",
        more=more,
        ends_by=("access",),
    )
