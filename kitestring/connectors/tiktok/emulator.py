"""TikTok's API for tests and the demo, over our platform. Accounts are made when first asked for (`emulated.world`).

Each question about a post brings it one step further: worked on, complete, through moderation with its id.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any

from aiohttp import web

from kitestring.connectorkit import consent
from kitestring.connectorkit.counting import count
from kitestring.connectorkit.emulation import Faults, Manners, Platform, stores
from kitestring.connectorkit.hooks import Knock
from kitestring.connectors.tiktok.emulated import calls, uploads
from kitestring.connectors.tiktok.emulated.desk import desk_of, open_id
from kitestring.connectors.tiktok.emulated.replies import Refusal, good, oauth, refused
from kitestring.connectors.tiktok.emulated.world import World

TOKEN = "/v2/oauth/token/"  # noqa: S105 - an address
RIGHTS = {
    "open_id": "user.info.basic", "union_id": "user.info.basic", "avatar_url": "user.info.basic",
    "display_name": "user.info.basic", "username": "user.info.profile", "follower_count": "user.info.stats",
    "following_count": "user.info.stats", "video_count": "user.info.stats", "likes_count": "user.info.stats",
}  # fmt: skip
Handler = Callable[[Any, str, dict[str, Any], web.Request], Awaitable[web.Response]]


def answers(base_url: str, account_name: str) -> dict[str, str]:
    """Nothing is typed: who they are people say on TikTok's own page."""
    return {}


def app(base_url: str) -> dict[str, str]:
    """The operator's app as it is known here, audited."""
    return {"client_key": consent.CLIENT, "client_secret": consent.SECRET, "audited": "yes"}


def without_quotas(platform: Platform) -> None:
    """No caps of posts and drafts, and as many beginnings a minute as one likes."""
    platform.memory["no_limits"] = True


def confirm(platform: Platform, item_or_handle: str) -> None:
    """As when a person finishes the draft in the app."""
    number = json.loads(item_or_handle)["publish"] if item_or_handle.startswith("{") else item_or_handle
    World(platform).finish(number)


def pushes(platform: Platform, secrets: Mapping[str, str]) -> list[Knock]:
    """What it would call the app's address with now, each thing once."""
    return list(calls.calls(platform))


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The calls our connector uses, over this platform."""
    there = _TikTok(platform)
    manners = Manners(
        busy=lambda: refused(429, "rate_limit_exceeded"),
        unauthorized=lambda: refused(401, "access_token_invalid"),
        broken=lambda: refused(500, "internal_error"),
        retired=lambda: refused(404, "unsupported_path", "Unsupported path(Janus)"),
    )
    middlewares = [_token_words, (faults or Faults()).middleware(manners), _refusals]
    made = web.Application(middlewares=middlewares, client_max_size=140_000_000)
    add = made.router.add_route
    add("*", "/v2/auth/authorize/", there.desk.page)
    add("POST", TOKEN, there.desk.token)
    add("POST", "/v2/oauth/revoke/", there.desk.revocation)
    add("GET", "/v2/user/info/", there.user)
    add("POST", "/v2/post/publish/creator_info/query/", there.creator)
    add("POST", "/v2/post/publish/video/init/", there.video)
    add("POST", "/v2/post/publish/inbox/video/init/", there.inbox)
    add("POST", "/v2/post/publish/content/init/", there.content)
    add("POST", "/v2/post/publish/status/fetch/", there.status)
    add("POST", "/v2/video/query/", there.query)
    add("PUT", "/video/", there.put)
    return made


@web.middleware
async def _token_words(request: web.Request, handler: Any) -> web.StreamResponse:
    """The token's address words an ended consent in its own way."""
    answer: web.StreamResponse = await handler(request)
    if request.path != TOKEN or answer.status != 401 or not isinstance(answer, web.Response):
        return answer
    nested = isinstance(json.loads(answer.text or "{}").get("error"), dict)
    return oauth("invalid_grant", "Refresh token is invalid or expired.") if nested else answer


