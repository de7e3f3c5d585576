"""Weibo's API for tests and the demo: the share interface, the commercial one beside it, comments, numbers, consent.

Written from the wiki at open.weibo.com (the pages are named beside each part of the connector). Not emulated: review of apps and
posts, long posts cut in lists, groups, fan-service pushes. In `platform.memory`: "no_contract", "no_destroy", "no_mentions"
(what this app may not), "slow" (the next post is taken, and told as 20032), "lag" (seconds until a post shows in lists).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from aiohttp import web

from kitestring.connectorkit.consent import CLIENT, SECRET, Desk, Refused
from kitestring.connectorkit.emulation import Faults, Item, Platform, stores, takes_files
from kitestring.connectors.weibo.emulated.posting import AN_HOUR, DOMAIN, Posting
from kitestring.connectors.weibo.emulated.problems import MANNERS, Refusal, refusals
from kitestring.connectors.weibo.emulated.world import World

LIFE = 7 * 86_400  # seconds: an approved app without more
SHOWN = 5  # posts of one's own timeline that a web app sees
IP = "211.156.0.1"
Handler = Callable[[Any, web.Request, str], Awaitable[web.StreamResponse]]


def answers(base_url: str, account_name: str) -> dict[str, str]:
    """What a person types when the app has a contract; who they are they say on Weibo's own page."""
    return {"what": "commercial", "safe_domain": DOMAIN, "rip": IP}


def share_answers(base_url: str, account_name: str) -> dict[str, str]:
    return {"what": "share", "safe_domain": f"https://www.{DOMAIN}/, {DOMAIN}", "rip": IP}


def app(base_url: str) -> dict[str, str]:
    """The operator's app as it is known here."""
    return {"client_id": CLIENT, "client_secret": SECRET}


