"""Bluesky for tests and the demo: one address that is server (PDS) and network view (AppView) at once.

Accounts are made when first asked for; the app password of `name` is "app-" + name.
"""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Faults, Item, Manners, Platform, stores, takes_files
from kitestring.connectors.bluesky.emulated.accounts import ACCESS, REFRESH, Accounts
from kitestring.connectors.bluesky.emulated.records import Invalid, check_record, check_rkey, cid_of
from kitestring.connectors.bluesky.emulated.views import Views

POST = "app.bsky.feed.post"
COSTS = {"create": 3, "update": 2, "delete": 1}
WORDS = {"ExpiredToken": "Token has expired", "InvalidToken": "Token could not be verified"}  # recorded
UPLOAD_LIMIT = 5_242_880  # recorded: describeServer of a real PDS


def answers(base_url: str, account_name: str) -> dict[str, str]:
    """What a person types to connect the account `account_name` here."""
    return {"url": base_url, "handle": f"{account_name}.test", "app_password": f"app-{account_name}"}


def lose_files(platform: Platform) -> None:
    """Clear away what no record names, as a server does in its own time."""
    platform.memory.get("blobs", {}).clear()


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The AT protocol's calls that our connector uses, over this platform."""
    server = _Server(platform)
    manners = Manners(
        busy=lambda: _refuse(429, "RateLimitExceeded", "Rate Limit Exceeded"),
        unauthorized=lambda: _refuse(400, "InvalidToken", "Token could not be verified"),
        broken=lambda: _refuse(500, "InternalServerError", "Internal Server Error"),
    )
    app = web.Application(
        middlewares=[(faults or Faults()).middleware(manners), _refusals], client_max_size=60_000_000
    )
    for method, handler in server.queries().items():
        app.router.add_get(f"/xrpc/{method}", handler)
    for method, handler in server.procedures().items():
        app.router.add_post(f"/xrpc/{method}", handler)
    return app


class _Refusal(Exception):
    def __init__(self, status: int, name: str, message: str) -> None:
        super().__init__(message)
        self.answer = _refuse(status, name, message)


def _refuse(status: int, name: str, message: str) -> web.Response:
    return web.json_response({"error": name, "message": message}, status=status)


