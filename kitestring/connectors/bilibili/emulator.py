"""Bilibili's open platform for tests and the demo: consent, signed calls, uploads, videos and articles under review, numbers.

Paths, fields and numbers are as documented (apifox.com/apidoc/docs-site/1106400; open.bilibili.com as public code tells it).
Assumed: the order of its checks, that a token is good for one work, the states of an article, and how long tokens live.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from html import escape
from typing import Any

from aiohttp import web

from kitestring.connectorkit.consent import CLIENT, SECRET
from kitestring.connectorkit.emulation import Faults, Platform
from kitestring.connectorkit.hooks import Knock
from kitestring.connectors.bilibili.emulated.answers import MANNERS, good, refusals
from kitestring.connectors.bilibili.emulated.archives import Archives
from kitestring.connectors.bilibili.emulated.articles import Articles
from kitestring.connectors.bilibili.emulated.files import SMALL, Files
from kitestring.connectors.bilibili.emulated.gate import Gate, openid
from kitestring.connectors.bilibili.emulated.works import OPEN, WAITING, Works

SORTS = ("archives", "articles")


def answers(base_url: str, account_name: str) -> dict[str, str]:
    """Nothing is typed for an account: its owner agrees."""
    return {}


def app(base_url: str) -> dict[str, str]:
    """What the operator would type of their app."""
    return {"client_id": CLIENT, "client_secret": SECRET}


def confirm(platform: Platform, item_or_handle: str) -> None:
    """The reviewer's word on the work of a handle (JSON) or of an id."""
    try:
        work = str(json.loads(item_or_handle).get("id", ""))
    except ValueError:
        work = item_or_handle
    for sort in SORTS:
        works = Works(platform, sort)
        if work in works.rows:
            works.decide(work)


def without_quotas(platform: Platform) -> None:
    """Any number of works, of any title, as fast as one likes."""
    platform.memory["no_limits"] = True


def lose_files(platform: Platform) -> None:
    """Videos that were uploaded and not submitted, and covers, are cleared away."""
    platform.memory.get("videos", {}).clear()


def pushes(platform: Platform, secrets: Mapping[str, str]) -> list[Knock]:
    """What Bilibili would push now: the end of the review of each video that was not told yet."""
    works, sent = Works(platform, "archives"), []
    for made, row in works.rows.items():
        if row["state"] == WAITING:
            works.decide(made)
        if row["told"]:
            continue
        row["told"] = True
        is_open = row["state"] == OPEN
        content = {
            "openid": openid(row["account"]),
            "client_id": CLIENT,
            "resource_id": made,
            "state": row["state"],
            "state_desc": "开放浏览" if is_open else "已退回",
        }
        sent.append(_knock("video_open" if is_open else "video_fail", content))
    return sent


def answered(platform: Platform, asked: Knock, answer: str) -> bool:
    """Whether an address has answered as it must: by the number it was asked with."""
    return bool(json.loads(answer) == json.loads(asked.body)["content"])


def challenge(platform: Platform, secrets: Mapping[str, str]) -> Knock:
    """How it tries an address before it is saved there."""
    return _knock("verify_webhooks", {"data": 1371848576})


def _knock(event: str, content: Mapping[str, Any]) -> Knock:
    body = json.dumps({"event": event, "content": content, "timestamp": "2021-01-01 12:01:01"}).encode()
    sign = hashlib.sha1(SECRET.encode() + body).hexdigest()  # noqa: S324 - the channel's own choice
    return Knock("POST", {}, {"content-type": "application/json", "x-bilibili-signature": sign}, body)


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The calls that our connector uses, over this platform."""
    gate = Gate(platform)
    files = Files(platform, gate)
    made = web.Application(
        middlewares=[(faults or Faults()).middleware(MANNERS), refusals], client_max_size=SMALL + 1
    )
    made.router.add_route("*", "/pc/account-pc/auth/oauth", gate.page)
    made.router.add_post("/x/account-oauth2/v1/token", gate.token)
    made.router.add_post("/x/account-oauth2/v1/refresh_token", gate.renewal)
    account = _Account(platform, gate)
    made.router.add_get("/arcopen/fn/user/account/info", account.info)
    made.router.add_get("/arcopen/fn/user/account/scopes", account.scopes)
    made.router.add_get("/arcopen/fn/data/user/stat", account.stat)
    made.router.add_get("/{sort:video|read}/{work}", account.page)
    for part in (files, Archives(platform, gate, files), Articles(platform, gate, files)):
        part.routes(made)
    return made


class _Account:
    """The account itself, and the page of a work as a reader sees it."""

    def __init__(self, platform: Platform, gate: Gate) -> None:
        self.platform, self.gate = platform, gate

    async def info(self, request: web.Request) -> web.Response:
        name = await self.gate.who(request, "USER_INFO")
        return good({"name": name, "face": "", "openid": openid(name)})

    async def scopes(self, request: web.Request) -> web.Response:
        name = await self.gate.who(request)
        return good({"openid": openid(name), "scopes": self.gate.rights})

    async def stat(self, request: web.Request) -> web.Response:
        name = await self.gate.who(request, "USER_DATA")
        told = self.platform.numbers(openid(name))
        return good(
            {
                "following": told.get("following", 0),
                "follower": told.get("followers", 0),
                "arc_passed_total": told.get("posts", 0),
            }
        )

    async def page(self, request: web.Request) -> web.Response:
        item = self.platform.items.get(request.match_info["work"])
        if item is None:
            raise web.HTTPNotFound
        said = "".join(f"<li>{escape(c.text)}</li>" for c in self.platform.comments(item.id))
        head = f'<meta charset="utf-8"><title>{escape(item.title)}</title>'
        body = f"<h1>{escape(item.title)}</h1><p>{escape(item.text)}</p><ul>{said}</ul>"
        return web.Response(text=f"<!doctype html>{head}{body}", content_type="text/html")