@web.middleware
async def _refusals(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        answer: web.StreamResponse = await handler(request)
    except Refusal as refusal:
        return refusal.answer
    except web.HTTPNotFound:
        return refused(404, "unsupported_path", "Unsupported path(Janus)")
    return answer


def asks(*scopes: str) -> Callable[[Handler], Any]:
    """A handler that is given the account and the JSON body; one of these scopes is needed."""

    def wrap(handler: Handler) -> Any:
        @wraps(handler)
        async def guarded(self: _TikTok, request: web.Request) -> web.Response:
            token = request.headers.get("Authorization", "").removeprefix("Bearer ")
            account = self.desk.account(token)
            if account is None:
                raise Refusal(401, "access_token_invalid")
            if scopes and not set(scopes) & self.desk.scopes(token):
                raise Refusal(401, "scope_not_authorized")
            body: Any = {}
            if request.method == "POST":
                if not request.headers.get("Content-Type", "").startswith("application/json"):
                    raise Refusal(400, "invalid_params", "The content type is not JSON.")
                try:
                    body = json.loads(await request.text() or "{}")
                except ValueError:
                    raise Refusal(400, "invalid_params", "The body is not JSON.") from None
            return await handler(self, account, body if isinstance(body, dict) else {}, request)

        return guarded

    return wrap


class _TikTok:
    def __init__(self, platform: Platform) -> None:
        self.platform, self.world, self.desk = platform, World(platform), desk_of(platform)

    @asks()
    async def user(self, account: str, _: dict[str, Any], request: web.Request) -> web.Response:
        fields = request.query.get("fields", "").split(",")
        token = request.headers["Authorization"].removeprefix("Bearer ")
        if not all(RIGHTS.get(field) in self.desk.scopes(token) for field in fields):
            raise Refusal(401, "scope_not_authorized")
        numbers = self.platform.numbers(open_id(account))
        every = {
            "open_id": open_id(account),
            "union_id": f"u-{open_id(account)}",
            "avatar_url": "https://p16.example/avatar.webp",
            "display_name": account.replace("-", " ").title(),
            "username": account.replace("-", "_"),
            "follower_count": numbers.get("followers", 0),
            "following_count": numbers.get("following", 0),
            "video_count": numbers.get("posts", len(self.platform.posts(account))),
            "likes_count": 0,
        }
        return good({"user": {field: every[field] for field in fields}})

    @asks("video.publish")
    async def creator(self, account: str, _: dict[str, Any], request: web.Request) -> web.Response:
        self.world.caps(account, draft=False, status=200)
        return good(self.world.creator(account))

    @asks("video.publish")
    async def video(self, account: str, body: dict[str, Any], request: web.Request) -> web.Response:
        info = self._info(account, body)
        if count(str(info.get("title", "")), "utf16") > 2200:
            raise Refusal(400, "invalid_param", "The title is too long.")
        facts = {"text": str(info.get("title", "")), "info": info, "level": info["privacy_level"]}
        return self._upload(account, body, request, "v_pub_file~v2-1", **facts)

    @asks("video.upload")
    async def inbox(self, account: str, body: dict[str, Any], request: web.Request) -> web.Response:
        self.world.caps(account, draft=True)
        return self._upload(account, body, request, "v_inbox_file~v2", draft=True)

    @stores
    @asks("video.publish", "video.upload")
    async def content(self, account: str, body: dict[str, Any], request: web.Request) -> web.Response:
        draft = body.get("post_mode") == "MEDIA_UPLOAD"
        if body.get("media_type") != "PHOTO" or body.get("post_mode") not in ("DIRECT_POST", "MEDIA_UPLOAD"):
            raise Refusal(400, "invalid_param", "media_type or post_mode is wrong.")
        if draft:
            self.world.caps(account, draft=True)
        info = body.get("post_info") or {} if draft else self._info(account, body)
        photos = self._photos(body.get("source_info") or {})
        title, text = str(info.get("title", "")), str(info.get("description", ""))
        if count(title, "utf16") > 90 or count(text, "utf16") > 4000:
            raise Refusal(400, "invalid_param", "The title or the description is too long.")
        number = self.world.begin(
            account, "p_inbox_url~v2" if draft else "p_pub_url~v2", draft=draft, pulled=True, info=info, title=title,
            text=text, level=info.get("privacy_level", ""), media=[{"url": url} for url in photos],
        )  # fmt: skip
        self.world.arrived(number)
        return good({"publish_id": number})

    @asks("video.publish", "video.upload")
    async def status(self, account: str, body: dict[str, Any], request: web.Request) -> web.Response:
        return good(self.world.told(account, str(body.get("publish_id", ""))))

    @asks("video.list")
    async def query(self, account: str, body: dict[str, Any], request: web.Request) -> web.Response:
        ids = (body.get("filters") or {}).get("video_ids") or []
        if not 1 <= len(ids) <= 20:
            raise Refusal(400, "invalid_params", "One to twenty video_ids.")
        found = [i for i in self.platform.posts(account) if i.id in ids and i.id.isdecimal()]
        fields = request.query.get("fields", "").split(",")
        rows = []
        for item in found:
            every = {
                "id": item.id,
                "view_count": item.counts.get("views", 0),
                "like_count": item.counts.get("likes", 0),
                "comment_count": self.platform.replies(item.id),
                "share_count": item.counts.get("shares", 0),
            }
            rows.append({field: every[field] for field in fields if field in every})
        return good({"videos": rows})

    @stores
    async def put(self, request: web.Request) -> web.Response:
        return await uploads.put(self.world, request)

    def _info(self, account: str, body: dict[str, Any]) -> dict[str, Any]:
        self.world.caps(account, draft=False)
        info = body.get("post_info")
        if not isinstance(info, dict):
            raise Refusal(400, "invalid_param", "post_info is missing.")
        self.world.check_privacy(account, info.get("privacy_level"), bool(info.get("brand_content_toggle")))
        return info

    def _photos(self, source: dict[str, Any]) -> list[str]:
        photos = source.get("photo_images")
        if (
            source.get("source") != "PULL_FROM_URL"
            or not isinstance(photos, list)
            or not 1 <= len(photos) <= 35
        ):
            raise Refusal(400, "invalid_param", "photo_images are wrong.")
        verified = tuple(
            self.platform.memory.get("verified", ["https://", "http://127.0.0.1", "http://localhost"])
        )
        if not all(str(url).startswith(verified) for url in photos):
            raise Refusal(403, "url_ownership_unverified")
        return [str(url) for url in photos]

    def _upload(
        self, account: str, body: dict[str, Any], request: web.Request, prefix: str, **facts: Any
    ) -> web.Response:
        figures = uploads.check_source(body.get("source_info"))
        media = [{"bytes": figures["size"]}]
        number = self.world.begin(
            account, prefix, ends=uploads.ends(self.world), media=media, **figures, **facts
        )
        url = f"{request.scheme}://{request.host}/video/?upload_id={number}&upload_token=t"
        return good({"publish_id": number, "upload_url": url})
