"""LINE's Messaging API for tests and the demo. Accounts are made when first asked for; id and secret are made of the name."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from kitestring.connectorkit.emulation import Faults, Manners, Platform
from kitestring.connectorkit.hooks import Knock
from kitestring.connectors.line.emulated import people, webhooks
from kitestring.connectors.line.emulated.answers import door, refusal
from kitestring.connectors.line.emulated.insight import Insight
from kitestring.connectors.line.emulated.sending import BUSY, Sending
from kitestring.connectors.line.emulated.tokens import INVALID, Tokens
from kitestring.connectors.line.emulated.webhooks import Webhooks

WAYS = ("broadcast", "narrowcast", "multicast", "push")


def answers(base_url: str, account_name: str) -> dict[str, str]:
    """What a person types to connect the account `account_name` here."""
    return {
        "channel_id": people.channel_id(account_name),
        "channel_secret": people.secret(account_name),
        "access_token": "",
    }


def pushes(platform: Platform, secrets: Mapping[str, str]) -> list[Knock]:
    """What LINE would post now: what people wrote and no call has told, a call for each account."""
    names = _names(platform)
    return [
        webhooks.knock(names[bot], [webhooks.event(item) for item in items])
        for bot, items in webhooks.untold(platform).items()
        if bot in names
    ]


def challenge(platform: Platform, secrets: Mapping[str, str]) -> Knock:
    """How it tries an address when somebody presses Verify: a signed call with no events."""
    return webhooks.knock(next(iter(_names(platform).values()), "nobody"), [])


def _names(platform: Platform) -> dict[str, str]:
    """Bot's user id -> account, of all that were ever connected here."""
    known = {row["account"] for row in platform.memory.get("line_tokens", {}).values()}
    return {people.user_id(name): name for name in sorted(known)}


def calls(platform: Platform, account: str, address: str) -> bool:
    """Whether LINE calls this address about the account."""
    found = webhooks.kept(platform).get(account, {})
    return bool(found.get("active")) and found.get("endpoint") == address


def stop_calling(platform: Platform, account: str) -> None:
    """Somebody cleared the webhook away on the console."""
    webhooks.kept(platform).pop(account, None)


def without_quotas(platform: Platform) -> None:
    """Any number of messages, and numbers told of few people too: the suite counts in small ones."""
    platform.memory.setdefault("line", {}).update({"limit": None, "tells_few": True})


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The calls that our connector uses, over this platform."""
    manners = Manners(
        busy=lambda: refusal(429, BUSY),
        unauthorized=lambda: refusal(401, INVALID),
        broken=lambda: refusal(500, "Internal server error"),
        retired=lambda: refusal(410, "This API has been discontinued"),
    )
    tokens = Tokens(platform)
    sending, insight = Sending(platform, tokens), Insight(platform, tokens)
    hooks, account = Webhooks(platform, tokens), _Account(platform, tokens)
    app = web.Application(middlewares=[(faults or Faults()).middleware(manners), door(platform)])
    app.router.add_post("/v2/oauth/accessToken", tokens.short)
    app.router.add_post("/oauth2/v3/token", tokens.stateless)
    app.router.add_post("/v2/oauth/verify", tokens.verify)
    for way in WAYS:
        app.router.add_post(f"/v2/bot/message/validate/{way}", sending.validate)
        app.router.add_post(f"/v2/bot/message/{way}", getattr(sending, way))
    app.router.add_get("/v2/bot/message/progress/narrowcast", sending.progress)
    app.router.add_get("/v2/bot/info", account.info)
    app.router.add_get("/v2/bot/message/quota", account.quota)
    app.router.add_get("/v2/bot/message/quota/consumption", account.consumption)
    app.router.add_get("/v2/bot/profile/{user}", hooks.profile)
    app.router.add_get("/v2/bot/channel/webhook/endpoint", hooks.endpoint)
    app.router.add_put("/v2/bot/channel/webhook/endpoint", hooks.put)
    app.router.add_post("/v2/bot/channel/webhook/test", hooks.test)
    app.router.add_get("/v2/bot/insight/message/event", insight.message)
    app.router.add_get("/v2/bot/insight/followers", insight.followers)
    return app


class _Account:
    def __init__(self, platform: Platform, tokens: Tokens) -> None:
        self.platform, self.tokens = platform, tokens

    async def info(self, request: web.Request) -> web.Response:
        name = self.tokens.account(request)
        told = {
            "userId": people.user_id(name),
            "basicId": f"@{people.secret(name)[:8]}",
            "displayName": people.title(name),
            "pictureUrl": "https://profile.line-scdn.test/bot",
            "chatMode": "bot",
            "markAsReadMode": "auto",
        }
        return web.json_response(told)

    async def quota(self, request: web.Request) -> web.Response:
        self.tokens.account(request)
        limit = self.platform.memory.get("line", {}).get("limit")
        return web.json_response({"type": "none"} if limit is None else {"type": "limited", "value": limit})

    async def consumption(self, request: web.Request) -> web.Response:
        self.tokens.account(request)
        return web.json_response({"totalUsage": int(self.platform.memory.get("line", {}).get("used", 0))})