@web.middleware
async def _refusals(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        answer: web.StreamResponse = await handler(request)
    except _Refusal as refusal:
        return refusal.answer
    except Invalid as error:
        return _refuse(400, error.name, str(error))
    except web.HTTPNotFound:
        return _refuse(501, "MethodNotImplemented", "Method Not Implemented")
    return answer


class _Server:
    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.accounts = Accounts(platform)
        self.views = Views(platform, self.accounts)
        self.blobs: dict[str, Any] = platform.memory.setdefault("blobs", {})

    def queries(self) -> dict[str, Any]:
        return {
            "com.atproto.repo.getRecord": self.get_record,
            "com.atproto.identity.resolveHandle": self.resolve_handle,
            "app.bsky.actor.getProfile": self.get_profile,
            "app.bsky.feed.getPosts": self.get_posts,
            "app.bsky.feed.getPostThread": self.get_thread,
        }

    def procedures(self) -> dict[str, Any]:
        return {
            "com.atproto.server.createSession": self.create_session,
            "com.atproto.server.refreshSession": self.refresh_session,
            "com.atproto.repo.putRecord": self.put_record,
            "com.atproto.repo.createRecord": self.put_record,
            "com.atproto.repo.deleteRecord": self.delete_record,
            "com.atproto.repo.uploadBlob": self.upload_blob,
        }

    def _who(self, request: web.Request, kind: str = ACCESS) -> str:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token:
            raise _Refusal(401, "AuthMissing", "Authentication Required")
        did, trouble = self.accounts.holder(token, kind)
        if trouble:
            raise _Refusal(400, trouble, WORDS[trouble])
        return did

    async def _body(self, request: web.Request) -> dict[str, Any]:
        try:
            body = json.loads(await request.read())
        except ValueError as error:
            raise Invalid("Input must be JSON") from error
        if not isinstance(body, dict):
            raise Invalid("Input must be an object")
        return body

    async def create_session(self, request: web.Request) -> web.Response:
        body = await self._body(request)
        did = self.accounts.login(str(body.get("identifier", "")), str(body.get("password", "")))
        if not did:
            raise _Refusal(401, "AuthenticationRequired", "Invalid identifier or password")
        if not self.accounts.may_log_in(did):
            raise _Refusal(429, "RateLimitExceeded", "Rate Limit Exceeded")
        return web.json_response(self.accounts.session(did))

    async def refresh_session(self, request: web.Request) -> web.Response:
        return web.json_response(self.accounts.session(self._who(request, REFRESH)))

    @stores
    async def put_record(self, request: web.Request) -> web.Response:
        did, body = self._who(request), await self._body(request)
        if body.get("repo") not in (did, self.accounts.handle(did)):
            raise _Refusal(400, "InvalidRequest", "Could not find repo")
        if body.get("collection") != POST:
            raise Invalid("This emulator keeps posts only")
        rkey = str(body.get("rkey") or self.accounts.next_tid())
        check_rkey(rkey)
        record = check_record(body.get("record"), self.blobs)
        uri, cid = f"at://{did}/{POST}/{rkey}", cid_of(record)
        there = self.platform.items.get(uri)
        if there and "swapRecord" in body and body["swapRecord"] != there.extra["cid"]:
            raise _Refusal(400, "InvalidSwap", f"Record was at {there.extra['cid']}")
        if there and request.path.endswith("createRecord"):
            raise Invalid("Record already exists")
        if not self.accounts.spend(did, COSTS["update" if there else "create"]):
            raise _Refusal(429, "RateLimitExceeded", "Rate Limit Exceeded")
        if there:
            there.text, there.extra = record["text"], {"record": record, "cid": cid}
        else:
            self._store(uri, did, record, cid)
        return web.json_response({"uri": uri, "cid": cid, "validationStatus": "valid"})

    def _store(self, uri: str, did: str, record: dict[str, Any], cid: str) -> None:
        reply = record.get("reply") or {}
        parent = self.views.find(str((reply.get("parent") or {}).get("uri", "")))
        root = self.views.find(str((reply.get("root") or {}).get("uri", "")))
        images = (record.get("embed") or {}).get("images") or []
        media = [
            {"cid": i["image"]["ref"]["$link"], "alt": i.get("alt", ""), "mime": i["image"]["mimeType"]}
            for i in images
        ]
        self.platform.add(
            Item(
                uri,
                did,
                record["text"],
                self.platform.clock().isoformat(),
                parent=parent.id if parent else "",
                root=(root.id if root else "") if parent else "",
                author_name=self.accounts.handle(did),
                media=media,
                extra={"record": record, "cid": cid},
            )
        )

    async def delete_record(self, request: web.Request) -> web.Response:
        did, body = self._who(request), await self._body(request)
        self.platform.remove(f"at://{did}/{body.get('collection')}/{body.get('rkey')}")
        return web.json_response({})

    @takes_files
    async def upload_blob(self, request: web.Request) -> web.Response:
        self._who(request)
        data = await request.read()
        if len(data) > UPLOAD_LIMIT:
            raise _Refusal(413, "PayloadTooLarge", "request entity too large")
        cid = cid_of(data)
        self.blobs[cid] = {"size": len(data), "mime": request.content_type}
        blob = {
            "$type": "blob",
            "ref": {"$link": cid},
            "mimeType": request.content_type,
            "size": len(data),
        }
        return web.json_response({"blob": blob})

    async def get_record(self, request: web.Request) -> web.Response:
        q = request.query
        uri = f"at://{q.get('repo')}/{q.get('collection')}/{q.get('rkey')}"
        item = self.platform.items.get(uri)
        if item is None:
            raise _Refusal(400, "RecordNotFound", f"Could not locate record: {uri}")
        return web.json_response({"uri": uri, "cid": item.extra["cid"], "value": item.extra["record"]})

    async def resolve_handle(self, request: web.Request) -> web.Response:
        handle = request.query.get("handle", "")
        did = self.accounts.did(handle) or self.views.did_of_author(handle)
        if not did:
            raise _Refusal(400, "HandleNotFound", "Unable to resolve handle")
        return web.json_response({"did": did})

    async def get_profile(self, request: web.Request) -> web.Response:
        did = request.query.get("actor", "")
        handle = self.accounts.handle(did)
        if not handle:
            raise Invalid("Profile not found")
        return web.json_response({"did": did, "handle": handle, "displayName": handle.partition(".")[0]})

    async def get_posts(self, request: web.Request) -> web.Response:
        self._who(request)
        uris = request.query.getall("uris", [])
        if not 0 < len(uris) <= 25:
            raise Invalid("Error: uris must have between 1 and 25 elements")
        found = [item for uri in uris if (item := self.views.find(uri))]
        return web.json_response({"posts": [self.views.post(item) for item in found]})

    async def get_thread(self, request: web.Request) -> web.Response:
        self._who(request)
        uri = request.query.get("uri", "")
        item = self.views.find(uri)
        if item is None:
            raise _Refusal(400, "NotFound", f"Post not found: {uri}")
        depth = min(int(request.query.get("depth", "6")), 1000)
        return web.json_response({"thread": self.views.thread(item, depth)})
