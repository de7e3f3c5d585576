"""Statistics as LINE tells them: null where fewer than 20 people are behind a number, friends by day."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Item, Platform
from kitestring.connectors.line.emulated import people
from kitestring.connectors.line.emulated.answers import Refused, wrong
from kitestring.connectors.line.emulated.tokens import Tokens

FEWEST = 20
TOKYO = timezone(timedelta(hours=9))
PLAYED = tuple(
    f"{who}layed{part}"
    for who in ("mediaP", "uniqueMediaP")
    for part in ("", "25Percent", "50Percent", "75Percent", "100Percent")
)


class Insight:
    def __init__(self, platform: Platform, tokens: Tokens) -> None:
        self.platform, self.tokens = platform, tokens
        self.settings: dict[str, Any] = platform.memory.setdefault("line", {})

    async def message(self, request: web.Request) -> web.Response:
        account = self.tokens.account(request)
        item = self.platform.items.get(request.query.get("requestId", ""))
        if item is None or item.author != account or item.kind != "post":
            raise Refused(404, "Not found")
        return web.json_response(self._told(item))

    def _told(self, item: Item) -> dict[str, Any]:
        views = item.counts.get("views", 0)
        opened = item.counts.get("reach", views)
        overview = {
            "requestId": item.id,
            "timestamp": int(datetime.fromisoformat(item.at).timestamp()),
            "delivered": self.platform.numbers(people.user_id(item.author)).get("followers", 0),
            "uniqueImpression": self._of_people(opened),
            "uniqueClick": self._of_people(item.counts.get("clicks", 0)),
            "uniqueMediaPlayed": None,
            "uniqueMediaPlayed100Percent": None,
        }
        bubble = {"seq": 1, "impression": self._of_people(views, opened), **dict.fromkeys(PLAYED)}
        return {"overview": overview, "messages": [bubble], "clicks": []}

    def _of_people(self, number: int, people_behind: int | None = None) -> int | None:
        behind = number if people_behind is None else people_behind
        return number if self.settings.get("tells_few") or min(number, behind) >= FEWEST else None

    async def followers(self, request: web.Request) -> web.Response:
        account, day = self.tokens.account(request), request.query.get("date", "")
        if len(day) != 8 or not day.isdecimal():
            raise wrong(("date", "Must match yyyyMMdd"))
        today = self.platform.clock().astimezone(TOKYO).strftime("%Y%m%d")
        if day >= today:
            return web.json_response({"status": "unready"})
        numbers = self.platform.numbers(people.user_id(account))
        friends = numbers.get("followers", 0)
        reached = numbers.get("reach", friends)
        told = {"status": "ready", "followers": friends, "targetedReaches": reached, "blocks": 0}
        return web.json_response(told)
