"""What is read of an account: the profile, posts, answers, mentions, insights; and the hiding of answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Item
from kitestring.connectors.threads.emulated.login import Login
from kitestring.connectors.threads.emulated.publishing import Publishing
from kitestring.connectors.threads.emulated.world import World
from kitestring.providers.meta.emulated.desk import number
from kitestring.providers.meta.emulated.fields import paged, parse, pick
from kitestring.providers.meta.emulated.refusals import Refusal
from kitestring.providers.meta.emulated.requests import told
from kitestring.providers.meta.emulated.talks import written

POST = {"views", "likes", "replies", "reposts", "quotes", "shares"}
ACCOUNT = {"views", "likes", "replies", "reposts", "quotes", "clicks", "followers_count"}


class Reading:
    def __init__(self, world: World, login: Login, publishing: Publishing) -> None:
        self.world, self.login, self.publishing = world, login, publishing

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/{version}/me/threads", self.posts)
        app.router.add_get("/{version}/me/replies", self.replies)
        app.router.add_get("/{version}/me/mentions", self.mentions)
        app.router.add_get("/{version}/me/threads_insights", self.account)
        app.router.add_get("/{version}/{id}/conversation", self.conversation)
        app.router.add_get("/{version}/{id}/insights", self.insights)
        app.router.add_post("/{version}/{id}/manage_reply", self.hide)
        app.router.add_get("/{version}/{id}", self.node)

    async def node(self, request: web.Request) -> web.Response:
        name, object_id = self.login.who(request), request.match_info["id"]
        if object_id in ("me", number("threads", name)):
            entity = self.world.profile(name)
        elif object_id in self.world.memory("containers"):
            entity = self.publishing.entity(object_id)
        else:
            entity = self.world.post(self.world.item(object_id), name)
        return web.json_response(pick(entity, parse(request.query.get("fields", "id"))))

    async def posts(self, request: web.Request) -> web.Response:
        name = self.login.who(request)
        return self._list(request, name, self.world.own(name, answers=False))

    async def replies(self, request: web.Request) -> web.Response:
        name = self.login.who(request)
        return self._list(request, name, self.world.own(name, answers=True))

    async def mentions(self, request: web.Request) -> web.Response:
        name = self.login.who(request)
        own = number("threads", name)
        items = self.world.platform.items.values()
        rows = [i for i in items if i.kind == "mention" and i.extra.get("of") == own]
        return self._list(request, name, self.world.newest(rows))

    async def conversation(self, request: web.Request) -> web.Response:
        name = self.login.who(request)
        post = self.world.item(request.match_info["id"])
        rows = self.world.newest([i for i in self.world.platform.comments(post.id) if i.visible])
        if request.query.get("reverse", "true") == "false":
            rows.reverse()
        return self._list(request, name, rows)

    def _list(self, request: web.Request, name: str, rows: list[Item]) -> web.Response:
        query = request.query
        if since := query.get("since"):
            rows = [one for one in rows if _seconds(one) >= int(since)]
        picked = [pick(self.world.post(row, name), parse(query.get("fields", "id"))) for row in rows]
        here = str(request.url.with_query(None))
        return web.json_response(paged(picked, query.get("limit", "25"), query.get("after", ""), here))

    async def insights(self, request: web.Request) -> web.Response:
        self.login.who(request)
        item = self.world.item(request.match_info["id"])
        names = _asked(request, POST)
        counts = {**item.counts, "replies": len(self.world.platform.comments(item.id))}
        rows = [
            _row(item.id, name, {"values": [{"value": counts.get(name, 0)}]}, "lifetime") for name in names
        ]
        return web.json_response({"data": rows})

    async def account(self, request: web.Request) -> web.Response:
        own = number("threads", self.login.who(request))
        known = self.world.platform.numbers(own)
        end = written(self.world.platform.clock().isoformat())
        rows = []
        for name in _asked(request, ACCOUNT):
            value = known.get({"followers_count": "followers"}.get(name, name))
            if value is None:
                continue
            told_as: dict[str, Any] = {"total_value": {"value": value}}
            if name == "views":
                told_as = {"values": [{"value": value, "end_time": end}]}
            rows.append(_row(own, name, told_as, "day"))
        here = str(request.url.with_query(None))
        return web.json_response(
            {"data": rows, "paging": {"previous": f"{here}?until=1", "next": f"{here}?since=2"}}
        )

    async def hide(self, request: web.Request) -> web.Response:
        self.login.who(request)
        form = await told(request)
        item = self.world.item(request.match_info["id"])
        if not item.parent or not form["hide"]:
            raise Refusal(100, "(#100) Only replies can be hidden")
        item.extra["hidden"] = form.flag("hide")
        return web.json_response({"success": True})


def _asked(request: web.Request, known: set[str]) -> list[str]:
    names = request.query.get("metric", "").split(",")
    if not set(names) <= known:
        raise Refusal(100, "(#100) The value must be a valid insights metric")
    return names


def _row(object_id: str, name: str, told_as: dict[str, Any], period: str) -> dict[str, Any]:
    return {
        "name": name,
        "period": period,
        **told_as,
        "title": name.title(),
        "description": "",
        "id": f"{object_id}/insights/{name}/{period}",
    }


def _seconds(item: Item) -> float:
    """When it was, as the list is asked by it: whole seconds since 1970."""
    return float(datetime.fromisoformat(item.at).timestamp())
