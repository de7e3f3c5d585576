"""The consent desk of an emulator: an OAuth 2 authorization server with a page a person can say yes or no on.

An emulator makes one `Desk`, puts `desk.page` at its vendor's authorize address and `desk.token` (or its own handler over
`redeem` and `renewed`) at the token address. What it gave is kept in `platform.memory`, so it survives a restart.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

import aiohttp
from aiohttp import web
from yarl import URL

from kitestring.connectorkit.emulation import Platform

CLIENT, SECRET = "kitestring-sandbox", "sandbox-app-secret"
CODE_LIFE = timedelta(minutes=10)
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>body{{font:16px/1.5 system-ui;max-width:26rem;margin:12vh auto;padding:0 1rem}}
input,button{{font:inherit;padding:.5rem .8rem;width:100%;box-sizing:border-box;margin-top:.6rem}}</style>
<h1>{title}</h1><p>An emulated channel. The app asks for: {scopes}</p>
<form method="post"><label>Account<input name="account" value="{account}" required></label>
<button name="decision" value="allow">Allow</button><button name="decision" value="deny">Deny</button></form></html>"""


class Refused(Exception):
    """What the token endpoint refuses, in the standard's words: `error` and a description."""

    def __init__(self, error: str, description: str = "") -> None:
        super().__init__(error)
        self.error, self.description = error, description