def without_quotas(platform: Platform) -> None:
    """As many posts an hour as one likes, and the same words again."""
    platform.memory["no_limits"] = True


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The calls our connector uses, over this platform."""
    there = _Weibo(platform)
    made = web.Application(
        middlewares=[(faults or Faults()).middleware(MANNERS), refusals], client_max_size=20_000_000
    )
    made.router.add_route("*", "/oauth2/authorize", there.desk.page)
    made.router.add_post("/oauth2/access_token", there.token)
    made.router.add_post("/oauth2/get_token_info", there.token_info)
    made.router.add_get("/2/users/show.json", there.user)
    made.router.add_get("/2/account/rate_limit_status.json", there.limits)
    made.router.add_post("/2/statuses/share.json", there.share)
    for name in ("update", "upload_url_text"):
        made.router.add_post(f"/2/statuses/{name}/biz.json", there.update)
    made.router.add_post("/2/statuses/upload_pic/biz.json", there.upload)
    made.router.add_get("/2/comments/timeline.json", there.comments_timeline)
    made.router.add_get("/2/comments/to_me/biz.json", there.comments_to_me)
    for ending in (".json", "/biz.json"):
        for method, name, handler in there.both():
            made.router.add_route(method, f"/2/{name}{ending}", handler)
    return made


def asks(handler: Handler) -> Any:
    """A handler that is given the account whose token the request carries; a commercial one asks for the contract."""

    @wraps(handler)
    async def guarded(self: _Weibo, request: web.Request) -> web.StreamResponse:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind != "OAuth2" or not token:
            raise Refusal(10006)
        account = self.desk.account(token)
        if account is None:
            raise Refusal(21327 if token in self.desk.kept["access"] else 21332)
        if _commercial(request) and self.platform.memory.get("no_contract"):
            raise Refusal(10014)
        return await handler(self, request, account)

    return guarded


def _commercial(request: web.Request) -> bool:
    return request.path.endswith("/biz.json")


class _Weibo:
    def __init__(self, platform: Platform) -> None:
        self.platform, self.world = platform, World(platform)
        self.posting = Posting(self.world)
        self.desk = Desk(platform, "Weibo", access=LIFE, refresh=0)

    def both(self) -> list[tuple[str, str, Any]]:
        """What the open and the commercial interface have alike."""
        return [
            ("GET", "statuses/user_timeline", self.timeline),
            ("GET", "statuses/mentions", self.mentions),
            ("GET", "statuses/count", self.count),
            ("POST", "statuses/destroy", self.destroy),
            ("POST", "comments/create", self.comment),
            ("POST", "comments/reply", self.reply),
            ("POST", "comments/destroy", self.destroy_comment),
            ("GET", "comments/by_me", self.comments_by_me),
            ("GET", "comments/mentions", self.comment_mentions),
        ]

    async def token(self, request: web.Request) -> web.Response:
        form = {key: str(value) for key, value in (await request.post()).items()}
        try:
            self.desk.check_app(form.get("client_id"), form.get("client_secret", ""))
            if form.get("grant_type") != "authorization_code":
                raise Refused("unsupported_grant_type")
            account = self.desk.kept["code"].get(form.get("code", ""), {}).get("account", "")
            told = self.desk.redeem(form.get("code", ""), form.get("redirect_uri", ""))
        except Refused as error:
            code = {"invalid_client": 21324, "unsupported_grant_type": 21328}.get(error.error, 21325)
            body = {"error": error.error, "error_code": code, "error_description": error.description}
            return web.json_response({**body, "request": request.path}, status=400)
        life, uid = str(told["expires_in"]), self.world.uid(account)
        self.platform.memory.setdefault("names", {})[uid] = account
        # Weibo tells seconds as text, and no scopes.
        body = {"access_token": told["access_token"], "expires_in": life, "remind_in": life, "uid": uid}
        return web.json_response(body)

    async def token_info(self, request: web.Request) -> web.Response:
        token = str((await request.post()).get("access_token", ""))
        row, account = self.desk.kept["access"].get(token), self.desk.account(token)
        if row is None or account is None:
            raise Refusal(21327)
        left = (datetime.fromisoformat(row["ends"]) - self.platform.clock()).total_seconds()
        told = {"uid": int(self.world.uid(account)), "appkey": CLIENT, "scope": None, "expire_in": int(left)}
        made = datetime.fromisoformat(row["ends"]).timestamp() - LIFE
        return web.json_response(told | {"create_at": int(made)})

    @asks
    async def user(self, request: web.Request, account: str) -> web.StreamResponse:
        uid = self.world.uid(account)
        if request.query.get("uid") != uid:
            raise Refusal(20003)
        return web.json_response(self.world.user(uid, account))

    @asks
    async def limits(self, request: web.Request, account: str) -> web.StreamResponse:
        since = self.platform.clock() - timedelta(hours=1)
        own = self.platform.posts(self.world.uid(account))
        left = max(0, AN_HOUR - sum(datetime.fromisoformat(item.at) > since for item in own))
        row = {
            "api": "/statuses/share",
            "limit": AN_HOUR,
            "limit_time_unit": "HOURS",
            "remaining_hits": left,
        }
        told = {"ip_limit": 10000, "limit_time_unit": "HOURS", "remaining_ip_hits": 10000, "user_limit": 150}
        told |= {"remaining_user_hits": self.platform.memory.get("calls_left", 150), "api_rate_limits": [row]}
        return web.json_response(told)

    @stores
    @asks
    async def share(self, request: web.Request, account: str) -> web.StreamResponse:
        return self._made(self.posting.share(self.world.uid(account), await request.post()))

    @stores
    @asks
    async def update(self, request: web.Request, account: str) -> web.StreamResponse:
        form = await request.post()
        if ("pic_id" in form) != request.path.endswith("upload_url_text/biz.json"):
            raise Refusal(10016, "pic_id")
        return self._made(self.posting.update(self.world.uid(account), form))

    def _made(self, item: Item) -> web.StreamResponse:
        if self.platform.memory.pop("slow", False):
            raise Refusal(20032)
        return web.json_response(self.world.status(item))

    @takes_files
    @asks
    async def upload(self, request: web.Request, account: str) -> web.StreamResponse:
        kept = self.posting.picture((await request.post()).get("pic"))
        home = "http://ww3.sinaimg.cn"
        urls = {f"{size}_pic": f"{home}/{size}/{kept['id']}.jpg" for size in ("thumbnail", "bmiddle")}
        return web.json_response({"pic_id": kept["id"], **urls})

    @asks
    async def timeline(self, request: web.Request, account: str) -> web.StreamResponse:
        """The account's own; a web app sees the newest few only."""
        old = (
            self.platform.clock() - timedelta(seconds=float(self.platform.memory.get("lag", 0)))
        ).isoformat()
        found = [i for i in self.platform.posts(self.world.uid(account)) if i.visible and i.at <= old]
        if request.query.get("base_app") == "1":
            found = [item for item in found if not item.extra.get("by_hand")]
        most = 100 if _commercial(request) else SHOWN
        return _page(request, "statuses", [self.world.status(item) for item in found], most)

    @asks
    async def mentions(self, request: web.Request, account: str) -> web.StreamResponse:
        if self.platform.memory.get("no_mentions"):
            raise Refusal(10014)
        found = self.world.naming(self.world.uid(account), account)
        return _page(request, "statuses", [self.world.status(item) for item in found], 200)

    @asks
    async def count(self, request: web.Request, account: str) -> web.StreamResponse:
        ids = request.query.get("ids", "").split(",")
        if not 0 < len(ids) <= 100 or not ids[0]:
            raise Refusal(10017, "ids")
        found = [self.platform.items[one] for one in ids if one in self.platform.items]
        return web.json_response([self.world.counts(item) for item in found])

    @asks
    async def destroy(self, request: web.Request, account: str) -> web.StreamResponse:
        if self.platform.memory.get("no_destroy"):
            raise Refusal(10014)
        item = self.world.post(str((await request.post()).get("id", "")))
        if item.author != self.world.uid(account):
            raise Refusal(20102)
        self.platform.remove(item.id)
        return web.json_response(self.world.status(item))

    @stores
    @asks
    async def comment(self, request: web.Request, account: str) -> web.StreamResponse:
        form = {key: value for key, value in (await request.post()).items() if key != "cid"}
        return web.json_response(
            self.world.shown(self.posting.comment(self.world.uid(account), account, form))
        )

    @stores
    @asks
    async def reply(self, request: web.Request, account: str) -> web.StreamResponse:
        form = await request.post()
        if not form.get("cid"):
            raise Refusal(10016, "cid")
        return web.json_response(
            self.world.shown(self.posting.comment(self.world.uid(account), account, form))
        )

    @asks
    async def destroy_comment(self, request: web.Request, account: str) -> web.StreamResponse:
        item = self.world.comment(str((await request.post()).get("cid", "")))
        uid = self.world.uid(account)
        allowed = [item.author] + ([self.platform.items[item.root].author] if _commercial(request) else [])
        if uid not in allowed:
            raise Refusal(20203)
        self.platform.remove(item.id)
        return web.json_response({"id": int(self.world.number(item)), "text": item.text})

    @asks
    async def comments_timeline(self, request: web.Request, account: str) -> web.StreamResponse:
        uid = self.world.uid(account)
        return self._comments(request, [*self.world.comments_to(uid), *self.world.comments_by(uid)])

    @asks
    async def comments_to_me(self, request: web.Request, account: str) -> web.StreamResponse:
        return self._comments(request, self.world.comments_to(self.world.uid(account)))

    @asks
    async def comments_by_me(self, request: web.Request, account: str) -> web.StreamResponse:
        return self._comments(request, self.world.comments_by(self.world.uid(account)))

    @asks
    async def comment_mentions(self, request: web.Request, account: str) -> web.StreamResponse:
        if self.platform.memory.get("no_mentions"):
            raise Refusal(10014)
        every = [item for item in self.platform.items.values() if item.parent and item.visible]
        return self._comments(request, [item for item in every if f"@{account}" in item.text])

    def _comments(self, request: web.Request, found: list[Item]) -> web.Response:
        return _page(request, "comments", [self.world.shown(item) for item in found], 200)


def _page(request: web.Request, under: str, found: list[dict[str, Any]], most: int) -> web.Response:
    """The newest first, above `since_id` and not above `max_id`, `count` of them."""
    asked = request.query
    since, top = int(asked.get("since_id", "0")), int(asked.get("max_id", "0"))
    rows = sorted(
        (r for r in found if r["id"] > since and (not top or r["id"] <= top)),
        key=lambda row: row["id"],
        reverse=True,
    )
    size, page = min(int(asked.get("count", "20")), most), int(asked.get("page", "1"))
    part = rows[(page - 1) * size : page * size]
    if most == SHOWN and page > 1:
        part = []
    return web.json_response({under: part, "hasvisible": False, "total_number": len(rows)})
