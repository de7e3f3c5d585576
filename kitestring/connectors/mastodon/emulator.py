"""A Mastodon server for tests and the demo. Accounts are made when first asked for.

The token of `name` is "token-" + name; by consent the server's own desk gives one.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from aiohttp import web

from kitestring.connectorkit.counting import count
from kitestring.connectorkit.emulation import Faults, Item, Manners, Platform, stores, takes_files
from kitestring.connectors.mastodon.emulated.desk import Desk
from kitestring.connectors.mastodon.emulated.entities import FILES, LETTERS, URL_WEIGHT, Entities, instance
from kitestring.connectors.mastodon.emulated.people import People
from kitestring.connectors.mastodon.emulated.polls import poll_of

KEPT = 3600  # seconds an Idempotency-Key is remembered, as github.com/mastodon/documentation says
DOMAIN = "mastodon.test"


def answers(base_url: str, account_name: str) -> dict[str, str]:
    """What a person types to connect the account `account_name` here."""
    return {"url": base_url, "access_token": f"token-{account_name}"}


def lose_files(platform: Platform) -> None:
    """Clear away what no post shows, as the server does after about a day."""
    platform.memory.get("files", {}).clear()


def forget_apps(platform: Platform) -> None:
    """Clear away the registered apps, as a server does with those that nobody uses."""
    platform.memory.get("apps", {}).clear()


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The REST calls that our connector uses, over this platform."""
    server = _Server(platform)
    manners = Manners(
        busy=lambda: _refuse(429, "Too many requests"),
        unauthorized=lambda: _refuse(401, "The access token was revoked"),
        broken=lambda: _refuse(500, "We're sorry, but something went wrong on our end."),
    )
    app = web.Application(
        middlewares=[(faults or Faults()).middleware(manners), _refusals, _at_home(server)],
        client_max_size=120_000_000,
    )
    app.router.add_get("/.well-known/oauth-authorization-server", server.desk.describe)
    app.router.add_post("/api/v1/apps", server.desk.register)
    app.router.add_route("*", "/oauth/authorize", server.desk.page)
    app.router.add_post("/oauth/token", server.desk.token)
    app.router.add_post("/oauth/revoke", server.desk.revocation)
    app.router.add_get("/api/v2/instance", server.instance)
    app.router.add_get("/api/v1/accounts/verify_credentials", server.me)
    app.router.add_get("/api/v1/accounts/{id}/statuses", server.timeline)
    app.router.add_post("/api/v2/media", server.upload)
    app.router.add_get("/api/v1/media/{id}", server.media)
    app.router.add_post("/api/v1/statuses", server.post)
    app.router.add_get("/api/v1/statuses", server.several)
    app.router.add_get("/api/v1/statuses/{id}", server.one)
    app.router.add_put("/api/v1/statuses/{id}", server.edit)
    app.router.add_post("/api/v1/statuses/{id}/{deed:favourite|unfavourite}", server.favour)
    app.router.add_get("/api/v1/notifications", server.notifications)
    app.router.add_get("/api/v1/conversations", server.conversations)
    app.router.add_get("/api/v1/apps/verify_credentials", server.application)
    app.router.add_delete("/api/v1/statuses/{id}", server.delete)
    app.router.add_get("/api/v1/statuses/{id}/context", server.context)
    app.router.add_get("/api/v1/statuses/{id}/source", server.source)
    return app


