"""Zalo's OA API for tests and the demo: articles made in steps, private messages, the account's profile, OAuth v4.

Written from public code that calls it and from others' tables; the official pages were not read (fixtures/errors.json).
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from kitestring.connectorkit.consent import CLIENT, SECRET, Desk, Refused
from kitestring.connectorkit.emulation import Faults, Item, Platform, stores
from kitestring.connectors.zalo.emulated.answers import MANNERS, Refusal, body_of, good, refusals
from kitestring.connectors.zalo.emulated.shelf import Shelf

ACCESS, REFRESH = 90_000, 90 * 86_400  # seconds: 25 hours and three months
WINDOW = timedelta(hours=48)
PAGE = 10


def answers(base_url: str, account_name: str) -> dict[str, str]:
    """Nothing is typed for an account: its admin agrees."""
    return {}


def app(base_url: str) -> dict[str, str]:
    """What the operator would type of their app."""
    return {"app_id": CLIENT, "secret_key": SECRET}


def number(name: str) -> str:
    """An account's or a person's id, made from the name."""
    return str(10**17 + int(hashlib.sha256(name.encode()).hexdigest()[:14], 16) % 10**17)


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The calls that our connector uses, over this platform."""
    server = _Server(platform)
    made = web.Application(middlewares=[(faults or Faults()).middleware(MANNERS), refusals])
    made.router.add_route("*", "/v4/oa/permission", server.desk.page)
    made.router.add_post("/v4/oa/access_token", server.token)
    made.router.add_get("/v2.0/oa/getoa", server.profile)
    made.router.add_post("/v2.0/article/create", server.create)
    made.router.add_post("/v2.0/article/verify", server.verify)
    made.router.add_post("/v2.0/article/update", server.update)
    made.router.add_post("/v2.0/article/remove", server.remove)
    made.router.add_get("/v2.0/article/getdetail", server.detail)
    made.router.add_get("/v2.0/article/getslice", server.slice)
    made.router.add_get("/v2.0/oa/listrecentchat", server.recent)
    made.router.add_get("/v2.0/oa/conversation", server.conversation)
    made.router.add_post("/v3.0/oa/message/cs", server.message)
    return made


