"""What all parts of the emulated site share: who asks, its refusals, its addresses and numbers."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from kitestring.connectorkit.emulation import Item, Platform, latin

PLATFORM = web.AppKey("platform", Platform)
MEMBER = web.RequestKey("member", str)


def error(code: str, message: str, status: int) -> web.Response:
    """A refusal in WordPress's words."""
    return web.json_response({"code": code, "message": message, "data": {"status": status}}, status=status)


def number_of(platform: Platform, name: str) -> int:
    """The user's number, given at first sight."""
    users: dict[str, int] = platform.memory.setdefault("users", {})
    return users.setdefault(name, len(users) + 2)


def gmt(at: str) -> str:
    return datetime.fromisoformat(at).strftime("%Y-%m-%dT%H:%M:%S")


def slug_of(item: Item) -> str:
    """Posts of the demo's history were never given a slug: their number is one."""
    return str(item.extra.setdefault("slug", f"p-{item.id}"))


def remote_id(request: web.Request) -> str:
    """By what our connector knows the account: the site and its user's number."""
    home = latin(request[MEMBER]).replace("_", "-") or "kite-house"
    return f"{home}.example#{number_of(request.app[PLATFORM], request[MEMBER])}"
