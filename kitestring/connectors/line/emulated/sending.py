"""Sending: to all, to some, to these, to one; the retry key, the month's messages, the hourly bound, a narrowcast's way."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any
from uuid import UUID

from aiohttp import web

from kitestring.connectorkit.emulation import Item, Platform, stores
from kitestring.connectors.line.emulated import people
from kitestring.connectors.line.emulated.answers import ACCEPTED, REQUEST, Refused, request_id, wrong
from kitestring.connectors.line.emulated.objects import looked_over
from kitestring.connectors.line.emulated.tokens import Tokens

KEPT = 86400  # seconds a retry key is known
AN_HOUR = 60  # broadcasts, and narrowcasts, an hour
PHASES = ("waiting", "sending", "succeeded")
SMALLEST = 50
BUSY = "The API rate limit has been exceeded. Try again later."


class Sending:
    """`platform.memory["line"]`: "limit" (messages a month), "used", "friends" (people a narrowcast finds)."""

    def __init__(self, platform: Platform, tokens: Tokens) -> None:
        self.platform, self.tokens = platform, tokens
        self.keys: dict[str, Any] = platform.memory.setdefault("line_keys", {})
        self.jobs: dict[str, Any] = platform.memory.setdefault("line_jobs", {})
        self.settings: dict[str, Any] = platform.memory.setdefault("line", {})

    async def validate(self, request: web.Request) -> web.Response:
        self.tokens.account(request)
        if "X-Line-Retry-Key" in request.headers:
            raise Refused(400, "The retry key cannot be used with this API")
        looked_over((await _body(request)).get("messages"))
        return web.json_response({})

    @stores
    async def broadcast(self, request: web.Request) -> web.Response:
        return await self._once(request, "broadcast")

    @stores
    async def multicast(self, request: web.Request) -> web.Response:
        return await self._once(request, "multicast")

    @stores
    async def push(self, request: web.Request) -> web.Response:
        return await self._once(request, "push")

    @stores
    async def narrowcast(self, request: web.Request) -> web.Response:
        return await self._once(request, "narrowcast")

    async def _once(self, request: web.Request, way: str) -> web.Response:
        """The key first, then what is wrong with the message, then the message. (That the key comes first is assumed.)"""
        account, key = self.tokens.account(request), request.headers.get("X-Line-Retry-Key", "")
        if key and not _is_uuid(key):
            raise Refused(400, "The retry key is not a valid UUID")
        if key and (known := self._known(account, key)):
            told = {"message": "The retry key is already accepted", **known["body"]}
            return web.json_response(told, status=409, headers={ACCEPTED: known["request"]})
        body = await _body(request)
        messages = looked_over(body.get("messages"))
        self._refuse(account, way, body, len(messages))
        mine = request_id(self.platform)
        told = self._store(account, way, body, messages, mine)
        if key:
            moment = self.platform.clock().timestamp()
            self.keys[f"{account}:{key}"] = {"request": mine, "body": told, "at": moment}
        status = 202 if way == "narrowcast" else 200
        return web.json_response(told, status=status, headers={REQUEST: mine})

    def _known(self, account: str, key: str) -> dict[str, Any] | None:
        kept = self.keys.get(f"{account}:{key}")
        if kept and kept["at"] > self.platform.clock().timestamp() - KEPT:
            return dict(kept)
        return None

    def _refuse(self, account: str, way: str, body: dict[str, Any], objects: int) -> None:
        if way == "push" and people.person_behind(self.platform, str(body.get("to"))) is None:
            raise Refused(400, "Failed to send messages")
        if way == "multicast":
            to = body.get("to")
            if not isinstance(to, list) or not 1 <= len(to) <= 500:
                raise wrong(("to", "Size must be between 1 and 500"))
            if not all(re.fullmatch(r"U[0-9a-f]{32}", str(one)) for one in to):
                raise Refused(400, "The property, 'to', in the request body is invalid (line: -, column: -)")
        if way in ("broadcast", "narrowcast") and self._this_hour(account, way) >= AN_HOUR:
            raise Refused(429, BUSY)
        limit, used = self.settings.get("limit"), int(self.settings.get("used", 0))
        wanted = self._people(account, way, body)
        if limit is not None and used + wanted > limit:
            raise Refused(429, "You have reached your monthly limit.")
        self.settings["used"] = used + wanted

    def _people(self, account: str, way: str, body: dict[str, Any]) -> int:
        friends = self.platform.numbers(people.user_id(account)).get("followers", 1)
        return {"push": 1, "multicast": len(body.get("to") or ()), "narrowcast": 0}.get(way, friends)

    def _this_hour(self, account: str, way: str) -> int:
        since = self.platform.clock().timestamp() - 3600
        mine = (i for i in self.platform.items.values() if i.author == account and i.extra.get("way") == way)
        return sum(datetime.fromisoformat(i.at).timestamp() > since for i in mine)

    def _store(
        self, account: str, way: str, body: dict[str, Any], messages: list[dict[str, Any]], request: str
    ) -> dict[str, Any]:
        if way == "narrowcast":
            moment = self.platform.clock().isoformat(timespec="milliseconds").replace("+00:00", "Z")
            self.jobs[request] = {"account": account, "body": body, "asked": 0, "accepted": moment}
            return {}
        if way == "push":
            number = self.platform.next_id()
            thread = people.person_behind(self.platform, str(body["to"])) or ""
            item = self._item(number, account, messages, way)
            item.kind, item.root = "message", thread
            self.platform.add(item)
            return {"sentMessages": [{"id": number, "quoteToken": f"q{number}"}]}
        self.platform.add(self._item(request, account, messages, way))
        return {}

    def _item(self, number: str, account: str, messages: list[dict[str, Any]], way: str) -> Item:
        text = "\n".join(one["text"] for one in messages if one["type"] == "text")
        media = [{"url": one["originalContentUrl"]} for one in messages if one["type"] != "text"]
        at = self.platform.clock().isoformat()
        return Item(
            number, account, text, at, author_name=people.title(account), media=media, extra={"way": way}
        )

    async def progress(self, request: web.Request) -> web.Response:
        """A narrowcast is waiting, then sending, then done; or failed where too few people fit."""
        account, wanted = self.tokens.account(request), request.query.get("requestId", "")
        job = self.jobs.get(wanted)
        if job is None or job["account"] != account:
            raise Refused(404, "Not found")
        phase = PHASES[min(job["asked"], 2)]
        job["asked"] += 1
        told: dict[str, Any] = {"phase": phase, "acceptedTime": job["accepted"]}
        if phase != "succeeded":
            return web.json_response(told)
        told["completedTime"] = job["accepted"]
        friends = int(self.settings.get("friends", 100))
        if friends < SMALLEST:
            audience = "recipient" in job["body"]
            told |= {
                "phase": "failed",
                "errorCode": 4 if audience else 2,
                "failedDescription": "not enough recipients",
            }
            return web.json_response(told)
        told |= {"successCount": friends, "failureCount": 0, "targetCount": friends}
        self.platform.add(self._item(wanted, account, job["body"]["messages"], "narrowcast"))
        return web.json_response(told)


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read())
    except ValueError as error:
        message = "The request body could not be parsed as JSON (line: 1, column: 1)"
        raise Refused(400, message) from error
    if not isinstance(body, dict):
        raise Refused(400, "The request body could not be parsed as JSON (line: 1, column: 1)")
    return body


def _is_uuid(key: str) -> bool:
    try:
        UUID(key)
    except ValueError:
        return False
    return True
