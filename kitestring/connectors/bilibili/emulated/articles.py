"""Articles: a form, listed by how the review went, changed, deleted, counted. Fields as documented; their states are assumed."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from aiohttp import web

from kitestring.connectorkit.articles import to_text
from kitestring.connectorkit.emulation import Platform, stores
from kitestring.connectors.bilibili.emulated.answers import Refusal, good
from kitestring.connectors.bilibili.emulated.files import Files
from kitestring.connectors.bilibili.emulated.gate import Gate
from kitestring.connectors.bilibili.emulated.works import OPEN, RETURNED, WAITING, Works, numbers

TITLE, LEAST, MOST, PICTURES, AT_ONCE = 40, 200, 40_000, 3, 30
SOURCE = re.compile(r'<img\s[^<>]*?src="([^"]+)"')
GROUPS = {"0": {OPEN, RETURNED, WAITING}, "1": {WAITING}, "2": {OPEN}, "3": {RETURNED}}
CATEGORIES: list[dict[str, Any]] = [
    {"id": 3, "parent_id": 0, "name": "生活", "children": [
        {"id": 15, "parent_id": 3, "name": "日常"},
        {"id": 13, "parent_id": 3, "name": "美食"},
    ]},
]  # fmt: skip
KNOWN = {str(leaf["id"]): leaf for branch in CATEGORIES for leaf in branch["children"]}


class Articles:
    def __init__(self, platform: Platform, gate: Gate, files: Files) -> None:
        self.platform, self.gate, self.files = platform, gate, files
        self.works = Works(platform, "articles")

    def routes(self, app: web.Application) -> None:
        base = "/arcopen/fn"
        app.router.add_get(f"{base}/article/categories", self.categories)
        app.router.add_post(f"{base}/article/add", self.add)
        app.router.add_get(f"{base}/article/list", self.listed)
        app.router.add_get(f"{base}/article/detail", self.detail)
        app.router.add_post(f"{base}/article/edit", self.edit)
        app.router.add_post(f"{base}/article/delete", self.delete)
        app.router.add_get(f"{base}/data/art/stat", self.stat)

    async def categories(self, request: web.Request) -> web.Response:
        await self.gate.who(request, "ATC_BASE")
        return good(CATEGORIES)

    @stores
    async def add(self, request: web.Request) -> web.Response:
        name, told = await self.gate.who(request, "ATC_BASE"), await _form(request)
        self._check(told)
        self.works.admit(name, told["title"])
        number = self.platform.next_id()
        self.works.submit(f"cv{number}", name, told, to_text(told["content"]))
        return good({"id": int(number)})

    def _check(self, told: dict[str, str]) -> None:
        sources, text = SOURCE.findall(told.get("content", "")), to_text(told.get("content", ""))
        if not told.get("title", "").strip() or len(told["title"]) > TITLE:
            raise Refusal(129005)
        if told.get("category") not in KNOWN or not told.get("summary"):
            raise Refusal(4000)
        if len(text) > MOST or (len(text) < LEAST and len(sources) < PICTURES):
            raise Refusal(4000)
        covers = [url for url in told.get("image_urls", "").split(",") if url]
        wanted = {"3": 3, "4": 1, "5": 0}.get(told.get("template_id", ""))
        if wanted != len(covers) or any(url not in self.files.covers for url in [*covers, *sources]):
            raise Refusal(129004)

    async def listed(self, request: web.Request) -> web.Response:
        name, asked = await self.gate.who(request, "ATC_BASE"), request.query
        group, page, size = asked.get("group", "0"), int(asked.get("pn", 1)), int(asked.get("ps", 10))
        if group not in GROUPS:
            raise Refusal(4000)
        if group == "1" and page == 1:
            for work, _row in self.works.own(name):
                self.works.look(work)
        found = [work for work, row in self.works.own(name) if row["state"] in GROUPS[group]]
        start = (page - 1) * size
        some = [self._row(work) for work in found[start : start + size]]
        return good({"articles": some or None, "artPage": {"pn": page, "ps": size, "total": len(found)}})

    async def detail(self, request: web.Request) -> web.Response:
        name = await self.gate.who(request, "ATC_BASE")
        return good(self._row(self._own(name, f"cv{request.query.get('id', '')}")))

    async def edit(self, request: web.Request) -> web.Response:
        name, told = await self.gate.who(request, "ATC_BASE"), await _form(request)
        article = self._own(name, f"cv{told.pop('id', '')}")
        self._check(told)
        self.works.change(article, told, to_text(told["content"]))
        return good({"id": int(article.removeprefix("cv"))})

    async def delete(self, request: web.Request) -> web.Response:
        name, told = await self.gate.who(request, "ATC_BASE"), await _form(request)
        for number in told.get("ids", "").split(","):
            self.works.remove(self._own(name, f"cv{number}"))
        return good()

    async def stat(self, request: web.Request) -> web.Response:
        await self.gate.who(request, "ATC_DATA")
        asked = request.query.get("ids", "").split(",")
        if not asked or len(asked) > AT_ONCE:
            raise Refusal(4000)
        found = {number: numbers(self.platform, f"cv{number}") for number in asked}
        return good({n: {"id": int(n), "stats": counts} for n, counts in found.items() if counts is not None})

    def _own(self, name: str, article: str) -> str:
        row = self.works.rows.get(article)
        if row is None or row["account"] != name:
            raise Refusal(123004)
        return article

    def _row(self, article: str) -> dict[str, Any]:
        row = self.works.rows[article]
        told, at = row["fields"], int(datetime.fromisoformat(row["at"]).timestamp())
        return {
            "id": int(article.removeprefix("cv")),
            "title": told["title"],
            "summary": told.get("summary", ""),
            "content": told["content"],
            "category": KNOWN[told["category"]],
            "template_id": int(told["template_id"]),
            "image_urls": [url for url in told.get("image_urls", "").split(",") if url],
            "tags": [{"tid": 1, "name": tag} for tag in told.get("tags", "").split(",") if tag],
            "original": int(told.get("original", "0")),
            "list": {"id": int(told["list_id"]), "name": ""} if told.get("list_id") else None,
            "state": row["state"],
            "reason": row["reason"],
            "ctime": at,
            "publish_time": at if row["state"] == OPEN else 0,
        }


async def _form(request: web.Request) -> dict[str, str]:
    if not request.content_type.startswith("multipart/"):
        raise Refusal(4000)
    return {key: str(value) for key, value in (await request.post()).items()}