class _Server:
    def __init__(self, platform: Platform) -> None:
        self.platform, self.shelf = platform, Shelf(platform)
        self.desk = Desk(
            platform, "Zalo", access=ACCESS, refresh=REFRESH, rotates=True, pkce=True, client_key="app_id"
        )

    def _who(self, request: web.Request) -> str:
        name = self.desk.account(request.headers.get("access_token", ""))
        if name is None:
            raise Refusal(-216, "Access token is invalid")
        return name

    async def token(self, request: web.Request) -> web.Response:
        form = {key: str(value) for key, value in (await request.post()).items()}
        try:
            if form.get("app_id") != CLIENT:
                return _no(-14002, "Invalid app id", "app_id is not found")
            if request.headers.get("secret_key") != SECRET:
                return _no(-14004, "Invalid secret key", "secret_key is wrong")
            if form.get("grant_type") == "refresh_token":
                told = self.desk.renewed(form.get("refresh_token", ""))
            else:
                code = form.get("code", "")
                where = self.desk.kept["code"].get(code, {}).get("redirect_uri", "")
                told = self.desk.redeem(code, where, form.get("code_verifier", ""))
        except Refused as error:
            return _no(-14014, "Invalid grant", error.description)
        # Zalo tells the life as a text, and no scopes.
        names = ("access_token", "refresh_token")
        return web.json_response({**{k: told[k] for k in names}, "expires_in": str(told["expires_in"])})

    async def profile(self, request: web.Request) -> web.Response:
        name = self._who(request)
        told = {
            "oa_id": number(name),
            "name": name.replace("-", " ").title(),
            "oa_alias": name,
            "is_verified": True,
            "oa_type": 2,
            "num_follower": self.platform.numbers(number(name)).get("followers", 0),
            "avatar": "",
            "package_name": "Nâng cao",
        }
        return good({**told, **self.platform.memory.get("profile", {})})

    async def create(self, request: web.Request) -> web.Response:
        return good({"token": self.shelf.create(self._who(request), await body_of(request))})

    async def verify(self, request: web.Request) -> web.Response:
        name, body = self._who(request), await body_of(request)
        return good(self.shelf.verify(name, str(body.get("token", ""))))

    @stores
    async def update(self, request: web.Request) -> web.Response:
        return good({"id": self.shelf.update(self._who(request), await body_of(request))})

    async def remove(self, request: web.Request) -> web.Response:
        name, body = self._who(request), await body_of(request)
        self.shelf.remove(name, str(body.get("id", "")))
        return good()

    async def detail(self, request: web.Request) -> web.Response:
        home = str(request.url.origin())
        return good(self.shelf.detail(self._who(request), request.query.get("id", ""), home))

    async def slice(self, request: web.Request) -> web.Response:
        name, asked = self._who(request), request.query
        if asked.get("type") not in ("normal", "video"):
            raise Refusal(-201, "type accept only 2 value normal and video.")
        return good(self.shelf.slice(name, int(asked.get("offset", 0)), int(asked.get("limit", PAGE))))

    async def recent(self, request: web.Request) -> web.Response:
        """The last message of each conversation, the newest first."""
        name, asked = self._who(request), _data(request)
        last = {item.root: item for item in self._messages(name)}
        rows = sorted(last.values(), key=lambda item: item.at, reverse=True)
        return good([self._row(name, item) for item in _page(rows, asked)])

    async def conversation(self, request: web.Request) -> web.Response:
        name, asked = self._who(request), _data(request)
        rows = [i for i in self._messages(name) if number(i.root) == str(asked.get("user_id", ""))]
        rows.sort(key=lambda item: item.at, reverse=True)
        return good([self._row(name, item) for item in _page(rows, asked)])

    @stores
    async def message(self, request: web.Request) -> web.Response:
        """A consultation message: only to whom wrote within 48 hours."""
        name, body = self._who(request), await body_of(request)
        user = str((body.get("recipient") or {}).get("user_id", ""))
        text = str((body.get("message") or {}).get("text", ""))
        theirs = [i for i in self._messages(name) if number(i.root) == user and i.author != name]
        if not text.strip() or len(text) > 2000:
            raise Refusal(-210, "text is over the limit of 2000 characters")
        if not theirs:
            raise Refusal(-213, "User has not followed OA")
        if self.platform.clock() - datetime.fromisoformat(theirs[-1].at) > WINDOW:
            raise Refusal(-230, "User has not interacted with the OA in the past 7 days")
        at = self.platform.clock().isoformat()
        made = Item(self.platform.next_id(), name, text, at, root=theirs[-1].root, kind="message")
        made.extra = {"of": number(name)}
        self.platform.add(made)
        return good({"message_id": made.id, "user_id": user})

    def _messages(self, name: str) -> list[Item]:
        return [
            i
            for i in self.platform.items.values()
            if i.kind == "message" and i.extra.get("of") == number(name)
        ]

    def _row(self, name: str, item: Item) -> dict[str, Any]:
        own, person = item.author == name, number(item.root)
        us = {"id": number(name), "display_name": name.title(), "avatar": ""}
        them = {"id": person, "display_name": item.author_name or item.root, "avatar": ""}
        sides = (("from", us if own else them), ("to", them if own else us))
        return {
            "src": 0 if own else 1,
            "time": int(datetime.fromisoformat(item.at).timestamp() * 1000),
            "type": "text",
            "message": item.text,
            "message_id": item.id,
            **{f"{side}_{key}": value for side, who in sides for key, value in who.items()},
        }


def _no(code: int, name: str, description: str) -> web.Response:
    return web.json_response({"error": code, "error_name": name, "error_description": description})


def _data(request: web.Request) -> dict[str, Any]:
    try:
        asked = json.loads(request.query.get("data", ""))
    except ValueError as error:
        raise Refusal(-201, "data is not JSON") from error
    if not isinstance(asked, dict) or int(asked.get("count", 0)) > PAGE:
        raise Refusal(-210, f"count is over the limit of {PAGE}")
    return asked


def _page(rows: list[Item], asked: dict[str, Any]) -> list[Item]:
    start = int(asked.get("offset", 0))
    return rows[start : start + int(asked.get("count", PAGE))]
