"""Reddit's Data API for tests and the demo. Accounts are made when first asked for; any community is there.

Communities by name: "missing..." do not exist, "closed..." let nobody post, "linksonly..." take no text, "flaired..." want a
flair, "other..." are moderated by others. In `platform.memory["reddit"]`: "looks" (how often a picture's post is not listed yet),
"too_often" (minutes), "no_messages" (the inbox leads to a login page). Not emulated: the vote an author has on a new post.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from email.utils import format_datetime
from functools import wraps
from typing import Any

from aiohttp import BasicAuth, web

from kitestring.connectorkit import consent
from kitestring.connectorkit.emulation import Faults, Item, Manners, Platform, stores, takes_files
from kitestring.connectors.reddit.emulated import refusing
from kitestring.connectors.reddit.emulated.refusing import Refused, plain
from kitestring.connectors.reddit.emulated.shown import AT_TOP, Shown
from kitestring.connectors.reddit.emulated.world import FLAIRS, JOINED, World
from kitestring.connectors.reddit.emulated.writing import Writing

TOKEN = "/api/v1/access_token"  # noqa: S105 - an address
AGENT = re.compile(r"[^\s:]+:[^\s:]+:\S+ \(by /u/[A-Za-z0-9_-]+\)")
TYPES = ("image/jpeg", "image/png", "image/gif", "video/mp4", "video/quicktime")
WINDOW, MOST = 600, 1000  # seconds, calls in them
Handler = Callable[[Any, web.Request, str], Awaitable[web.StreamResponse]]


def answers(base_url: str, account_name: str) -> dict[str, str]:
    """Nothing is typed; who they are there they say on Reddit's own page."""
    return {}


def app(base_url: str) -> dict[str, str]:
    """The operator's app as it is known here."""
    return {"client_id": consent.CLIENT, "client_secret": consent.SECRET, "developer": "kitestring_dev"}


