"""A Nostr relay and a Blossom server for tests and the demo, by NIP-01, 09, 10, 11, 22, 25, 42, 45 and BUD-01, 02.

`platform.memory["relay"]` sets its manners: "auth" (it asks for a proof), "members" (the keys it takes), "refuses" (the words
with which it refuses every event), "nameless" (it does not say which one it refuses), "information" (what it tells of itself).
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Faults, Manners, Platform, takes_files
from kitestring.connectorkit.faults import wrong
from kitestring.connectors.nostr import bech32
from kitestring.connectors.nostr.client import INFORMATION
from kitestring.connectors.nostr.emulated.talk import Talk
from kitestring.connectors.nostr.emulated.world import MESSAGE, PAGE, World, key_for
from kitestring.connectors.nostr.events import UPLOAD, Event
from kitestring.kit import clock

NIPS = [1, 9, 10, 11, 22, 25, 42, 45]
TYPES = ("image/", "video/")


def answers(base_url: str, account_name: str) -> dict[str, str]:
    """What a person types to connect the account `account_name` here."""
    secret = bytes.fromhex(key_for(account_name).secret)
    return {"url": base_url, "key": bech32.encode("nsec", secret), "files": base_url}


def lose_files(platform: Platform) -> None:
    """Clear the file server."""
    platform.memory.get("files", {}).clear()


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The relay's line at `/`, and the calls to the file server that our connector uses, over this platform."""
    script = faults or Faults()
    manners = Manners(
        busy=lambda: web.json_response({"message": "Too many requests"}, status=429),
        unauthorized=lambda: web.json_response({"message": "Not for this key"}, status=401),
        broken=lambda: web.json_response({"message": "Internal error"}, status=500),
        retired=lambda: web.Response(status=426),
    )
    server = _Server(platform, script, manners)
    app = web.Application(middlewares=[_lines_apart(script.middleware(manners))], client_max_size=110_000_000)
    app.router.add_get("/", server.root)
    app.router.add_put("/upload", server.upload)
    app.router.add_get("/{sha:[0-9a-f]{64}}", server.file)
    app.router.add_get("/{name:nevent1[a-z0-9]+}", server.shown)
    return app


def _lines_apart(plain: Any) -> Any:
    """Lines are opened by `root`, which looks for faults itself; the plain middleware has all other requests."""

    @web.middleware
    async def apart(request: web.Request, handler: Any) -> web.StreamResponse:
        answer: web.StreamResponse
        answer = await (handler(request) if _is_line(request) else plain(request, handler))
        return answer

    return apart


def _is_line(request: web.Request) -> bool:
    return request.headers.get("Upgrade", "").lower() == "websocket"


class _Server:
    def __init__(self, platform: Platform, faults: Faults, manners: Manners) -> None:
        self.platform, self.faults, self.manners = platform, faults, manners
        self.world = World(platform)
        self.files: dict[str, Any] = platform.memory.setdefault("files", {})

    async def root(self, request: web.Request) -> web.StreamResponse:
        if not _is_line(request):
            return self._information(request)
        fault = self.faults.told("OPEN", "any")
        kind = fault.kind if fault else ""
        if fault is not None and kind not in ("unauthorized", "novel", "slow"):
            return await wrong(fault, request, self.manners)
        line = web.WebSocketResponse(max_msg_size=4 * MESSAGE)
        await line.prepare(request)
        await Talk(
            self.world, self.faults, line, request, shut=kind == "unauthorized", novel=kind == "novel"
        ).go_on()
        return line

    def _information(self, request: web.Request) -> web.Response:
        if request.headers.get("Accept") != INFORMATION:
            return web.Response(text="Please use a Nostr client to connect.")
        told = {
            "name": "Sandbox relay",
            "supported_nips": NIPS,
            "software": "https://kitestring.example",
            "limitation": {"max_message_length": MESSAGE, "max_limit": PAGE},
        }
        told |= self.platform.memory.get("relay", {}).get("information") or {}
        return web.json_response(told, content_type=INFORMATION)

    @takes_files
    async def upload(self, request: web.Request) -> web.Response:
        """BUD-02: the bytes as they are, and an event that says whose they are and what they hash to."""
        body = await request.read()
        digest, mime = hashlib.sha256(body).hexdigest(), request.content_type
        if said := self._unproved(request, digest):
            return web.Response(status=401, headers={"Blossom-Upload-Message": said})
        if not mime.startswith(TYPES):
            return web.Response(status=415, headers={"Blossom-Upload-Message": "Pictures and videos only"})
        told = {
            "url": f"{request.url.origin()}/{digest}",
            "sha256": digest,
            "size": len(body),
            "type": mime,
            "uploaded": int(clock.now().timestamp()),
        }
        self.files[digest] = told
        return web.json_response(told)

    def _unproved(self, request: web.Request, digest: str) -> str:
        """What is wrong with the proof; "" when nothing is."""
        scheme, _, proof = request.headers.get("Authorization", "").partition(" ")
        try:
            event = Event.read(json.loads(base64.b64decode(proof))) if scheme == "Nostr" else None
        except ValueError:
            event = None
        if event is None or event.kind != UPLOAD or event.first("t") != "upload":
            return "An authorization event is needed"
        if digest not in set(event.values("x")):
            return "The authorization is for another file"
        if int(event.first("expiration") or 0) < clock.now().timestamp():
            return "The authorization has expired"
        return ""

    async def file(self, request: web.Request) -> web.Response:
        found = self.files.get(request.match_info["sha"])
        if found is None:
            return web.Response(status=404, headers={"X-Reason": "Blob not found"})
        return web.Response(body=b"", content_type=found["type"])

    async def shown(self, request: web.Request) -> web.Response:
        """The page of an event, as a reader shows it."""
        try:
            item = self.world.item_behind(bech32.special(request.match_info["name"]))
        except ValueError:
            item = None
        if item is None:
            return web.Response(text="Nobody has this event.", status=404)
        return web.Response(text=item.text)
