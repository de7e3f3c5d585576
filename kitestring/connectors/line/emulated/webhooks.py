"""What LINE posts to an account's webhook: its messages, signed with the channel secret; and the settings of the webhook."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Item, Platform
from kitestring.connectorkit.hooks import Knock
from kitestring.connectors.line.emulated import people
from kitestring.connectors.line.emulated.answers import Refused, wrong
from kitestring.connectors.line.emulated.tokens import Tokens

LONGEST = 500  # letters of an address


def signature(secret: str, body: bytes) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def knock(account: str, events: list[dict[str, Any]]) -> Knock:
    """One call with these events."""
    told = {"destination": people.user_id(account), "events": events}
    body = json.dumps(told, ensure_ascii=False).encode()
    headers = {"content-type": "application/json; charset=utf-8"}
    return Knock("POST", {}, {**headers, "x-line-signature": signature(people.secret(account), body)}, body)


def untold(platform: Platform) -> dict[str, list[Item]]:
    """Bot's user id -> messages to it that no call has told yet; each is given out once."""
    told: list[str] = platform.memory.setdefault("line_told", [])
    found: dict[str, list[Item]] = {}
    for item in platform.items.values():
        if item.kind == "message" and item.extra.get("of") and item.id not in told:
            told.append(item.id)
            found.setdefault(item.extra["of"], []).append(item)
    return found


def event(item: Item, content: dict[str, Any] | None = None) -> dict[str, Any]:
    """The message event of a person's words."""
    quoted = {"id": item.id, "quoteToken": f"q{item.id}", "markAsReadToken": f"r{item.id}"}
    return {
        "type": "message",
        "mode": "active",
        "timestamp": int(datetime.fromisoformat(item.at).timestamp() * 1000),
        "source": {"type": "user", "userId": people.user_id(item.author)},
        "webhookEventId": f"01H{item.id:0>23}",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": f"reply{item.id}",
        "message": {**quoted, **(content or {"type": "text", "text": item.text})},
    }


def kept(platform: Platform) -> dict[str, Any]:
    """Account -> {"endpoint", "active"}."""
    found: dict[str, Any] = platform.memory.setdefault("line_webhooks", {})
    return found


class Webhooks:
    """The settings of webhooks. `memory["line"]`: "use" False is the switch on the console, "deaf": nobody answers there."""

    def __init__(self, platform: Platform, tokens: Tokens) -> None:
        self.platform, self.tokens = platform, tokens
        self.kept = kept(platform)

    async def endpoint(self, request: web.Request) -> web.Response:
        found = self.kept.get(self.tokens.account(request))
        if found is None:
            raise Refused(404, "Not found")
        return web.json_response(found)

    async def put(self, request: web.Request) -> web.Response:
        """Another address. The switch "Use webhook" is on the console alone and stays as it is."""
        name, address = self.tokens.account(request), await self._address(request)
        if address is None:
            raise wrong(("endpoint", "must not be null"))
        use = bool(self.platform.memory.get("line", {}).get("use", True))
        self.kept[name] = {"endpoint": address, "active": self.kept.get(name, {}).get("active", use)}
        return web.json_response({})

    async def test(self, request: web.Request) -> web.Response:
        """Call an address, or the one that is set, and tell what came back."""
        name, address = self.tokens.account(request), await self._address(request)
        if address is None and name not in self.kept:
            raise Refused(404, "Not found")
        told = {"success": True, "statusCode": 200, "reason": "OK", "detail": "200"}
        if self.platform.memory.get("line", {}).get("deaf"):
            told = {"success": False, "statusCode": 404, "reason": "ERROR_STATUS_CODE", "detail": "404"}
        return web.json_response({**told, "timestamp": self.platform.clock().isoformat()})

    async def _address(self, request: web.Request) -> str | None:
        """The address of the body; one that LINE would not take is refused."""
        found = (await request.json()).get("endpoint") if request.can_read_body else None
        if found is None:
            return None
        if not isinstance(found, str) or not found.startswith("https://") or len(found) > LONGEST:
            raise Refused(400, "Invalid webhook endpoint URL")
        return found

    async def profile(self, request: web.Request) -> web.Response:
        """Of a friend only."""
        self.tokens.account(request)
        wanted = request.match_info["user"]
        name = people.person_behind(self.platform, wanted)
        if name is None or name in self.platform.memory.get("line", {}).get("strangers", ()):
            raise Refused(404, "Not found")
        shown = people.shown_name(self.platform, name)
        told = {"userId": wanted, "displayName": shown, "pictureUrl": "https://profile.line-scdn.test/p"}
        return web.json_response({**told, "language": "vi"})
