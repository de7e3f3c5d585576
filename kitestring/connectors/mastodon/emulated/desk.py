"""The server's own desk: it registers apps, shows a page to agree on, and gives tokens that do not end.

Words as Doorkeeper says them (config/locales/doorkeeper.en.yml of mastodon/mastodon); entities Token and CredentialApplication.
"""

from __future__ import annotations

import json
from typing import Any, Final

from aiohttp import web

from kitestring.connectorkit import consent
from kitestring.connectorkit.consent import Refused
from kitestring.connectorkit.emulation import Platform

UNKNOWN: Final = (
    "Client authentication failed due to unknown client, no client authentication included, or unsupported "
    "authentication method."
)
SCOPES: Final = (
    "read", "write", "read:accounts", "read:notifications", "read:statuses", "write:favourites", "write:media",
    "write:statuses",
)  # fmt: skip


class Desk(consent.Desk):
    """`apps`: those registered here, by their client id. Every account may be agreed for."""

    def __init__(self, platform: Platform) -> None:
        super().__init__(platform, "Mastodon", access=None, refresh=0, more=self._as_here)

    @property
    def apps(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = self.platform.memory.setdefault("apps", {})
        return found

    def _as_here(self, account: str) -> dict[str, Any]:
        return {"token_type": "Bearer", "created_at": int(self.platform.clock().timestamp())}

    def knows(self, client: str | None) -> bool:
        return client in self.apps

    def check_app(self, client: str | None, secret: str | None) -> None:
        if client not in self.apps or self.apps[client]["client_secret"] != secret:
            raise Refused("invalid_client", UNKNOWN)

    async def describe(self, request: web.Request) -> web.Response:
        """The server's description of itself (RFC 8414); a server before 4.3 has none."""
        if self.platform.memory.get("before_4_3"):
            raise web.HTTPNotFound
        base = str(request.url.origin())
        return web.json_response(
            {
                "issuer": f"{base}/",
                "service_documentation": "https://docs.joinmastodon.org/",
                "authorization_endpoint": f"{base}/oauth/authorize",
                "token_endpoint": f"{base}/oauth/token",
                "app_registration_endpoint": f"{base}/api/v1/apps",
                "revocation_endpoint": f"{base}/oauth/revoke",
                "userinfo_endpoint": f"{base}/oauth/userinfo",
                "scopes_supported": list(SCOPES),
                "response_types_supported": ["code"],
                "response_modes_supported": ["query", "fragment", "form_post"],
                "grant_types_supported": ["authorization_code", "client_credentials"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def register(self, request: web.Request) -> web.Response:
        """POST /api/v1/apps: anybody may; servers before 4.3 take one way back, not a list."""
        asked = json.loads(await request.read() or b"{}")
        told = asked.get("redirect_uris") or []
        if self.platform.memory.get("before_4_3") and not isinstance(told, str):
            told = []
        back = told.split() if isinstance(told, str) else [str(one) for one in told]
        scopes = str(asked.get("scopes") or "read").split()
        if not asked.get("client_name") or not back:
            error = "Validation failed: Redirect URI can't be blank"
            return web.json_response({"error": error}, status=422)
        if set(scopes) - set(SCOPES):
            error = "Validation failed: Scopes doesn't match configured on the server."
            return web.json_response({"error": error}, status=422)
        number = self.platform.next_id()
        self.apps[f"client-{number}"] = {
            "id": number,
            "name": asked["client_name"],
            "website": asked.get("website"),
            "scopes": scopes,
            "redirect_uri": "\n".join(back),
            "redirect_uris": back,
            "vapid_key": "",
            "client_id": f"client-{number}",
            "client_secret": f"secret-{number}",
            "client_secret_expires_at": 0,
        }
        return web.json_response(self.apps[f"client-{number}"])

    async def page(self, request: web.Request) -> web.Response:
        """As the real page: what is wrong with the app is told to the person, who is never led back by it."""
        app = self.apps.get(request.query.get("client_id", ""))
        if app is None:
            return web.Response(text=UNKNOWN, status=401)
        if request.query.get("redirect_uri") not in app["redirect_uris"]:
            return web.Response(text="The redirect uri included is not valid.", status=400)
        if set(request.query.get("scope", "read").split()) - set(app["scopes"]):
            return web.Response(text="The requested scope is invalid, unknown, or malformed.", status=400)
        return await super().page(request)

    async def token(self, request: web.Request) -> web.Response:
        """Besides codes, a token of the app's own, which opens nobody's account."""
        form = {key: str(value) for key, value in (await request.post()).items()}
        if form.get("grant_type") != "client_credentials":
            return await super().token(request)
        try:
            self.check_app(form.get("client_id"), form.get("client_secret"))
            scope = form.get("scope", "read")
            if set(scope.split()) - set(self.apps[form["client_id"]]["scopes"]):
                raise Refused("invalid_scope", "The requested scope is invalid, unknown, or malformed.")
        except Refused as error:
            body = {"error": error.error, "error_description": error.description}
            return web.json_response(body, status=401 if error.error == "invalid_client" else 400)
        told = {"access_token": f"app-{self.platform.next_id()}", "scope": scope, **self._as_here("")}
        return web.json_response(told)

    def scopes_of(self, token: str) -> list[str]:
        return str(self.kept["access"].get(token, {}).get("scope", "")).split()
