"""What puts things on a Page: pictures that nobody sees, drafts, the word that publishes, comments, deletions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Item, stores, takes_files
from kitestring.connectors.facebook.emulated.world import World
from kitestring.providers.meta.emulated.desk import Login, number
from kitestring.providers.meta.emulated.refusals import Refusal, not_there
from kitestring.providers.meta.emulated.requests import told

LONGEST = 63_206
COMMENT = 8_000
PICTURE = 10_000_000
PICTURES = {"image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff"}


def not_there_at_all(video: str) -> web.Response:
    raise not_there(video)


class Publishing:
    def __init__(self, world: World, login: Login) -> None:
        self.world, self.login = world, login
        self.publishes_video: Callable[[str], web.Response] = not_there_at_all

    def routes(self, app: web.Application) -> None:
        app.router.add_post("/{version}/{id}/photos", self.photo)
        app.router.add_post("/{version}/{id}/feed", self.feed)
        app.router.add_post("/{version}/{id}/comments", self.comment)
        app.router.add_post("/{version}/{id}", self.update)
        app.router.add_delete("/{version}/{id}", self.delete)

    def own_page(self, request: web.Request) -> tuple[str, str]:
        """(account, Page's id): a Page's token opens its own Page and no other."""
        name = self.login.who(request)
        page_id = number("page", name)
        if request.match_info["id"] not in (page_id, "me"):
            raise Refusal(
                200, "(#200) You do not have sufficient permissions to perform this action", status=403
            )
        self.world.memory("pages")[page_id] = name
        return name, page_id

    @takes_files
    async def photo(self, request: web.Request) -> web.Response:
        _, page_id = self.own_page(request)
        form = await told(request)
        file = form.files.get("source")
        if file is None:
            raise Refusal(324, "(#324) Requires upload file")
        if file.content_type not in PICTURES or len(file.file.read()) > PICTURE:
            raise Refusal(
                324, "(#324) Missing or invalid image file", user="Invalid image. It cannot be read."
            )
        if form.flag("temporary") and form.flag("published", default=True):
            raise Refusal(100, "(#100) A temporary photo cannot be published")
        photo_id = self.world.platform.next_id()
        self.world.memory("photos")[photo_id] = {
            "page": page_id,
            "mime": file.content_type,
            "alt": form["alt_text_custom"],
        }
        return web.json_response({"id": photo_id})

    async def feed(self, request: web.Request) -> web.Response:
        """A post that nobody sees (published=false); this emulator takes no other, since the connector sends no other."""
        name, page_id = self.own_page(request)
        form = await told(request)
        attached = form.json("attached_media", [])
        if not (form["message"].strip() or form["link"] or attached):
            raise Refusal(100, "(#100) Missing message or attachment")
        if len(form["message"]) > LONGEST:
            raise Refusal(100, f"(#100) Param message must be at most {LONGEST} characters long")
        photos = self.world.memory("photos")
        ids = [str(one.get("media_fbid")) for one in attached]
        if any(photo not in photos for photo in ids):
            raise Refusal(100, "(#100) The media fbid specified is invalid.")
        if form["link"] and ids:
            raise Refusal(100, "(#100) link and attached_media cannot be used together")
        if form.flag("published", default=True):
            raise Refusal(100, "(#100) Only unpublished posts are emulated")
        self._refuse_twice(name, form["message"])
        post_id = f"{page_id}_{self.world.platform.next_id()}"
        self.world.memory("drafts")[post_id] = {
            "author": name,
            "message": form["message"],
            "at": self.world.platform.clock().isoformat(),
            "media": [{"id": photo, **photos[photo]} for photo in ids],
            "link": form["link"],
            "sponsor": form["sponsor_id"],
        }
        return web.json_response({"id": post_id})

    def _refuse_twice(self, name: str, message: str) -> None:
        """As Facebook does for a while; switched on by a test, since the suite posts the same words again and again."""
        posts = self.world.platform.posts(name)
        if self.world.platform.memory.get("refuses_twice") and any(one.text == message for one in posts):
            raise Refusal(506, "(#506) Duplicate status message")

    @stores
    async def comment(self, request: web.Request) -> web.Response:
        name = self.login.who(request)
        above = self.world.item(request.match_info["id"])
        form = await told(request)
        if not form["message"].strip():
            raise Refusal(100, "(#100) Missing message or attachment")
        if len(form["message"]) > COMMENT:
            raise Refusal(100, f"(#100) Param message must be at most {COMMENT} characters long")
        root = self.world.platform.items[above.root] if above.root else above
        made = Item(
            f"{root.id.rpartition('_')[2]}_{self.world.platform.next_id()}",
            name,
            form["message"],
            self.world.platform.clock().isoformat(),
            parent=above.id,
            author_name=name,
            extra={"page": number("page", name)},
        )
        return web.json_response({"id": self.world.platform.add(made).id})

    @stores
    async def update(self, request: web.Request) -> web.Response:
        """A draft goes live; a post or comment changes its words; a comment is hidden."""
        name, object_id = self.login.who(request), request.match_info["id"]
        form = await told(request)
        drafts = self.world.memory("drafts")
        if object_id in drafts:
            if form.flag("is_published"):
                self._publish(object_id, drafts.pop(object_id))
            return web.json_response({"success": True})
        if object_id in self.world.memory("videos") and form.flag("published"):
            return self.publishes_video(object_id)
        item = self.world.item(object_id)
        if form["is_hidden"]:
            item.extra["hidden"] = form.flag("is_hidden")
        if form["message"]:
            if item.author != name:
                raise Refusal(200, "(#200) Permissions error", status=403)
            item.text = form["message"]
        return web.json_response({"success": True})

    def _publish(self, post_id: str, draft: dict[str, Any]) -> None:
        now = self.world.platform.clock().isoformat()
        extra = {
            "page": number("page", draft["author"]),
            "link": draft["link"],
            "sponsor": draft["sponsor"],
        }
        made = Item(
            post_id, draft["author"], draft["message"], now, author_name=draft["author"], media=draft["media"]
        )
        made.extra = extra
        self.world.platform.add(made)

    async def delete(self, request: web.Request) -> web.Response:
        self.login.who(request)
        object_id = request.match_info["id"]
        if self.world.memory("drafts").pop(object_id, None) is None:
            item = self.world.item(object_id)
            if item.kind == "mention":
                raise not_there(object_id)
            self.world.platform.remove(item.id)
        return web.json_response({"success": True})
