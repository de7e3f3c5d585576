"""What is read of an account, and what is done with comments: nodes, lists, insights, talks, hiding, deleting."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Item, stores
from kitestring.connectors.instagram.emulated.containers import Containers
from kitestring.connectors.instagram.emulated.world import World
from kitestring.connectors.instagram.metrics import PRODUCTS
from kitestring.providers.meta.emulated.desk import Login, number
from kitestring.providers.meta.emulated.fields import paged, parse, pick
from kitestring.providers.meta.emulated.refusals import Refusal, not_there
from kitestring.providers.meta.emulated.requests import told
from kitestring.providers.meta.emulated.talks import Talks

COMMENT = 2200
ACCOUNT = {"views", "reach", "profile_views"}


class Reading:
    def __init__(self, world: World, login: Login, containers: Containers) -> None:
        self.world, self.login, self.containers = world, login, containers
        self.talks = Talks(world.platform)

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/{version}/{id}/media", self.media)
        app.router.add_get("/{version}/{id}/stories", self.stories)
        app.router.add_get("/{version}/{id}/tags", self.tags)
        app.router.add_get("/{version}/{id}/conversations", self.conversations)
        app.router.add_post("/{version}/{id}/messages", self.message)
        app.router.add_get("/{version}/{id}/comments", self.comments)
        app.router.add_get("/{version}/{id}/replies", self.comments)
        app.router.add_post("/{version}/{id}/comments", self.comment)
        app.router.add_post("/{version}/{id}/replies", self.comment)
        app.router.add_get("/{version}/{id}/insights", self.insights)
        app.router.add_get("/{version}/{id}", self.node)
        app.router.add_post("/{version}/{id}", self.hide)
        app.router.add_delete("/{version}/{id}", self.delete)

    async def node(self, request: web.Request) -> web.Response:
        """Whatever has this id: the account, its Page, a container, a talk, a post, a comment."""
        name, object_id = self.login.who(request), request.match_info["id"]
        ig = number("ig", name)
        entity: dict[str, Any]
        if object_id == ig:
            entity = self.world.user(name)
        elif object_id in ("me", number("page", name)):
            entity = self.world.page(name)
        elif object_id in self.world.memory("containers"):
            entity = self.containers.entity(object_id)
        elif object_id.startswith("t_"):
            thread = self.talks.thread(ig, object_id)
            if thread is None:
                raise not_there(object_id)
            entity = self.talks.entity(ig, thread)
        else:
            item = self.world.item(object_id)
            entity = self.world.comment(item) if item.parent else self.world.media(item)
        return web.json_response(pick(entity, parse(request.query.get("fields", "id"))))

    async def media(self, request: web.Request) -> web.Response:
        name, _ = self.containers.own(request)
        return self._list(request, [self.world.media(item) for item in self.world.posts(name)])

    async def stories(self, request: web.Request) -> web.Response:
        name, _ = self.containers.own(request)
        return self._list(request, [self.world.media(item) for item in self.world.posts(name, stories=True)])

    async def tags(self, request: web.Request) -> web.Response:
        _, ig = self.containers.own(request)
        return self._list(request, self.world.tags(ig))

    async def conversations(self, request: web.Request) -> web.Response:
        _, ig = self.containers.own(request)
        if request.query.get("platform") != "instagram":
            return self._list(request, [])
        return self._list(request, self.talks.all(ig))

    async def comments(self, request: web.Request) -> web.Response:
        self.login.who(request)
        item = self.world.item(request.match_info["id"])
        return self._list(request, [self.world.comment(one) for one in self.world.below(item)])

    def _list(self, request: web.Request, rows: list[dict[str, Any]]) -> web.Response:
        query = request.query
        wanted = parse(query.get("fields", "id"))
        here = str(request.url.with_query(None))
        picked = [pick(row, wanted) for row in rows]
        return web.json_response(paged(picked, query.get("limit", "25"), query.get("after", ""), here))

    @stores
    async def message(self, request: web.Request) -> web.Response:
        name, ig = self.containers.own(request)
        form = await told(request)
        recipient = str(form.json("recipient", {}).get("id") or "")
        made = self.talks.send(ig, name, recipient, str(form.json("message", {}).get("text") or ""))
        return web.json_response({"recipient_id": recipient, "message_id": made.id})

    @stores
    async def comment(self, request: web.Request) -> web.Response:
        name = self.login.who(request)
        above = self.world.item(request.match_info["id"])
        form = await told(request)
        if not form["message"].strip() or len(form["message"]) > COMMENT:
            raise Refusal(100, "(#100) message is missing or too long")
        if above.parent and self.world.platform.items[above.parent].parent:
            raise Refusal(100, "(#100) You can only reply to top-level comments")
        made = Item(
            self.world.platform.next_id(),
            name,
            form["message"],
            self.world.platform.clock().isoformat(),
            parent=above.id,
            author_name=name,
            extra={"ig": number("ig", name)},
        )
        return web.json_response({"id": self.world.platform.add(made).id})

    async def hide(self, request: web.Request) -> web.Response:
        self.login.who(request)
        form = await told(request)
        item = self.world.item(request.match_info["id"])
        if not form["hide"] or not item.parent:
            raise Refusal(100, "(#100) The parameter hide is required")
        item.extra["hidden"] = form.flag("hide")
        return web.json_response({"success": True})

    async def delete(self, request: web.Request) -> web.Response:
        self.login.who(request)
        self.world.platform.remove(self.world.item(request.match_info["id"]).id)
        return web.json_response({"success": True})

    async def insights(self, request: web.Request) -> web.Response:
        name, object_id = self.login.who(request), request.match_info["id"]
        names = (await told(request))["metric"].split(",")
        if object_id == number("ig", name):
            return web.json_response({"data": self._of_account(object_id, names)})
        item = self.world.item(object_id)
        product = str(item.extra.get("product", "FEED"))
        for one in names:
            if one not in PRODUCTS[product]:
                words = f"(#100) Media Insights API does not support the {one} metric for this media product type."
                raise Refusal(100, words)
        return web.json_response({"data": [_row(object_id, one, self._count(item, one)) for one in names]})

    def _count(self, item: Item, name: str) -> int:
        if name in ("comments", "replies"):
            return len(self.world.platform.comments(item.id))
        if name == "reach":
            return item.counts.get("views", 0) * 4 // 5
        return item.counts.get({"saved": "saves"}.get(name, name), 0)

    def _of_account(self, ig: str, names: list[str]) -> list[dict[str, Any]]:
        if not set(names) <= ACCOUNT:
            raise Refusal(100, "(#100) The value must be a valid insights metric")
        known = self.world.platform.numbers(ig)
        return [
            {
                "name": name,
                "period": "day",
                "title": name.title(),
                "description": "",
                "total_value": {"value": known[name]},
                "id": f"{ig}/insights/{name}/day",
            }
            for name in names
            if name in known
        ]


def _row(object_id: str, name: str, value: int) -> dict[str, Any]:
    return {
        "name": name,
        "period": "lifetime",
        "values": [{"value": value}],
        "title": name.title(),
        "description": "",
        "id": f"{object_id}/insights/{name}/lifetime",
    }
