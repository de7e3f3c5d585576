"""What was uploaded: videos under their tokens, covers and pictures under their addresses."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Platform, takes_files
from kitestring.connectors.bilibili.emulated.answers import Refusal, body_of, good
from kitestring.connectors.bilibili.emulated.gate import Gate

SMALL, PIECE, PICTURE = 100 * 1024 * 1024, 8 * 1024 * 1024, 5 * 1024 * 1024
ENDINGS = (".mp4", ".flv", ".mov", ".mkv")


class Files:
    """Kept in the platform's memory: {"videos": {token: row}, "covers": {address: account}}."""

    def __init__(self, platform: Platform, gate: Gate) -> None:
        self.platform, self.gate = platform, gate

    @property
    def videos(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = self.platform.memory.setdefault("videos", {})
        return found

    @property
    def covers(self) -> dict[str, str]:
        found: dict[str, str] = self.platform.memory.setdefault("covers", {})
        return found

    def routes(self, app: web.Application) -> None:
        app.router.add_post("/arcopen/fn/archive/video/init", self.init)
        app.router.add_post("/video/v2/upload", self.whole)
        app.router.add_post("/video/v2/part/upload", self.piece)
        app.router.add_post("/arcopen/fn/archive/video/complete", self.complete)
        app.router.add_post("/arcopen/fn/archive/cover/upload", self.cover)
        app.router.add_post("/arcopen/fn/article/upload/image", self.picture)

    async def init(self, request: web.Request) -> web.Response:
        name, body = await self.gate.who(request, "ARC_BASE"), await body_of(request)
        if not str(body.get("name", "")).lower().endswith(ENDINGS):
            raise Refusal(127102)
        if str(body.get("utype", "0")) not in ("0", "1"):
            raise Refusal(4000)
        token = f"utoken-{self.platform.next_id()}"
        self.videos[token] = {
            "account": name,
            "way": str(body.get("utype", "0")),
            "pieces": {},
            "bytes": 0,
            "ready": False,
        }
        return good({"upload_token": token})

    @takes_files
    async def whole(self, request: web.Request) -> web.Response:
        row, data = self._row(request), await request.read()
        if row["way"] != "1" or not data or len(data) > SMALL:
            raise Refusal(127022)
        row |= {"bytes": len(data), "ready": True}
        return good()

    @takes_files
    async def piece(self, request: web.Request) -> web.Response:
        row, data, number = self._row(request), await request.read(), request.query.get("part_number", "")
        if row["way"] != "0" or not number.isdigit() or int(number) < 1 or not data:
            raise Refusal(4000)
        row["pieces"][number] = len(data)
        return good()

    async def complete(self, request: web.Request) -> web.Response:
        """All pieces are there, one after the other, and only the last is shorter than the others."""
        await self.gate.who(request, "ARC_BASE")
        row = self._row(request)
        sizes = [row["pieces"].get(str(n + 1)) for n in range(len(row["pieces"]))]
        if not sizes or None in sizes or any(size != sizes[0] for size in sizes[:-1]):
            raise Refusal(127022)
        row |= {"bytes": sum(sizes), "ready": True}
        return good()

    @takes_files
    async def cover(self, request: web.Request) -> web.Response:
        name = await self.gate.who(request, "ARC_BASE")
        return good({"url": await self._kept(request, name, (b"\xff\xd8\xff", b"\x89PNG"))})

    @takes_files
    async def picture(self, request: web.Request) -> web.Response:
        name = await self.gate.who(request, "ATC_BASE")
        kinds = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8")
        return good({"url": await self._kept(request, name, kinds), "size": 1})

    async def _kept(self, request: web.Request, name: str, kinds: tuple[bytes, ...]) -> str:
        part = (await request.post()).get("file")
        if not isinstance(part, web.FileField):
            raise Refusal(4000)
        data = part.file.read()
        if data.startswith(b"GIF8") and b"GIF8" not in kinds:
            raise Refusal(123038)
        if not data.startswith(kinds) or len(data) > PICTURE:
            raise Refusal(127102)
        url = f"{request.url.origin()}/bfs/{self.platform.next_id()}.jpg"
        self.covers[url] = name
        return url

    def _row(self, request: web.Request) -> dict[str, Any]:
        row = self.videos.get(request.query.get("upload_token", ""))
        if row is None:
            raise Refusal(127022)
        return row
