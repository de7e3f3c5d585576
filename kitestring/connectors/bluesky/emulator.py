"""Bluesky for tests and the demo: one address that is server (PDS), network view (AppView), chat and video service at once.

Accounts are made when first asked for. The app password of `name` is "app-" + name; "plain-" + name opens no private messages.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Faults, Manners, Platform
from kitestring.connectors.bluesky.emulated.desk import Desk, app_at, document_of
from kitestring.connectors.bluesky.emulated.films import Films
from kitestring.connectors.bluesky.emulated.records import Invalid
from kitestring.connectors.bluesky.emulated.repo import Repo
from kitestring.connectors.bluesky.emulated.talks import Talks
from kitestring.connectors.bluesky.emulated.world import Refusal, World, body_of, refuse


def answers(base_url: str, account_name: str) -> dict[str, str]:
    """What a person types to connect the account `account_name` here."""
    return {"url": base_url, "handle": f"{account_name}.test", "app_password": f"app-{account_name}"}


def app(base_url: str) -> dict[str, str]:
    """Our app as the emulated servers know it; for a way back on one's own machine none is needed."""
    return app_at(base_url)


def lose_files(platform: Platform) -> None:
    """Clear away what no record names, as a server does in its own time."""
    for name in ("blobs", "jobs"):
        platform.memory.get(name, {}).clear()


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The AT protocol's calls that our connector uses, over this platform."""
    world = World(platform)
    manners = Manners(
        busy=lambda: refuse(429, "RateLimitExceeded", "Rate Limit Exceeded"),
        unauthorized=lambda: refuse(400, "InvalidToken", "Token could not be verified"),
        broken=lambda: refuse(500, "InternalServerError", "Internal Server Error"),
    )
    made = web.Application(
        middlewares=[(faults or Faults()).middleware(manners), _refusals], client_max_size=120_000_000
    )
    Desk(world).add_to(made)
    parts: tuple[Any, ...] = (_Server(world), Repo(world), Talks(world), Films(world))
    for part in parts:
        for method, handler in part.queries().items():
            made.router.add_get(f"/xrpc/{method}", handler)
        for method, handler in part.procedures().items():
            made.router.add_post(f"/xrpc/{method}", handler)
    return made


@web.middleware
async def _refusals(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        answer: web.StreamResponse = await handler(request)
    except Refusal as refusal:
        return refusal.answer
    except Invalid as error:
        return refuse(400, error.name, str(error))
    except web.HTTPNotFound:
        return refuse(501, "MethodNotImplemented", "Method Not Implemented")
    return answer


class _Server:
    """Sessions, and what the network shows."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.platform, self.accounts, self.views = world.platform, world.accounts, world.views

    def queries(self) -> dict[str, Any]:
        return {
            "com.atproto.server.getSession": self.get_session,
            "com.atproto.identity.resolveHandle": self.resolve_handle,
            "app.bsky.actor.getProfile": self.get_profile,
            "app.bsky.feed.getPosts": self.get_posts,
            "app.bsky.feed.getPostThread": self.get_thread,
            "app.bsky.notification.listNotifications": self.notifications,
        }

    def procedures(self) -> dict[str, Any]:
        return {
            "com.atproto.server.createSession": self.create_session,
            "com.atproto.server.refreshSession": self.refresh_session,
        }

    async def create_session(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        did, opens = self.accounts.login(str(body.get("identifier", "")), str(body.get("password", "")))
        if not did:
            raise Refusal(401, "AuthenticationRequired", "Invalid identifier or password")
        if not self.accounts.may_log_in(did):
            raise Refusal(429, "RateLimitExceeded", "Rate Limit Exceeded")
        return web.json_response(self.accounts.session(did, opens))

    async def refresh_session(self, request: web.Request) -> web.Response:
        claims = self.world.token(request)
        if "opens" not in claims:
            raise Refusal(400, "InvalidToken", "Bad token scope")
        return web.json_response(self.accounts.session(str(claims["sub"]), str(claims["opens"])))

    async def get_session(self, request: web.Request) -> web.Response:
        did = self.world.who(request)
        document = document_of(self.world, did, request)
        told = {"did": did, "handle": self.accounts.handle(did), "didDoc": document}
        state = {"email": "owner@example.test", "emailConfirmed": True, "active": True}
        return web.json_response({**told, **state, **self.platform.memory.get("state", {}).get(did, {})})

    async def resolve_handle(self, request: web.Request) -> web.Response:
        handle = request.query.get("handle", "")
        if "Authorization" not in request.headers and handle.endswith(".test"):
            self.accounts.known(handle.lower())  # somebody is about to sign in
        did = self.accounts.did(handle) or self.views.did_of_author(handle)
        if not did:
            raise Refusal(400, "HandleNotFound", "Unable to resolve handle")
        return web.json_response({"did": did})

    async def get_profile(self, request: web.Request) -> web.Response:
        did = request.query.get("actor", "")
        handle = self.accounts.handle(did)
        if not handle:
            raise Invalid("Profile not found")
        numbers = self.platform.numbers(did)
        labels = self.platform.memory.get("labels", {}).get(did, [])
        return web.json_response(
            {
                "did": did,
                "handle": handle,
                "displayName": handle.partition(".")[0],
                "followersCount": numbers.get("followers", 0),
                "followsCount": numbers.get("following", 0),
                "postsCount": numbers.get("posts", len(self.platform.posts(did))),
                "labels": [
                    {"src": did, "uri": did, "val": val, "cts": "2026-01-01T00:00:00Z"} for val in labels
                ],
            }
        )

    async def get_posts(self, request: web.Request) -> web.Response:
        did = self.world.who(request)
        uris = request.query.getall("uris", [])
        if not 0 < len(uris) <= 25:
            raise Invalid("Error: uris must have between 1 and 25 elements")
        found = [item for uri in uris if (item := self.views.find(uri))]
        return web.json_response({"posts": [self.views.post(item, did) for item in found]})

    async def get_thread(self, request: web.Request) -> web.Response:
        self.world.who(request)
        uri = request.query.get("uri", "")
        item = self.views.find(uri)
        if item is None:
            raise Refusal(400, "NotFound", f"Post not found: {uri}")
        depth = min(int(request.query.get("depth", "6")), 1000)
        return web.json_response({"thread": self.views.thread(item, depth)})

    async def notifications(self, request: web.Request) -> web.Response:
        """Newest first; of all reasons only the naming of the account is told of here."""
        did, reasons = self.world.who(request), request.query.getall("reasons", [])
        mine = [
            item
            for item in reversed(self.platform.items.values())
            if item.kind == "mention" and item.extra.get("of") == did
        ]
        mine = mine if not reasons or "mention" in reasons else []
        start, limit = int(request.query.get("cursor") or 0), int(request.query.get("limit", "50"))
        if not 0 < limit <= 100:
            raise Invalid("Error: limit must be between 1 and 100")
        told: dict[str, Any] = {
            "notifications": [self.views.notification(item) for item in mine[start : start + limit]]
        }
        if len(mine) > start + limit:
            told["cursor"] = str(start + limit)
        return web.json_response(told)
