"""LinkedIn's versioned API for tests and the demo. Accounts are made when first asked for: each a person with one Page.

Not emulated: approval of apps, targeting, sponsored posts, quotas of calls other than posts a day.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any

from aiohttp import web

from kitestring.connectorkit import consent
from kitestring.connectorkit.emulation import Faults, Item, Manners, Platform, stores, takes_files
from kitestring.connectorkit.hooks import Knock
from kitestring.connectors.linkedin.client import VERSION
from kitestring.connectors.linkedin.emulated import calls, files, problems
from kitestring.connectors.linkedin.emulated.calls import answered, challenge
from kitestring.connectors.linkedin.emulated.posting import Posting
from kitestring.connectors.linkedin.emulated.problems import Refusal
from kitestring.connectors.linkedin.emulated.statistics import Statistics
from kitestring.connectors.linkedin.emulated.talking import Talking
from kitestring.connectors.linkedin.emulated.world import World

__all__ = ["answered", "answers", "app", "build", "challenge", "lose_files", "person_answers", "pushes"]
TOKEN = "/oauth/v2/accessToken"  # noqa: S105 - an address
PAGE_WRITES, PAGE_READS = "w_organization_social", "r_organization_social"
Handler = Callable[[Any, web.Request, str], Awaitable[web.StreamResponse]]
lose_files = files.lose


def answers(base_url: str, account_name: str) -> dict[str, str]:
    """What a person types when connecting a Page; who they are they say on LinkedIn's own page."""
    return {"what": "page"}


def person_answers(base_url: str, account_name: str) -> dict[str, str]:
    return {"what": "person"}


def app(base_url: str) -> dict[str, str]:
    """The operator's app as it is known here."""
    return {"client_id": consent.CLIENT, "client_secret": consent.SECRET}


def without_quotas(platform: Platform) -> None:
    """As many posts a day as one likes, and the same words again."""
    platform.memory["no_limits"] = True