@dataclass
class Desk:
    """`access`, `refresh`: how many seconds the tokens live (None: for ever; refresh 0: none is given).

    `rotates`: each renewal brings a new refresh token and ends the old one. `client_key`: the vendor's name for the app's
    id. `pkce`: a challenge is asked for. `several`: account names under one consent (pages of a person); see `owned`.
    `ends_by`: by which of its tokens a consent is given back.
    """

    platform: Platform
    name: str
    access: float | None = 3600
    refresh: float | None = None
    rotates: bool = False
    pkce: bool = False
    client_key: str = "client_id"
    separator: str = " "
    error: Literal["access_denied", "user_cancelled_login"] = "access_denied"
    basic: bool = False
    more: Callable[[str], Mapping[str, Any]] = field(default=lambda account: {})
    ends_by: tuple[str, ...] = ("access", "refresh")

    @property
    def kept(self) -> dict[str, dict[str, Any]]:
        """Codes and tokens by what they are: {"code": {...}, "access": {...}, "refresh": {...}}."""
        made: dict[str, dict[str, Any]] = self.platform.memory.setdefault("desk", {})
        for name in ("code", "access", "refresh"):
            made.setdefault(name, {})
        return made

    async def page(self, request: web.Request) -> web.Response:
        """GET shows the page, POST (account, decision) leads back with a code or with the refusal."""
        query = request.query
        if not self.knows(query.get(self.client_key)):
            return web.Response(text="This app is not known here.", status=400)
        if not query.get("redirect_uri") or query.get("response_type", "code") != "code":
            return web.Response(text="redirect_uri or response_type is missing.", status=400)
        if self.pkce and query.get("code_challenge_method") != "S256":
            return web.Response(text="A code_challenge (S256) is required.", status=400)
        if request.method != "POST":
            scopes = html.escape(query.get("scope", "")) or "nothing named"
            text = PAGE.format(title=html.escape(self.name), scopes=scopes, account="our-page")
            return web.Response(text=text, content_type="text/html")
        typed = await request.post()
        back = {"state": query.get("state", "")}
        if typed.get("decision") == "allow":
            back["code"] = self.issue(str(typed.get("account") or "our-page"), query)
        else:
            back |= {"error": self.error, "error_description": "The person said no."}
        raise web.HTTPFound(str(URL(query["redirect_uri"]).update_query(back)))

    def issue(self, account: str, query: Mapping[str, str]) -> str:
        code = f"code-{self.platform.next_id()}"
        self.kept["code"][code] = {
            "account": account,
            "redirect_uri": query.get("redirect_uri", ""),
            "challenge": query.get("code_challenge", ""),
            "scope": query.get("scope", ""),
            "ends": (self.platform.clock() + CODE_LIFE).isoformat(),
        }
        return code

    def knows(self, client: str | None) -> bool:
        """Whether an app of this id is known here."""
        return client == CLIENT

    def check_app(self, client: str | None, secret: str | None) -> None:
        if client != CLIENT or (secret is not None and secret != SECRET):
            raise Refused("invalid_client", "The app's id or secret is not known here.")

    def redeem(self, code: str, redirect_uri: str, verifier: str = "") -> dict[str, Any]:
        """The tokens for a code, once. Raises Refused."""
        found = self.kept["code"].pop(code, None)
        if found is None or self._over(found) or found["redirect_uri"] != redirect_uri:
            raise Refused("invalid_grant", "The code is not valid, was used, or is for another address.")
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if (self.pkce or found["challenge"]) and digest != found["challenge"]:
            raise Refused("invalid_grant", "The code_verifier does not fit the code_challenge.")
        return self.give(found["account"], found["scope"])

    def give(self, account: str, scope: str = "") -> dict[str, Any]:
        """New tokens for an account, as the standard words them."""
        token = f"access-{self.platform.next_id()}"
        self.kept["access"][token] = {"account": account, "scope": scope, "ends": self._end(self.access)}
        told: dict[str, Any] = {"access_token": token, "token_type": "bearer", "scope": scope}
        if self.access is not None:
            told["expires_in"] = int(self.access)
        if self.refresh != 0:
            again = f"refresh-{self.platform.next_id()}"
            self.kept["refresh"][again] = {
                "account": account,
                "scope": scope,
                "ends": self._end(self.refresh),
            }
            told["refresh_token"] = again
        return {**told, **self.more(account)}

    def renewed(self, refresh_token: str) -> dict[str, Any]:
        """The tokens for a refresh token. Raises Refused."""
        found = self.kept["refresh"].get(refresh_token)
        if found is None or self._over(found):
            raise Refused("invalid_grant", "The refresh token has ended or was used.")
        told = self.give(found["account"], found["scope"])
        if self.rotates:
            self.kept["refresh"].pop(refresh_token)
        else:
            self.kept["refresh"].pop(told.pop("refresh_token"), None)
        return told

    def account(self, token: str) -> str | None:
        """Whose access token this is; None when it is none, or has ended."""
        found = self.kept["access"].get(token)
        return None if found is None or self._over(found) else str(found["account"])

    def bearer(self, request: web.Request) -> str | None:
        """The account of a request's bearer token."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        return self.account(token) if kind.lower() in ("bearer", "oauth2") else None

    def revoke(self, account: str) -> None:
        """As when the person takes the consent back in their settings there."""
        for name in ("access", "refresh"):
            for token in [t for t, row in self.kept[name].items() if row["account"] == account]:
                self.kept[name].pop(token)

    async def token(self, request: web.Request) -> web.Response:
        """The standard's token endpoint: authorization_code and refresh_token, as a form."""
        form = {key: str(value) for key, value in (await request.post()).items()}
        try:
            self.check_app(*self._app(request, form))
            if form.get("grant_type") == "refresh_token":
                return web.json_response(self.renewed(form.get("refresh_token", "")))
            if form.get("grant_type") != "authorization_code":
                raise Refused("unsupported_grant_type")
            told = self.redeem(
                form.get("code", ""), form.get("redirect_uri", ""), form.get("code_verifier", "")
            )
            return web.json_response(told)
        except Refused as error:
            body = {"error": error.error, "error_description": error.description}
            return web.json_response(body, status=401 if error.error == "invalid_client" else 400)

    async def revocation(self, request: web.Request) -> web.Response:
        """The standard's revocation endpoint: with one token goes the whole consent; a strange one is no error."""
        form = {key: str(value) for key, value in (await request.post()).items()}
        try:
            self.check_app(*self._app(request, form))
        except Refused as error:
            body = {"error": error.error, "error_description": error.description}
            return web.json_response(body, status=401)
        self.end(form.get("token", ""))
        return web.json_response({})

    def end(self, token: str) -> bool:
        """End all that the account of a token gave, by a token that the channel takes for it; whether it was one."""
        rows = [self.kept[name].get(token) for name in self.ends_by]
        for row in filter(None, rows):
            self.revoke(str(row["account"]))
        return any(rows)

    def _app(self, request: web.Request, form: Mapping[str, str]) -> tuple[str | None, str | None]:
        if self.basic:
            given = request.headers.get("Authorization", "").removeprefix("Basic ")
            client, _, secret = base64.b64decode(given or "Og==").decode().partition(":")
            return client, secret
        return form.get(self.client_key), form.get("client_secret", "")

    def _end(self, life: float | None) -> str:
        return "" if life is None else (self.platform.clock() + timedelta(seconds=life)).isoformat()

    def _over(self, row: Mapping[str, Any]) -> bool:
        return bool(row["ends"]) and datetime.fromisoformat(row["ends"]) <= self.platform.clock()


async def say_yes(url: str, account: str, *, decision: str = "allow") -> dict[str, str]:
    """Do as a person does at the page behind `url`: allow it for `account`. Returns the query they come back with."""
    async with (
        aiohttp.ClientSession() as there,
        there.post(url, data={"account": account, "decision": decision}, allow_redirects=False) as answer,
    ):
        if answer.status not in (302, 303):
            raise LookupError(f"the consent page answers {answer.status}: {(await answer.text())[:200]}")
        return dict(URL(answer.headers["Location"]).query)
