"""Videos: submitted by the token of an upload, listed, changed, deleted, counted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Platform, stores
from kitestring.connectors.bilibili.emulated.answers import Refusal, body_of, good
from kitestring.connectors.bilibili.emulated.files import Files
from kitestring.connectors.bilibili.emulated.gate import Gate
from kitestring.connectors.bilibili.emulated.works import OPEN, RETURNED, Works, numbers

SIGNS = "FcwAPNKTMug3GV5Lj7EJnHpWsx4tb8haYeviqBz6rkCy12mUSDQX9RdoZf"
TITLE, DESC, TAGS = 80, 250, 200
DESCRIBED = {OPEN: "开放浏览", RETURNED: "已退回"}
TYPES: list[dict[str, Any]] = [
    {"id": 160, "parent": 0, "name": "生活", "description": "", "children": [
        {"id": 21, "parent": 160, "name": "日常", "description": "记录日常生活"},
        {"id": 254, "parent": 160, "name": "亲子", "description": ""},
    ]},
    {"id": 211, "parent": 0, "name": "美食", "description": "", "children": [
        {"id": 76, "parent": 211, "name": "美食制作", "description": ""},
        {"id": 212, "parent": 211, "name": "美食侦探", "description": ""},
    ]},
]  # fmt: skip
KNOWN = {leaf["id"] for branch in TYPES for leaf in branch["children"]}
GROUPS = {"all": None, "pubed": {OPEN}, "not_pubed": {RETURNED}}


def name_of(serial: str) -> str:
    """A video's name: BV and ten signs."""
    number, signs = int(serial) * 1_000_003 + 58**9, ""
    for _ in range(9):
        number, place = divmod(number, 58)
        signs += SIGNS[place]
    return f"BV1{signs}"


class Archives:
    def __init__(self, platform: Platform, gate: Gate, files: Files) -> None:
        self.platform, self.gate, self.files = platform, gate, files
        self.works = Works(platform, "archives")

    def routes(self, app: web.Application) -> None:
        base = "/arcopen/fn"
        app.router.add_get(f"{base}/archive/type/list", self.types)
        app.router.add_post(f"{base}/archive/add-by-utoken", self.add)
        app.router.add_get(f"{base}/archive/view", self.view)
        app.router.add_get(f"{base}/archive/viewlist", self.listed)
        app.router.add_post(f"{base}/archive/edit", self.edit)
        app.router.add_post(f"{base}/archive/delete", self.delete)
        app.router.add_get(f"{base}/data/arc/stat", self.stat)

    async def types(self, request: web.Request) -> web.Response:
        await self.gate.who(request, "ARC_BASE")
        return good(TYPES)

    @stores
    async def add(self, request: web.Request) -> web.Response:
        """A token is good for one work."""
        name, body = await self.gate.who(request, "ARC_BASE"), await body_of(request)
        token = request.query.get("upload_token", "")
        video = self.files.videos.get(token)
        if video is None or video["account"] != name or not video["ready"]:
            raise Refusal(127022)
        self._check(body, new=True)
        self.works.admit(name, body["title"])
        del self.files.videos[token]
        made = name_of(self.platform.next_id())
        self.works.submit(made, name, body, str(body.get("desc", "")))
        return good({"resource_id": made})

    def _check(self, body: dict[str, Any], *, new: bool) -> None:
        title, tags = str(body.get("title", "")), str(body.get("tag", ""))
        if not title.strip():
            raise Refusal(123013)
        if len(title) > TITLE:
            raise Refusal(123030)
        if len(str(body.get("desc", ""))) >= DESC:
            raise Refusal(123018)
        if body.get("tid") not in KNOWN:
            raise Refusal(123009)
        if body.get("cover") and body["cover"] not in self.files.covers:
            raise Refusal(4000)
        if not new:
            return
        if not tags or "" in tags.split(",") or len(tags) >= TAGS:
            raise Refusal(123012)
        if body.get("copyright") not in (1, 2):
            raise Refusal(4000)
        if body["copyright"] == 2 and not body.get("source"):
            raise Refusal(123016)

    async def view(self, request: web.Request) -> web.Response:
        name, archive = await self.gate.who(request, "ARC_BASE"), request.query.get("resource_id", "")
        self._own(name, archive)
        self.works.look(archive)
        return good(self._row(archive, str(request.url.origin())))

    async def listed(self, request: web.Request) -> web.Response:
        name, asked = await self.gate.who(request, "ARC_BASE"), request.query
        page, size = int(asked.get("pn", 1)), int(asked.get("ps", 20))
        if page < 1 or not 1 <= size <= 50:
            raise Refusal(4000)
        wanted = GROUPS.get(asked.get("status", "all"))
        found = [work for work, row in self.works.own(name) if wanted is None or row["state"] in wanted]
        start, home = (page - 1) * size, str(request.url.origin())
        some = [self._row(work, home) for work in found[start : start + size]]
        return good({"page": {"pn": page, "ps": size, "total": len(found)}, "list": some or None})

    async def edit(self, request: web.Request) -> web.Response:
        name, body = await self.gate.who(request, "ARC_BASE"), await body_of(request)
        archive = str(body.get("resource_id", ""))
        self._own(name, archive)
        self._check(body, new=False)
        self.works.change(archive, body, str(body.get("desc", "")))
        return good({"resource_id": archive})

    async def delete(self, request: web.Request) -> web.Response:
        name, body = await self.gate.who(request, "ARC_BASE"), await body_of(request)
        archive = str(body.get("resource_id", ""))
        self._own(name, archive)
        self.works.remove(archive)
        return good()

    async def stat(self, request: web.Request) -> web.Response:
        await self.gate.who(request, "ARC_DATA")
        archive = request.query.get("resource_id", "")
        counts = numbers(self.platform, archive)
        if counts is None:
            raise Refusal(123004)
        return good({"title": self.platform.items[archive].title, "ptime": 0, **counts, "danmaku": 0})

    def _own(self, name: str, archive: str) -> None:
        row = self.works.rows.get(archive)
        if row is None or row["account"] != name:
            raise Refusal(123004)

    def _row(self, archive: str, home: str) -> dict[str, Any]:
        row = self.works.rows[archive]
        told, state = row["fields"], row["state"]
        seen = {
            "cid": 1,
            "filename": "",
            "duration": 1,
            "share_url": f"{home}/video/{archive}",
            "iframe_url": "",
        }
        kept = ("title", "tid", "no_reprint", "desc", "tag", "copyright")
        at = int(datetime.fromisoformat(row["at"]).timestamp())
        return {
            "resource_id": archive,
            "cover": told.get("cover", ""),
            **{key: told.get(key) for key in kept},
            "video_info": seen if state == OPEN else {},
            "addit_info": {
                "state": state,
                "state_desc": DESCRIBED.get(state, "审核中"),
                "reject_reason": row["reason"],
            },
            "ctime": at,
            "ptime": at if state == OPEN else 0,
        }
