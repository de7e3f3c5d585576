"""What is read of a Page: itself, a post, its comments, who tagged it, its talks, its numbers; and likes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import stores
from kitestring.connectors.facebook.emulated import insights
from kitestring.connectors.facebook.emulated.films import Films
from kitestring.connectors.facebook.emulated.publishing import Publishing
from kitestring.connectors.facebook.emulated.world import World
from kitestring.providers.meta.emulated.desk import Login, number
from kitestring.providers.meta.emulated.fields import paged, parse, pick
from kitestring.providers.meta.emulated.refusals import not_there
from kitestring.providers.meta.emulated.requests import told
from kitestring.providers.meta.emulated.talks import Talks


class Reading:
    def __init__(self, world: World, login: Login, publishing: Publishing, films: Films) -> None:
        self.world, self.login, self.publishing, self.films = world, login, publishing, films
        self.talks = Talks(world.platform)

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/{version}/{id}/comments", self.comments)
        app.router.add_get("/{version}/{id}/tagged", self.tagged)
        app.router.add_get("/{version}/{id}/conversations", self.conversations)
        app.router.add_post("/{version}/{id}/messages", self.message)
        app.router.add_get("/{version}/{id}/insights", self.insights)
        app.router.add_post("/{version}/{id}/likes", self.like)
        app.router.add_delete("/{version}/{id}/likes", self.like)
        app.router.add_get("/{version}/{id}", self.node)

    async def node(self, request: web.Request) -> web.Response:
        """Whatever has this id: the Page, a draft, a photo, a talk, a post, a comment."""
        name, object_id = self.login.who(request), request.match_info["id"]
        wanted = parse(request.query.get("fields", "id"))
        page_id = number("page", name)
        entity: dict[str, Any]
        if object_id in ("me", page_id):
            entity = self.world.page(name)
        elif draft := self.world.memory("drafts").get(object_id):
            entity = self.world.draft(object_id, draft)
        elif object_id in self.world.memory("photos"):
            entity = {"id": object_id}
        elif object_id in self.world.memory("videos"):
            entity = self.films.entity(object_id)
        elif object_id.startswith("t_"):
            thread = self.talks.thread(page_id, object_id)
            if thread is None:
                raise not_there(object_id)
            entity = self.talks.entity(page_id, thread)
        else:
            item = self.world.item(object_id)
            entity = self.world.comment(item) if item.parent else self.world.post(item)
        return web.json_response(pick(entity, wanted))

    async def comments(self, request: web.Request) -> web.Response:
        self.login.who(request)
        query = request.query
        item = self.world.item(request.match_info["id"])
        rows = self.world.below(item, everything=query.get("filter") == "stream")
        if since := query.get("since"):
            rows = [one for one in rows if datetime.fromisoformat(one.at).timestamp() >= int(since)]
        if query.get("order") == "reverse_chronological":
            rows.reverse()
        return self._list(request, [self.world.comment(one) for one in rows])

    async def tagged(self, request: web.Request) -> web.Response:
        _, page_id = self.publishing.own_page(request)
        return self._list(request, self.world.tagged(page_id))

    async def conversations(self, request: web.Request) -> web.Response:
        _, page_id = self.publishing.own_page(request)
        return self._list(request, self.talks.all(page_id))

    def _list(self, request: web.Request, rows: list[dict[str, Any]]) -> web.Response:
        query = request.query
        wanted = parse(query.get("fields", "id"))
        picked = [pick(row, wanted) for row in rows]
        here = str(request.url.with_query(None))
        return web.json_response(paged(picked, query.get("limit", "25"), query.get("after", ""), here))

    @stores
    async def message(self, request: web.Request) -> web.Response:
        name, page_id = self.publishing.own_page(request)
        form = await told(request)
        recipient = str(form.json("recipient", {}).get("id") or "")
        made = self.talks.send(page_id, name, recipient, str(form.json("message", {}).get("text") or ""))
        return web.json_response({"recipient_id": recipient, "message_id": made.id})

    async def insights(self, request: web.Request) -> web.Response:
        name, object_id = self.login.who(request), request.match_info["id"]
        form = await told(request)
        if object_id == number("page", name):
            rows = insights.of_page(self.world, object_id, form)
        else:
            rows = insights.of_post(self.world, self.world.item(object_id), form)
        return web.json_response({"data": rows})

    async def like(self, request: web.Request) -> web.Response:
        self.login.who(request)
        self.world.item(request.match_info["id"]).extra["liked"] = request.method == "POST"
        return web.json_response({"success": True})