def without_quotas(platform: Platform) -> None:
    """No limit of calls."""
    World(platform).kept["no_limits"] = True


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The calls our connector uses, over this platform."""
    there = _Reddit(platform)
    manners = Manners(
        busy=lambda: plain(429, "Too Many Requests"),
        unauthorized=lambda: plain(401, "Unauthorized"),
        broken=lambda: plain(500, "Internal Server Error"),
        retired=lambda: plain(410, "Gone"),
    )
    middlewares = [there.door, (faults or Faults()).middleware(manners), _refusals]
    made = web.Application(middlewares=middlewares, client_max_size=1_100_000_000)
    made.router.add_route("*", "/api/v1/authorize", there.desk.page)
    made.router.add_post(TOKEN, there.token)
    made.router.add_post("/api/v1/revoke_token", there.revoke_token)
    made.router.add_post("/", there.bucket)
    for method, path, handler in there.routes():
        made.router.add_route(method, path, handler)
    return made


@web.middleware
async def _refusals(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        answer: web.StreamResponse = await handler(request)
    except Refused as refused:
        return refused.answer
    except web.HTTPNotFound:
        return plain(404, "Not Found")
    return answer


def asks(scope: str) -> Callable[[Handler], Any]:
    """A handler that is given the account: its program, its token, its scopes and its rate are looked at first."""

    def wrap(handler: Handler) -> Any:
        @wraps(handler)
        async def guarded(self: _Reddit, request: web.Request) -> web.StreamResponse:
            account = self.who(request, scope)
            headers = self.taken(account)
            answer = await handler(self, request, account)
            answer.headers.update(headers)
            return answer

        return guarded

    return wrap


async def _form(request: web.Request) -> dict[str, str]:
    return {key: str(value) for key, value in (await request.post()).items()}


def _done(data: dict[str, Any] | None = None) -> web.Response:
    return web.json_response({"json": {"errors": [], **({"data": data} if data is not None else {})}})


class _Reddit:
    def __init__(self, platform: Platform) -> None:
        self.platform, self.world = platform, World(platform)
        self.writing = Writing(self.world)
        self.desk = consent.Desk(platform, "Reddit", access=3600, refresh=None, basic=True)

    def routes(self) -> list[tuple[str, str, Any]]:
        return [
            ("GET", "/api/v1/me", self.me),
            ("GET", "/subreddits/mine/subscriber", self.joined),
            ("GET", "/r/{place}/api/link_flair_v2", self.flairs),
            ("GET", "/user/{name}/submitted", self.submitted),
            ("GET", "/user/{name}/comments", self.said),
            ("GET", "/message/sent", self.sent),
            ("GET", "/message/inbox", self.inbox),
            ("GET", "/api/info", self.info),
            ("GET", "/comments/{post}", self.comments),
            ("GET", "/comments/{post}/_/{comment}", self.comments),
            ("POST", "/api/morechildren", self.more),
            ("POST", "/api/submit", self.submit),
            ("POST", "/api/submit_gallery_post.json", self.gallery),
            ("POST", "/api/comment", self.comment),
            ("POST", "/api/editusertext", self.edit),
            ("POST", "/api/del", self.delete),
            ("POST", "/api/remove", self.remove),
            ("POST", "/api/media/asset.json", self.lend),
        ]

    @property
    def door(self) -> Any:
        """Every answer tells the platform's time; the token's address words an ended consent in its own way."""

        @web.middleware
        async def tell(request: web.Request, handler: Any) -> web.StreamResponse:
            answer: web.StreamResponse = await handler(request)
            answer.headers["Date"] = format_datetime(self.platform.clock(), usegmt=False)
            sound = "Authorization" in request.headers and self._app_is_known(request)
            worded = answer.content_type == "application/json"  # a page on the way is nobody's word here
            if request.path == TOKEN and answer.status == 401 and sound and worded:
                return plain(400, "Bad Request")
            return answer

        return tell

    def _app_is_known(self, request: web.Request) -> bool:
        try:
            given = BasicAuth.decode(request.headers["Authorization"])
        except ValueError:
            return False
        return (given.login, given.password) == (consent.CLIENT, consent.SECRET)

    async def token(self, request: web.Request) -> web.StreamResponse:
        """As the standard says, but for an app that is not known, and a refresh token that is none."""
        if not AGENT.fullmatch(request.headers.get("User-Agent", "")):
            return refusing.blocked()
        if not self._app_is_known(request):
            return plain(401, "Unauthorized")
        answer = await self.desk.token(request)
        if answer.status == 400 and (await request.post()).get("grant_type") == "refresh_token":
            return plain(400, "Bad Request")
        return answer

    async def revoke_token(self, request: web.Request) -> web.StreamResponse:
        """204 whether or not there is such a token, so long as the app is known."""
        if not AGENT.fullmatch(request.headers.get("User-Agent", "")):
            return refusing.blocked()
        if not self._app_is_known(request):
            return plain(401, "Unauthorized")
        self.desk.end(str((await request.post()).get("token", "")))
        return web.Response(status=204)

    def who(self, request: web.Request, scope: str) -> str:
        if not AGENT.fullmatch(request.headers.get("User-Agent", "")):
            raise Refused(refusing.blocked())
        account = self.desk.bearer(request)
        if account is None:
            raise Refused(plain(401, "Unauthorized"))
        token = request.headers["Authorization"].partition(" ")[2]
        if scope not in self.desk.kept["access"][token]["scope"].split():
            raise Refused(refusing.scope_missing())
        self.world.id_of(account)
        return account

    def taken(self, account: str) -> dict[str, str]:
        """The headers of a call that still fits into the ten minutes; else 429."""
        now = self.platform.clock().timestamp()
        began, used = self.world.kept.setdefault("calls", {}).get(account, (now, 0))
        began, used = (now, 0) if now - began >= WINDOW else (began, used)
        self.world.kept["calls"][account] = [began, used + 1]
        headers = {
            "x-ratelimit-used": str(used + 1),
            "x-ratelimit-remaining": f"{max(0, MOST - used - 1):.1f}",
            "x-ratelimit-reset": str(int(began + WINDOW - now)),
        }
        if used >= MOST and not self.world.kept.get("no_limits"):
            answer = plain(429, "Too Many Requests")
            answer.headers.update(headers)
            raise Refused(answer)
        return headers

    @asks("identity")
    async def me(self, request: web.Request, account: str) -> web.Response:
        name, number = self.world.username(account), self.world.id_of(account)
        followers = self.platform.numbers(f"t2_{number}").get("followers", 0)
        profile = {
            "display_name": f"u_{name}",
            "title": account.replace("-", " ").title(),
            "subscribers": followers,
        }
        told = {
            "id": number, "name": name, "icon_img": "", "total_karma": 120, "has_verified_email": True,
            "is_suspended": bool(self.world.kept.get("suspended")), "subreddit": profile,
        }  # fmt: skip
        return web.json_response(told)

    @asks("mysubreddits")
    async def joined(self, request: web.Request, account: str) -> web.Response:
        rows = [{"kind": "t5", "data": {"display_name": one, "subreddit_type": "public"}} for one in JOINED]
        return web.json_response(Shown(self.world, request).listing(rows))

    @asks("flair")
    async def flairs(self, request: web.Request, account: str) -> web.Response:
        found = FLAIRS.get(request.match_info["place"])
        if found is None:
            return refusing.forbidden()
        told = [
            {"id": key, "text": text, "mod_only": only, "text_editable": False, "type": "text"}
            for key, text, only in found
        ]
        return web.json_response(told)

    def _own(self, request: web.Request) -> str:
        account = self.world.account_of(request.match_info["name"])
        if account is None:
            raise Refused(plain(404, "Not Found"))
        return account

    def _page(self, request: web.Request, items: list[Item]) -> web.Response:
        return web.json_response(Shown(self.world, request).page(items, request))

    @asks("history")
    async def submitted(self, request: web.Request, account: str) -> web.Response:
        return self._page(request, self.world.posts_of(self._own(request)))

    @asks("history")
    async def said(self, request: web.Request, account: str) -> web.Response:
        return self._page(request, self.world.comments_of(self._own(request)))

    @asks("privatemessages")
    async def sent(self, request: web.Request, account: str) -> web.Response:
        return self._told(request, self.world.sent_by(account))

    @asks("privatemessages")
    async def inbox(self, request: web.Request, account: str) -> web.Response:
        return self._told(request, self.world.inbox_of(account))

    def _told(self, request: web.Request, items: list[Item]) -> web.Response:
        if self.world.kept.get("no_messages"):
            return web.Response(status=302, headers={"Location": "/login/"})
        return self._page(request, items)

    @asks("read")
    async def info(self, request: web.Request, account: str) -> web.Response:
        names = request.query.get("id", "").split(",")[:100]
        found = [item for item in map(self.world.find, names) if item is not None]
        shown = Shown(self.world, request)
        return web.json_response(shown.listing([shown.thing(item) for item in found]))

    @asks("read")
    async def comments(self, request: web.Request, account: str) -> web.Response:
        post = self.world.find(f"t3_{request.match_info['post']}")
        if post is None:
            return plain(404, "Not Found")
        shown = Shown(self.world, request)
        below = self.world.find(f"t1_{request.match_info.get('comment', '')}")
        limit = min(int(request.query.get("limit", "200")), AT_TOP)
        tree = shown.tree(post, limit, below)
        return web.json_response([shown.listing([shown.thing(post)]), shown.listing(tree)])

    @asks("read")
    async def more(self, request: web.Request, account: str) -> web.Response:
        """Flat: what was asked for and what stands below it, `replies` always empty."""
        form = await _form(request)
        post = self.world.find(form.get("link_id", ""))
        if post is None:
            return refusing.forbidden()
        asked = form.get("children", "").split(",")
        if len(asked) > 100:
            return plain(400, "Bad Request")
        shown = Shown(self.world, request, form)
        items = [item for item in (self.world.find(f"t1_{one}") for one in asked) if item is not None]
        found = [one for item in items for one in shown.flat(shown.tree(post, AT_TOP, item))]
        return _done({"things": found})

    @stores
    @asks("submit")
    async def submit(self, request: web.Request, account: str) -> web.Response:
        form = await _form(request)
        kind = form.get("kind", "self")
        item = self.writing.submit(account, form, kind)
        if kind in ("image", "video"):
            name = self.world.username(account)
            page = f"https://www.reddit.com/user/{name}/submitted/"
            socket = f"wss://ws.reddit.example/{item.id}"
            return _done({"user_submitted_page": page, "websocket_url": socket})
        return _done(self._made(item))

    def _made(self, item: Item) -> dict[str, Any]:
        url = f"https://www.reddit.com/r/{item.extra['sr']}/comments/{item.id[3:]}/post/"
        return {"url": url, "drafts_count": 0, "id": item.id[3:], "name": item.id}

    @stores
    @asks("submit")
    async def gallery(self, request: web.Request, account: str) -> web.Response:
        item = self.writing.gallery(account, json.loads(await request.read()))
        told = self._made(item)
        return _done({"url": told["url"], "id": item.id})

    @stores
    @asks("submit")
    async def comment(self, request: web.Request, account: str) -> web.Response:
        form = await _form(request)
        if form.get("thing_id", "").startswith("t4_"):
            self.who(request, "privatemessages")
        item = self.writing.answer(account, form)
        return _done({"things": [Shown(self.world, request, form).thing(item)]})

    @asks("edit")
    async def edit(self, request: web.Request, account: str) -> web.Response:
        form = await _form(request)
        item = self.writing.change(account, form)
        return _done({"things": [Shown(self.world, request, form).thing(item)]})

    @asks("edit")
    async def delete(self, request: web.Request, account: str) -> web.Response:
        self.writing.delete(account, (await _form(request)).get("id", ""))
        return web.json_response({})

    @asks("modposts")
    async def remove(self, request: web.Request, account: str) -> web.Response:
        self.writing.remove((await _form(request)).get("id", ""))
        return web.json_response({})

    @asks("submit")
    async def lend(self, request: web.Request, account: str) -> web.Response:
        """A place for one file: where it goes, and what goes with it."""
        form = await _form(request)
        if not form.get("filepath") or form.get("mimetype") not in TYPES:
            return plain(400, "Bad Request")
        asset = f"asset{self.platform.next_id()}"
        fields = {
            "acl": "private",
            "key": f"rte_images/{asset}",
            "Content-Type": form["mimetype"],
            "policy": "cG9saWN5",
        }
        told = {
            "args": {
                "action": f"//{request.host}",
                "fields": [{"name": key, "value": value} for key, value in fields.items()],
            },
            "asset": {
                "asset_id": asset, "processing_state": "incomplete", "payload": {"filepath": form["filepath"]},
                "websocket_url": f"wss://ws.reddit.example/{asset}",
            },
        }  # fmt: skip
        return web.json_response(told)

    @takes_files
    async def bucket(self, request: web.Request) -> web.Response:
        form = await request.post()
        key, file = str(form.get("key") or ""), form.get("file")
        if not form.get("policy") or not key or not isinstance(file, web.FileField):
            return web.Response(
                text="<Error><Code>AccessDenied</Code></Error>", status=403, content_type="application/xml"
            )
        where = f"{request.url.origin()}/{key}"
        self.world.kept.setdefault("files", {})[key.rpartition("/")[2]] = where
        return web.Response(
            text=f"<PostResponse><Location>{where}</Location></PostResponse>",
            status=201,
            content_type="application/xml",
        )
