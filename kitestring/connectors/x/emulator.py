"""X's API v2 for tests and the demo. Accounts are made when first asked for; "premium" in a name has the longer limits.

Time is the platform's, in the ids and in the Date of every answer. Not emulated: what posts and messages cost.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from email.utils import format_datetime
from functools import wraps
from typing import Any

from aiohttp import web

from kitestring.connectorkit import consent
from kitestring.connectorkit.emulation import Faults, Item, Manners, Platform, stores, takes_files
from kitestring.connectorkit.hooks import Knock
from kitestring.connectors.x.emulated import calls, files, problems, views
from kitestring.connectors.x.emulated.calls import answered, challenge
from kitestring.connectors.x.emulated.limits import Limits
from kitestring.connectors.x.emulated.posting import Posting
from kitestring.connectors.x.emulated.problems import Refusal, problem
from kitestring.connectors.x.emulated.world import World, page_of
from kitestring.connectors.x.ids import made_at

__all__ = ["answered", "answers", "app", "build", "challenge", "lose_files", "pushes", "without_quotas"]
TOKEN = "/2/oauth2/token"  # noqa: S105 - an address
PRIVATE_DAYS = 30
lose_files = files.lose
Handler = Callable[[Any, web.Request, str], Awaitable[web.Response]]


def answers(base_url: str, account_name: str) -> dict[str, str]:
    """What a person types when connecting; who they are there they say on X's own page."""
    return {"messages": "yes"}


def app(base_url: str) -> dict[str, str]:
    """The operator's app as it is known here."""
    return {"client_id": consent.CLIENT, "client_secret": consent.SECRET, "api_secret": calls.API_SECRET}


def without_quotas(platform: Platform) -> None:
    """No limits of calls, and the same words as often as one likes."""
    platform.memory["no_limits"] = True


def pushes(platform: Platform, secrets: Mapping[str, str]) -> list[Knock]:
    """What it would call the app's address with now, each thing once."""
    return list(calls.calls(platform))


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The calls our connector uses, over this platform."""
    there = _X(platform)
    manners = Manners(
        busy=lambda: problem(429, "Too Many Requests", "Too Many Requests"),
        unauthorized=lambda: problem(401, "Unauthorized", "Unauthorized"),
        broken=lambda: problem(500, "Internal Server Error", "Something is broken.", "internal-error"),
        retired=lambda: problem(410, "Gone", "This version of the API has been switched off."),
    )
    middlewares = [_clock(platform), _token_words, (faults or Faults()).middleware(manners), _refusals]
    made = web.Application(middlewares=middlewares, client_max_size=40_000_000)
    add = made.router.add_route
    add("*", "/i/oauth2/authorize", there.desk.page)
    add("POST", TOKEN, there.desk.token)
    add("POST", "/2/oauth2/revoke", there.desk.revocation)
    for method, path, handler in there.routes():
        add(method, f"/2/{path}", handler)
    return made


def _clock(platform: Platform) -> Any:
    """Every answer tells the platform's time."""

    @web.middleware
    async def tell(request: web.Request, handler: Any) -> web.StreamResponse:
        answer: web.StreamResponse = await handler(request)
        answer.headers["Date"] = format_datetime(platform.clock(), usegmt=False)
        return answer

    return tell


@web.middleware
async def _token_words(request: web.Request, handler: Any) -> web.StreamResponse:
    """The token's address words an ended consent in its own way."""
    answer: web.StreamResponse = await handler(request)
    if request.path == TOKEN and answer.status == 401 and answer.content_type == "application/problem+json":
        said = {"error": "invalid_request", "error_description": "Value passed for the token was invalid."}
        return web.json_response(said, status=400)
    return answer