class _Refusal(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.answer = _refuse(status, message)


def _refuse(status: int, message: str) -> web.Response:
    return web.json_response({"error": message}, status=status)


@web.middleware
async def _refusals(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        answer: web.StreamResponse = await handler(request)
    except _Refusal as refusal:
        return refusal.answer
    except web.HTTPNotFound:
        return _refuse(404, "Record not found")
    return answer


def _at_home(server: _Server) -> Any:
    """A post's page is where the emulator answers: a reader of the demo can open it."""

    @web.middleware
    async def show(request: web.Request, handler: Any) -> web.StreamResponse:
        server.entities.home = str(request.url.origin())
        answer: web.StreamResponse = await handler(request)
        return answer

    return show


class _Server:
    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.entities = Entities(platform, DOMAIN)
        self.people = People(platform, self.entities)
        self.desk = Desk(platform)
        self.keys: dict[str, Any] = platform.memory.setdefault("keys", {})
        self.files: dict[str, Any] = platform.memory.setdefault("files", {})

    def _who(self, request: web.Request) -> str:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        name = self.desk.account(token) or token.removeprefix("token-")
        if name == token:
            raise _Refusal(401, "The access token is invalid")
        seen: list[str] = self.platform.memory.setdefault("accounts", [])
        if name not in seen:
            seen.append(name)
        return name

    def _given(self, request: web.Request) -> list[str]:
        """What its application was given: "read" and "write" of a pasted token, unless a test says otherwise."""
        name, told = self._who(request), self.platform.memory.get("scopes", {})
        agreed = self.desk.scopes_of(request.headers["Authorization"].removeprefix("Bearer "))
        return list(told.get(name) or agreed or ["read", "write"])

    def _may(self, request: web.Request, scope: str) -> str:
        """Whose token it is that may do this."""
        if not {scope, scope.partition(":")[0]} & set(self._given(request)):
            raise _Refusal(403, "This action is outside the authorized scopes")
        return self._who(request)

    def _item(self, item_id: str) -> Item:
        item = self.platform.items.get(item_id)
        if item is None or not item.visible:
            raise _Refusal(404, "Record not found")
        return item

    async def instance(self, request: web.Request) -> web.Response:
        return web.json_response(instance(DOMAIN))

    async def me(self, request: web.Request) -> web.Response:
        return web.json_response(self.entities.credentials(self._may(request, "read:accounts")))

    @takes_files
    async def upload(self, request: web.Request) -> web.Response:
        """Pictures are ready at once; a video after it has been asked for twice."""
        name, form = self._may(request, "write:media"), await request.post()
        file = form.get("file")
        if not isinstance(file, web.FileField):
            raise _Refusal(422, "Validation failed: File can't be blank")
        if not file.content_type.startswith(("image/", "video/")):
            raise _Refusal(422, "Validation failed: File content type is invalid")
        media_id = self.platform.next_id()
        self.files[media_id] = {
            "owner": name,
            "mime": file.content_type,
            "alt": str(form.get("description") or ""),
            "waits": 2 if file.content_type.startswith("video/") else 0,
        }
        ready = not self.files[media_id]["waits"]
        return web.json_response(self.entities.file(media_id, ready), status=200 if ready else 202)

    async def media(self, request: web.Request) -> web.Response:
        self._may(request, "write:media")
        found = self.files.get(request.match_info["id"])
        if found is None or found.get("shown"):  # what a post shows is found no more, as on the real server
            raise _Refusal(404, "Record not found")
        found["waits"] = max(0, found["waits"] - 1)
        ready = not found["waits"]
        body = self.entities.file(request.match_info["id"], ready)
        return web.json_response(body, status=200 if ready else 206)

    @stores
    async def post(self, request: web.Request) -> web.Response:
        """As the real service: the key first, then what is wrong with the post, then the post."""
        name, body = self._may(request, "write:statuses"), await self._body(request)
        key = request.headers.get("Idempotency-Key", "")
        if key and (known := self._remembered(name, key)):
            return web.json_response(self.entities.status(known))
        text, ids = str(body.get("status") or ""), [str(i) for i in body.get("media_ids") or []]
        self._check(name, text, ids, str(body.get("spoiler_text") or ""))
        parent = str(body.get("in_reply_to_id") or "")
        if parent and parent not in self.platform.items:
            raise _Refusal(404, "Record not found")
        item = self.platform.add(self._made(name, text, body, ids, self.platform.items.get(parent)))
        for file in ids:
            self.files[file]["shown"] = True
        if key:
            self.keys[f"{name}:{key}"] = {"id": item.id, "at": self.platform.clock().timestamp()}
        return web.json_response(self.entities.status(item))

    def _made(self, name: str, text: str, body: dict[str, Any], ids: list[str], above: Item | None) -> Item:
        number, at = self.platform.next_id(), self.platform.clock()
        try:
            poll = poll_of(number, body.get("poll"), ids, at)
        except ValueError as error:
            raise _Refusal(422, str(error)) from error
        extra = {
            "language": body.get("language"),
            "visibility": body.get("visibility", "public"),
            "files": ids,
            "spoiler_text": body.get("spoiler_text") or "",
            "sensitive": bool(body.get("sensitive") or body.get("spoiler_text")),
            "quoting": body.get("quote_approval_policy"),
            "poll": poll,
        }
        media = [{"id": i, "mime": self.files[i]["mime"], "alt": self.files[i]["alt"]} for i in ids]
        item = Item(number, name, text, at.isoformat(), above.id if above else "")
        item.author_name, item.media, item.extra = self.entities.title(name), media, extra
        if extra["visibility"] == "direct":
            item.kind, item.root = "message", above.root if above and above.kind == "message" else number
        return item

    async def edit(self, request: web.Request) -> web.Response:
        """What is not named again is taken off the post (update_status_service.rb): files, a poll."""
        name, item, body = self._who(request), self._mine(request), await self._body(request)
        ids = [str(i) for i in body.get("media_ids") or []]
        text, warning = str(body.get("status") or ""), str(body.get("spoiler_text") or "")
        self._check(name, text, ids, warning)
        for told in body.get("media_attributes") or []:
            if str(told.get("id")) in ids:
                self.files[str(told["id"])]["alt"] = str(told.get("description") or "")
        item.text, item.media = (
            text,
            [{"id": i, "mime": self.files[i]["mime"], "alt": self.files[i]["alt"]} for i in ids],
        )
        at = self.platform.clock().isoformat().replace("+00:00", "Z")
        item.extra |= {"files": ids, "spoiler_text": warning, "poll": None, "edited_at": at}
        item.extra |= {"sensitive": bool(body.get("sensitive") or warning)}
        item.extra |= {"language": body.get("language") or item.extra.get("language")}
        return web.json_response(self.entities.status(item))

    def _mine(self, request: web.Request) -> Item:
        name, item = self._may(request, "write:statuses"), self._item(request.match_info["id"])
        if item.author != name:
            raise _Refusal(404, "Record not found")
        return item

    async def favour(self, request: web.Request) -> web.Response:
        self._may(request, "write:favourites")
        item = self._item(request.match_info["id"])
        item.extra["liked"] = request.match_info["deed"] == "favourite"
        return web.json_response(self.entities.status(item))

    async def notifications(self, request: web.Request) -> web.Response:
        name = self._may(request, "read:notifications")
        return web.json_response(self.people.notifications(name, request.query))

    async def conversations(self, request: web.Request) -> web.Response:
        name = self._may(request, "read:statuses")
        return web.json_response(self.people.conversations(name, request.query))

    async def application(self, request: web.Request) -> web.Response:
        """The application of the token (entities/Application)."""
        scopes = self._given(request)
        out_of_band = "urn:ietf:wg:oauth:2.0:oob"
        told = {"id": "7", "name": "Kitestring", "website": None, "scopes": scopes, "vapid_key": ""}
        return web.json_response({**told, "redirect_uri": out_of_band, "redirect_uris": [out_of_band]})

    async def _body(self, request: web.Request) -> dict[str, Any]:
        try:
            body = json.loads(await request.read())
        except ValueError as error:
            raise _Refusal(400, "Bad request") from error
        return body if isinstance(body, dict) else {}

    def _remembered(self, name: str, key: str) -> Item | None:
        kept = self.keys.get(f"{name}:{key}")
        if kept and kept["at"] > self.platform.clock().timestamp() - KEPT:
            return self.platform.items.get(kept["id"])
        return None

    def _check(self, name: str, text: str, ids: list[str], warning: str = "") -> None:
        if not text.strip() and not ids:
            raise _Refusal(422, "Validation failed: Text can't be blank")
        if count(f"{warning}{text}", "grapheme", url_weight=URL_WEIGHT, mentions_without_host=True) > LETTERS:
            raise _Refusal(422, f"Validation failed: Text character limit of {LETTERS} exceeded")
        if len(ids) > FILES:
            raise _Refusal(422, "Validation failed: Cannot attach more than 4 files")
        if any(i not in self.files or self.files[i]["owner"] != name for i in ids):
            raise _Refusal(422, "Validation failed: Media not found")
        if len(ids) > 1 and any(self.files[i]["mime"].startswith("video/") for i in ids):
            raise _Refusal(422, "Cannot attach a video to a post that already contains images")
        if any(self.files[i]["waits"] for i in ids):
            raise _Refusal(
                422, "Cannot attach files that have not finished processing. Try again in a moment!"
            )

    async def several(self, request: web.Request) -> web.Response:
        if self.platform.memory.get("before_4_3"):
            raise _Refusal(404, "Record not found")
        self._may(request, "read:statuses")
        wanted = request.query.getall("id[]", [])[:20]
        items = [self.platform.items[i] for i in wanted if i in self.platform.items]
        return web.json_response([self.entities.status(item) for item in items])

    async def one(self, request: web.Request) -> web.Response:
        self._may(request, "read:statuses")
        return web.json_response(self.entities.status(self._item(request.match_info["id"])))

    async def delete(self, request: web.Request) -> web.Response:
        item = self._mine(request)
        gone = {**self.entities.status(item), "text": item.text}
        self.platform.remove(item.id)
        return web.json_response(gone)

    async def context(self, request: web.Request) -> web.Response:
        self._may(request, "read:statuses")
        item = self._item(request.match_info["id"])
        if item.kind == "message":
            parts = [[self.entities.status(one) for one in part] for part in self.people.around(item)]
            return web.json_response({"ancestors": parts[0], "descendants": parts[1]})
        below = [i for i in self.platform.comments(item.root or item.id) if i.visible]
        if item.parent:
            below = [i for i in below if self._descends(i, item.id)]
        shown = {"ancestors": self._above(item), "descendants": below}
        return web.json_response(
            {part: [self.entities.status(one) for one in items] for part, items in shown.items()}
        )

    def _above(self, item: Item) -> list[Item]:
        """What it answers, the first of the thread first."""
        above = self.platform.items.get(item.parent)
        return [] if above is None or not above.visible else [*self._above(above), above]

    def _descends(self, item: Item, above: str) -> bool:
        parent = self.platform.items.get(item.parent)
        return item.parent == above or bool(parent and self._descends(parent, above))

    async def source(self, request: web.Request) -> web.Response:
        self._may(request, "read:statuses")
        item = self._item(request.match_info["id"])
        return web.json_response(
            {"id": item.id, "text": item.text, "spoiler_text": item.extra.get("spoiler_text") or ""}
        )

    async def timeline(self, request: web.Request) -> web.Response:
        self._may(request, "read:statuses")
        wanted = request.match_info["id"]
        mine = [
            i for i in self.platform.items.values() if self.entities.number(i.author) == wanted and i.visible
        ]
        mine.sort(key=lambda i: datetime.fromisoformat(i.at), reverse=True)
        most = min(int(request.query.get("limit", "20")), 40)
        return web.json_response([self.entities.status(item) for item in mine[:most]])