def pushes(platform: Platform, secrets: Mapping[str, str]) -> list[Knock]:
    """What it would call the app's address with now, each thing once."""
    return list(calls.calls(platform))


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The calls our connector uses, over this platform."""
    there = _LinkedIn(platform)
    manners = Manners(
        busy=problems.busy,
        unauthorized=problems.revoked,
        broken=lambda: problems.problem(500, "Internal Server Error", "INTERNAL_SERVER_ERROR"),
        retired=lambda: problems.retired(VERSION),
    )
    middlewares = [_token_words, (faults or Faults()).middleware(manners), _refusals]
    made = web.Application(middlewares=middlewares, client_max_size=600_000_000)
    made.router.add_route("*", "/oauth/v2/authorization", there.desk.page)
    made.router.add_post(TOKEN, there.desk.token)
    made.router.add_post("/oauth/v2/revoke", there.desk.revocation)
    made.router.add_post("/oauth/v2/introspectToken", there.introspect)
    made.router.add_get("/v2/userinfo", there.userinfo)
    made.router.add_put("/dms-uploads/{key}/uploaded-image/0", there.take_image)
    made.router.add_put("/dms-uploads/{key}/uploadedVideo", there.take_part)
    for method, path, handler in there.routes():
        made.router.add_route(method, f"/rest/{path}", handler)
    return made


@web.middleware
async def _token_words(request: web.Request, handler: Any) -> web.StreamResponse:
    """The token's address words an ended consent in its own way."""
    answer: web.StreamResponse = await handler(request)
    if request.path == TOKEN and answer.status == 401 and isinstance(answer, web.Response):
        told = json.loads(answer.text or "{}")
        if told.get("code") != "EXPIRED_ACCESS_TOKEN":
            return answer
        said = {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
        return web.json_response(said, status=400)
    return answer


@web.middleware
async def _refusals(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        answer: web.StreamResponse = await handler(request)
    except Refusal as refusal:
        return refusal.answer
    except web.HTTPNotFound:
        return problems.problem(404, f"No virtual resource found for {request.path}", "RESOURCE_NOT_FOUND")
    return answer


def asks(*scopes: str) -> Callable[[Handler], Any]:
    """A handler that is given the account: its headers, its address, its token and one of the scopes are looked at first."""

    def wrap(handler: Handler) -> Any:
        @wraps(handler)
        async def guarded(self: _LinkedIn, request: web.Request) -> web.StreamResponse:
            version = request.headers.get("LinkedIn-Version", "")
            if not version:
                raise Refusal(400, "A version must be present", "VERSION_MISSING")
            if not "202512" <= version <= VERSION:
                raise Refusal(426, f"Requested version {version}01 is not active", "NONEXISTENT_VERSION")
            if request.headers.get("X-Restli-Protocol-Version") != "2.0.0" or "urn:li:" in request.raw_path:
                raise Refusal(400, "Syntax exception in path variables", "ILLEGAL_ARGUMENT")
            account = self.who(request)
            if not set(scopes) & self.scopes(request):
                raise problems.denied(request.path.split("/")[2])
            return await handler(self, request, account)

        return guarded

    return wrap


async def body_of(request: web.Request) -> dict[str, Any]:
    try:
        found = json.loads(await request.read() or b"{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Refusal(400, "Request body could not be converted to data map", "ILLEGAL_ARGUMENT")
    return found


class _LinkedIn:
    def __init__(self, platform: Platform) -> None:
        self.platform, self.world = platform, World(platform)
        self.files = files.Files(platform)
        self.posting, self.talking = Posting(self.world, self.files), Talking(self.world)
        self.statistics = Statistics(self.world)
        self.desk = consent.Desk(
            platform, "LinkedIn", access=60 * 86400, refresh=365 * 86400, error="user_cancelled_login",
            more=lambda account: {"refresh_token_expires_in": 365 * 86400},
        )  # fmt: skip

    def routes(self) -> list[tuple[str, str, Any]]:
        comments = "socialActions/{on}/comments"
        return [
            ("GET", "organizationAcls", self.roles),
            ("GET", "organizations", self.pages),
            ("POST", "images", self.begin_image),
            ("GET", "images/{name}", self.file_state),
            ("POST", "videos", self.begin_video),
            ("GET", "videos/{name}", self.file_state),
            ("POST", "posts", self.post),
            ("GET", "posts", self.posts),
            ("POST", "posts/{name}", self.change_post),
            ("DELETE", "posts/{name}", self.delete_post),
            ("GET", comments, self.comments),
            ("POST", comments, self.comment),
            ("GET", f"{comments}/{{number}}", self.one_comment),
            ("POST", f"{comments}/{{number}}", self.change_comment),
            ("DELETE", f"{comments}/{{number}}", self.delete_comment),
            ("POST", "reactions", self.react),
            ("DELETE", "reactions/{key}", self.unreact),
            ("GET", "organizationalEntityShareStatistics", self.share_statistics),
            ("GET", "organizationPageStatistics", self.page_statistics),
            ("GET", "networkSizes/{name}", self.size),
        ]

    def who(self, request: web.Request) -> str:
        account = self.desk.bearer(request)
        if account is None:
            raise Refusal(401, "Invalid access token", "INVALID_ACCESS_TOKEN", serviceErrorCode=65600)
        return account

    def scopes(self, request: web.Request) -> set[str]:
        token = request.headers["Authorization"].partition(" ")[2]
        return set(self.desk.kept["access"][token]["scope"].split())

    def own(self, request: web.Request, account: str, author: str) -> str:
        """The author, if this token may write as them. Raises Refusal."""
        given = self.scopes(request)
        if author == self.world.page(account) and PAGE_WRITES in given and self.world.role(account):
            return author
        if author == self.world.person(account) and "w_member_social" in given:
            return author
        raise problems.denied("author")

    async def introspect(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        if form.get("client_secret") != consent.SECRET:
            return web.json_response({"error": "invalid_client"}, status=401)
        row = self.desk.kept["access"].get(str(form.get("token")))
        if row is None or self.desk.account(str(form.get("token"))) is None:
            return web.json_response({"active": False})
        from_iso = int(self.platform.clock().timestamp())
        told = {
            "active": True,
            "status": "active",
            "scope": row["scope"].replace(" ", ","),
            "authorized_at": from_iso,
        }
        return web.json_response(told)

    async def userinfo(self, request: web.Request) -> web.StreamResponse:
        account = self.who(request)
        if "openid" not in self.scopes(request):
            raise problems.denied("userinfo.GET.NO_VERSION")
        sub = self.world.person(account).rpartition(":")[2]
        return web.json_response({"sub": sub, "name": self.world.title(account), "locale": "en-US"})

    @asks("rw_organization_admin")
    async def roles(self, request: web.Request, account: str) -> web.StreamResponse:
        role = self.world.role(account)
        row = {
            "organization": self.world.page(account),
            "roleAssignee": self.world.person(account),
            "state": "APPROVED",
        }
        return _rows([{**row, "role": role}] if role else [])

    @asks("rw_organization_admin", PAGE_READS)
    async def pages(self, request: web.Request, account: str) -> web.StreamResponse:
        number = self.world.page(account).rpartition(":")[2]
        about = {
            "id": int(number),
            "localizedName": self.world.title(account),
            "vanityName": self.world.vanity(account),
        }
        wanted = request.query.get("ids", "").removeprefix("List(").removesuffix(")").split(",")
        return web.json_response({"results": {number: about} if number in wanted else {}, "errors": {}})

    @asks(PAGE_WRITES, "w_member_social")
    async def begin_image(self, request: web.Request, account: str) -> web.StreamResponse:
        told = (await body_of(request)).get("initializeUploadRequest") or {}
        owner = self.own(request, account, str(told.get("owner")))
        return web.json_response({"value": self.files.begin_image(owner, str(request.url.origin()))})

    @asks(PAGE_WRITES, "w_member_social")
    async def begin_video(self, request: web.Request, account: str) -> web.StreamResponse:
        body = await body_of(request)
        if request.query.get("action") == "finalizeUpload":
            told = body.get("finalizeUploadRequest") or {}
            self.files.finish(str(told.get("video")), told.get("uploadedPartIds"))
            return web.Response()
        told = body.get("initializeUploadRequest") or {}
        owner = self.own(request, account, str(told.get("owner")))
        value = self.files.begin_video(owner, told.get("fileSizeBytes"), str(request.url.origin()))
        return web.json_response({"value": value})

    @takes_files
    async def take_image(self, request: web.Request) -> web.StreamResponse:
        self.who(request)
        self.files.take_image(request.match_info["key"], await request.read())
        return web.Response(status=201)

    @takes_files
    async def take_part(self, request: web.Request) -> web.StreamResponse:
        if "Authorization" in request.headers:
            raise Refusal(400, "This address takes no token")
        part = int(request.query["part"])
        tag = self.files.take_part(request.match_info["key"], part, await request.read())
        return web.Response(headers={"ETag": tag})

    @asks(PAGE_WRITES, "w_member_social")
    async def file_state(self, request: web.Request, account: str) -> web.StreamResponse:
        return self.files.look(request.match_info["name"], PAGE_WRITES in self.scopes(request))

    @stores
    @asks(PAGE_WRITES, "w_member_social")
    async def post(self, request: web.Request, account: str) -> web.StreamResponse:
        body = await body_of(request)
        author = self.own(request, account, str(body.get("author")))
        item = self.posting.make(account, author, body)
        return web.Response(status=201, headers={"x-restli-id": item.id, "x-linkedin-id": item.id})

    @asks(PAGE_READS)
    async def posts(self, request: web.Request, account: str) -> web.StreamResponse:
        if request.query.get("q") != "author":
            raise Refusal(400, "No finder of this name", "ILLEGAL_ARGUMENT")
        found = self.world.posts_by(request.query.get("author", ""))
        return _page(request, [self.posting.shown(item) for item in found])

    def mine(self, request: web.Request, account: str, name: str) -> Item:
        item = self.world.post(name)
        self.own(request, account, str(item.extra.get("actor")))
        return item

    @asks(PAGE_WRITES, "w_member_social")
    async def change_post(self, request: web.Request, account: str) -> web.StreamResponse:
        if request.headers.get("X-RestLi-Method") != "PARTIAL_UPDATE":
            raise Refusal(400, "X-RestLi-Method PARTIAL_UPDATE is required", "ILLEGAL_ARGUMENT")
        self.posting.change(self.mine(request, account, request.match_info["name"]), await body_of(request))
        return web.Response(status=204)

    @asks(PAGE_WRITES, "w_member_social")
    async def delete_post(self, request: web.Request, account: str) -> web.StreamResponse:
        self.platform.remove(self.mine(request, account, request.match_info["name"]).id)
        return web.Response(status=204)

    @asks("r_organization_social_feed")
    async def comments(self, request: web.Request, account: str) -> web.StreamResponse:
        return _page(request, self.talking.below(request.match_info["on"]))

    @stores
    @asks("w_organization_social_feed", "w_member_social")
    async def comment(self, request: web.Request, account: str) -> web.StreamResponse:
        body = await body_of(request)
        actor = self.own(request, account, str(body.get("actor")))
        item = self.talking.write(account, actor, request.match_info["on"], body)
        told = self.world.shown(item)
        return web.json_response(told, status=201, headers={"x-restli-id": told["id"]})

    @asks("r_organization_social_feed")
    async def one_comment(self, request: web.Request, account: str) -> web.StreamResponse:
        return web.json_response(self.world.shown(self._there(request)))

    def _there(self, request: web.Request) -> Item:
        return self.world.comment(request.match_info["on"], request.match_info["number"])

    @asks("w_organization_social_feed", "w_member_social")
    async def change_comment(self, request: web.Request, account: str) -> web.StreamResponse:
        item = self._there(request)
        self.own(request, account, str(item.extra.get("actor")))
        self.talking.change(item, await body_of(request))
        return web.Response(status=204)

    @asks("w_organization_social_feed", "w_member_social")
    async def delete_comment(self, request: web.Request, account: str) -> web.StreamResponse:
        item, actor = self._there(request), self.own(request, account, request.query.get("actor", ""))
        if actor not in (item.extra.get("actor"), self.platform.items[item.root].extra.get("actor")):
            raise problems.denied("comments.DELETE")
        self.platform.remove(item.id)
        return web.Response(status=204)

    @asks("w_organization_social_feed")
    async def react(self, request: web.Request, account: str) -> web.StreamResponse:
        self.own(request, account, request.query.get("actor", ""))
        self.talking.react(await body_of(request))
        return web.json_response({"reactionType": "LIKE"}, status=201)

    @asks("w_organization_social_feed")
    async def unreact(self, request: web.Request, account: str) -> web.StreamResponse:
        self.talking.unreact(self.world.page(account), request.match_info["key"])
        return web.Response(status=204)

    def admin(self, account: str, page: str) -> None:
        if self.world.role(account) != "ADMINISTRATOR" or page != self.world.page(account):
            raise problems.denied("organizationStatistics")

    @asks("rw_organization_admin")
    async def share_statistics(self, request: web.Request, account: str) -> web.StreamResponse:
        self.admin(account, request.query.get("organizationalEntity", ""))
        return _rows(self.statistics.shares(self.world.page(account), request.query.get("shares", "")))

    @asks("rw_organization_admin")
    async def page_statistics(self, request: web.Request, account: str) -> web.StreamResponse:
        self.admin(account, request.query.get("organization", ""))
        return _rows([self.statistics.page(self.world.page(account))])

    @asks("rw_organization_admin", PAGE_READS)
    async def size(self, request: web.Request, account: str) -> web.StreamResponse:
        if request.query.get("edgeType") != "COMPANY_FOLLOWED_BY_MEMBER":
            raise Refusal(400, "edgeType is not valid", "ILLEGAL_ARGUMENT")
        numbers = self.platform.numbers(request.match_info["name"])
        return web.json_response({"firstDegreeSize": numbers.get("followers", 0)})


def _rows(found: list[dict[str, Any]], start: int = 0, count: int = 10) -> web.Response:
    return web.json_response({"paging": {"start": start, "count": count, "links": []}, "elements": found})


def _page(request: web.Request, found: list[dict[str, Any]]) -> web.Response:
    start, count = int(request.query.get("start", "0")), int(request.query.get("count", "10"))
    if not 1 <= count <= 100:
        raise Refusal(400, "count is not between 1 and 100", "ILLEGAL_ARGUMENT")
    return _rows(found[start : start + count], start, count)