@web.middleware
async def _refusals(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        answer: web.StreamResponse = await handler(request)
    except Refusal as refusal:
        return refusal.answer
    except web.HTTPNotFound:
        return problem(404, "Not Found", "Not Found")
    return answer


def asks(rule: str, *scopes: str) -> Callable[[Handler], Any]:
    """A handler that is given the account: its token, its scopes and its rate limit are looked at first."""

    def wrap(handler: Handler) -> Any:
        @wraps(handler)
        async def guarded(self: _X, request: web.Request) -> web.Response:
            account = self.who(request, scopes)
            headers = self.limits.take(account, rule)
            answer = await handler(self, request, account)
            answer.headers.update(headers)
            return answer

        return guarded

    return wrap


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        found = json.loads(await request.read() or b"{}")
    except ValueError as error:
        raise problems.invalid("The body is not valid JSON", body="") from error
    return found if isinstance(found, dict) else {}


def _data(data: Any, status: int = 200) -> web.Response:
    return web.json_response({"data": data}, status=status)


class _X:
    def __init__(self, platform: Platform) -> None:
        self.platform, self.world = platform, World(platform)
        self.files, self.limits = files.Files(self.world), Limits(platform)
        self.posting = Posting(self.world, self.files)
        self.desk = consent.Desk(
            platform, "X", access=7200, refresh=180 * 86400, rotates=True, pkce=True, basic=True
        )

    def routes(self) -> list[tuple[str, str, Any]]:
        return [
            ("GET", "users/me", self.me),
            ("GET", "users/{id}/tweets", self.timeline),
            ("GET", "users/{id}/mentions", self.mentions),
            ("POST", "users/{id}/likes", self.like),
            ("DELETE", "users/{id}/likes/{tweet}", self.unlike),
            ("POST", "tweets", self.post),
            ("GET", "tweets", self.several),
            ("GET", "tweets/analytics", self.analytics),
            ("DELETE", "tweets/{id}", self.delete),
            ("PUT", "tweets/{id}/hidden", self.hide),
            ("POST", "media/upload/initialize", self.begin_file),
            ("POST", "media/upload/{id}/append", self.add_piece),
            ("POST", "media/upload/{id}/finalize", self.end_file),
            ("GET", "media/upload", self.file_status),
            ("POST", "media/metadata", self.describe),
            ("GET", "dm_events", self.messages),
            ("GET", "dm_conversations/{talk}/dm_events", self.talk),
            ("POST", "dm_conversations/{talk}/messages", self.send),
            ("DELETE", "dm_events/{event}", self.unsend),
        ]

    def who(self, request: web.Request, scopes: tuple[str, ...]) -> str:
        account = self.desk.bearer(request)
        if account is None:
            raise Refusal(problem(401, "Unauthorized", "Unauthorized"))
        token = request.headers["Authorization"].partition(" ")[2]
        given = set(self.desk.kept["access"][token]["scope"].split())
        if not set(scopes) <= given:
            raise problems.forbidden("Forbidden")
        wanted = request.match_info.get("id", "")
        if request.path.startswith("/2/users/") and wanted not in ("", self.world.number(account)):
            raise problems.forbidden("You are not permitted to perform this action.")
        return account

    def item(self, remote_id: str) -> Item:
        found = self.world.find(remote_id)
        if found is None or not self.world.is_post(found):
            raise problems.not_found("tweet", remote_id)
        return found

    @asks("me", "users.read", "tweet.read")
    async def me(self, request: web.Request, account: str) -> web.Response:
        title = account.replace("-", " ").title()
        return _data(views.person(self.world, account, title, views.wanted(request.query, "user.fields")))

    @asks("timeline", "tweet.read", "users.read")
    async def timeline(self, request: web.Request, account: str) -> web.Response:
        return self._page(request, self.world.posts_of(account))

    @asks("mentions", "tweet.read", "users.read")
    async def mentions(self, request: web.Request, account: str) -> web.Response:
        return self._page(request, self.world.mentions_of(account))

    def _page(self, request: web.Request, found: list[Item]) -> web.Response:
        """A page of posts, newest first, those after `since_id`."""
        query = request.query
        most = int(query.get("max_results", "10"))
        if not 5 <= most <= 100:
            raise problems.invalid("max_results is not between 5 and 100", max_results=most)
        since = int(query.get("since_id", "0"))
        newer = [item for item in found if int(self.world.id_of(item)) > since]
        items, token = page_of(newer, query.get("pagination_token", ""), most)
        body: dict[str, Any] = {"meta": {"result_count": len(items)}}
        if items:
            body["data"] = [views.post(self.world, item, query) for item in items]
            body["meta"] |= {"newest_id": body["data"][0]["id"], "oldest_id": body["data"][-1]["id"]}
            body["includes"] = views.included(self.world, items, query)
        if token:
            body["meta"]["next_token"] = token
        return web.json_response(body)

    @stores
    @asks("post", "tweet.read", "tweet.write", "users.read")
    async def post(self, request: web.Request, account: str) -> web.Response:
        item = self.posting.post(account, await _body(request))
        text, _ = views.words(self.world, item)
        return _data({"id": item.id, "text": text, "edit_history_post_ids": [item.id]}, 201)

    @asks("posts", "tweet.read", "users.read")
    async def several(self, request: web.Request, account: str) -> web.Response:
        """The posts that are there; about the others, and about numbers that are not told, an error each."""
        data, errors = [], []
        for remote_id in request.query.get("ids", "").split(",")[:100]:
            item = self.world.find(remote_id)
            if item is None or not self.world.is_post(item):
                errors.append(problems.missing("tweet", remote_id))
                continue
            shown = views.post(self.world, item, request.query)
            if "non_public_metrics" in shown and not self._tells(item, account):
                del shown["non_public_metrics"]
                errors.append(problems.field_refused(remote_id, "non_public_metrics"))
            data.append(shown)
        body = {key: value for key, value in (("data", data), ("errors", errors)) if value}
        return web.json_response(body)

    def _tells(self, item: Item, account: str) -> bool:
        """Whether the account is told the numbers that only an author sees."""
        age = self.platform.clock() - made_at(self.world.id_of(item))
        return item.author == account and age.days < PRIVATE_DAYS

    @asks("analytics", "tweet.read", "users.read")
    async def analytics(self, request: web.Request, account: str) -> web.Response:
        if not request.query.get("start_time") or not request.query.get("end_time"):
            raise problems.invalid("start_time and end_time are required", start_time="")
        found = [self.world.find(one) for one in request.query.get("ids", "").split(",")]
        own = [item for item in found if item is not None and item.author == account]
        stamp = request.query["start_time"]
        return _data([
            {
                "id": self.world.id_of(item),
                "timestamped_metrics": [{"timestamp": stamp, "metrics": {"shares": item.counts.get("shares", 0)}}],
            }
            for item in own
        ])  # fmt: skip

    @asks("delete", "tweet.write", "tweet.read", "users.read")
    async def delete(self, request: web.Request, account: str) -> web.Response:
        item = self.item(request.match_info["id"])
        if item.author != account:
            raise problems.forbidden("You are not permitted to delete this Tweet.")
        self.platform.remove(item.id)
        return _data({"deleted": True})

    @asks("hide", "tweet.moderate.write", "tweet.read", "users.read")
    async def hide(self, request: web.Request, account: str) -> web.Response:
        item, hidden = self.item(request.match_info["id"]), (await _body(request)).get("hidden")
        root = self.platform.items.get(item.root)
        if root is None or root.author != account:
            raise problems.forbidden("You can only hide replies to your own conversations.")
        item.extra["hidden"] = bool(hidden)
        return _data({"hidden": bool(hidden)})

    @asks("like", "like.write", "tweet.read", "users.read")
    async def like(self, request: web.Request, account: str) -> web.Response:
        self.item(str((await _body(request)).get("tweet_id"))).extra["liked"] = True
        return _data({"liked": True})

    @asks("like", "like.write", "tweet.read", "users.read")
    async def unlike(self, request: web.Request, account: str) -> web.Response:
        self.item(request.match_info["tweet"]).extra["liked"] = False
        return _data({"liked": False})

    @asks("upload", "media.write")
    async def begin_file(self, request: web.Request, account: str) -> web.Response:
        return _data(self.files.begin(account, await _body(request)))

    @takes_files
    @asks("upload", "media.write")
    async def add_piece(self, request: web.Request, account: str) -> web.Response:
        form = await request.post()
        media, number = form.get("media"), str(form.get("segment_index") or "")
        if not isinstance(media, web.FileField) or not number.isdecimal():
            raise problems.invalid("media and segment_index are required", segment_index=number)
        return _data(self.files.add(account, request.match_info["id"], int(number), media.file.read()))

    @asks("upload", "media.write")
    async def end_file(self, request: web.Request, account: str) -> web.Response:
        return _data(self.files.end(account, request.match_info["id"]))

    @asks("status", "media.write")
    async def file_status(self, request: web.Request, account: str) -> web.Response:
        return _data(self.files.status(account, request.query.get("media_id", "")))

    @asks("describe", "media.write")
    async def describe(self, request: web.Request, account: str) -> web.Response:
        return _data(self.files.describe(account, await _body(request)))

    @asks("read messages", "dm.read", "tweet.read", "users.read")
    async def messages(self, request: web.Request, account: str) -> web.Response:
        return self._events(request, account, self.world.messages_of(account))

    @asks("read messages", "dm.read", "tweet.read", "users.read")
    async def talk(self, request: web.Request, account: str) -> web.Response:
        return self._events(request, account, self._said_in(request.match_info["talk"], account))

    def _said_in(self, talk: str, account: str) -> list[Item]:
        return [i for i in self.world.messages_of(account) if self.world.talk(i, account) == talk]

    def _events(self, request: web.Request, account: str, found: list[Item]) -> web.Response:
        query, most = request.query, int(request.query.get("max_results", "100"))
        items, token = page_of(found, query.get("pagination_token", ""), most)
        body: dict[str, Any] = {"meta": {"result_count": len(items)}}
        if items:
            body["data"] = [views.message(self.world, item, account, query) for item in items]
            body["includes"] = views.included(self.world, items, query)
        if token:
            body["meta"]["next_token"] = token
        return web.json_response(body)

    @stores
    @asks("send message", "dm.write", "dm.read", "tweet.read", "users.read")
    async def send(self, request: web.Request, account: str) -> web.Response:
        """Into a talk that somebody began."""
        talk, text = request.match_info["talk"], (await _body(request)).get("text")
        if not isinstance(text, str) or not text:
            raise problems.invalid("$.text: is missing but it is required", text=text)
        before = self._said_in(talk, account)
        if not before:
            raise problems.forbidden("You do not have permission to DM one or more participants.")
        number = self.world.new_id()
        item = Item(
            f"dm-{number}", account, text, self.platform.clock().isoformat(), "", before[0].root,
            account.replace("-", " ").title(), extra={"of": self.world.number(account)}, kind="message",
        )  # fmt: skip
        self.platform.add(item)
        return _data({"dm_conversation_id": talk, "dm_event_id": number}, 201)

    @asks("delete", "dm.write", "dm.read")
    async def unsend(self, request: web.Request, account: str) -> web.Response:
        item = self.world.find(request.match_info["event"])
        if item is None or item.kind != "message" or item.author != account:
            raise problems.not_found("dm_event", request.match_info["event"])
        self.platform.remove(item.id)
        return _data({"deleted": True})
