"""A Bot API in miniature: one bot, one channel and its discussion group for every account name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Faults, Manners, Platform, stores
from kitestring.connectors.telegram.emulated import deeds, sending, updates
from kitestring.connectors.telegram.emulated.chats import (
    Refused,
    bot_of,
    chat_of,
    name_of,
    token_of,
    username_of,
)

PLATFORM = web.AppKey("platform", Platform)


def answers(base_url: str, account_name: str) -> dict[str, str]:
    """What a person types to connect as `account_name`: the token holds the name and its own check letters."""
    return {"bot_token": token_of(account_name), "chat": f"@{username_of(account_name)}"}


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The Bot API over `platform`. Comments become updates of the bot whose post they stand under."""
    manners = Manners(
        busy=lambda: _no(429, "Too Many Requests: retry later", retry_after=3),
        unauthorized=lambda: _no(401, "Unauthorized"),
        broken=lambda: _no(500, "Internal Server Error"),
    )
    app = web.Application(middlewares=[(faults or Faults()).middleware(manners)], client_max_size=120_000_000)
    app[PLATFORM] = platform
    storing = {
        "sendMessage": sending.send_message,
        "sendPhoto": sending.send_photo,
        "sendVideo": sending.send_video,
        "sendMediaGroup": sending.send_album,
        "sendPoll": sending.send_poll,
    }
    plain = {
        "getMe": _get_me,
        "getChat": _get_chat,
        "getChatMember": _get_member,
        "getChatMemberCount": deeds.count_members,
        "getWebhookInfo": _get_webhook,
        "getUpdates": updates.get_updates,
        "editMessageText": deeds.edit_text,
        "editMessageCaption": deeds.edit_caption,
        "setMessageReaction": deeds.react,
        "deleteMessage": deeds.delete,
    }
    for method, act in (*storing.items(), *plain.items()):
        handler = _door(act)
        app.router.add_route(
            "*", f"/bot{{token}}/{method}", stores(handler) if method in storing else handler
        )
    app.router.add_get("/{name}/{message}", _page)
    platform.listen(lambda item: updates.announce(platform, item))
    return app


def _no(status: int, description: str, **parameters: int) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return web.json_response(body, status=status)


Act = Callable[[Platform, str, Mapping[str, Any]], Any]


def _door(act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The vendor's envelope around a method: who calls, with what, and what came of it."""

    async def handle(request: web.Request) -> web.Response:
        platform = request.app[PLATFORM]
        try:
            name = name_of(request.match_info["token"])
            seen: list[str] = platform.memory.setdefault("names", [])
            if name not in seen:
                seen.append(name)
            result = act(platform, name, await _params(request))
        except Refused as refused:
            return _no(refused.status, str(refused))
        return web.json_response({"ok": True, "result": result})

    return handle


async def _params(request: web.Request) -> dict[str, Any]:
    """Parameters as JSON or as a form, where everything but files is text."""
    if request.content_type == "multipart/form-data":
        found: dict[str, Any] = {}
        for key, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                found[key] = len(value.file.read())
            else:
                found[key] = value
        return found
    return dict(await request.json()) if request.body_exists else dict(request.query)


def _get_me(platform: Platform, name: str, params: Mapping[str, Any]) -> Any:
    return bot_of(name)


def _get_chat(platform: Platform, name: str, params: Mapping[str, Any]) -> Any:
    channel = chat_of(name)
    if params.get("chat_id") not in (f"@{channel['username']}", channel["id"]):
        raise Refused(400, "Bad Request: chat not found")
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
        False,
    )
    linked = chat_of(name, group=True)["id"]
    return {
        **channel, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts,
        "linked_chat_id": linked,
    }  # fmt: skip


RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
    "can_delete_stories",
)  # fmt: skip


def _get_member(platform: Platform, name: str, params: Mapping[str, Any]) -> Any:
    """An administrator with every right, but for those a test took away."""
    return {
        "status": "administrator",
        "user": bot_of(name),
        "can_be_edited": False,
        "is_anonymous": False,
        **dict.fromkeys(RIGHTS, True),
        "can_post_messages": True,
        "can_edit_messages": True,
        **dict.fromkeys(platform.memory.get("without", []), False),
    }


def _get_webhook(platform: Platform, name: str, params: Mapping[str, Any]) -> Any:
    told = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
    return {**told, **platform.memory.get("webhook", {})}


async def _page(request: web.Request) -> web.Response:
    """A message as its public page shows it."""
    item = deeds.page_of(request.app[PLATFORM], request.match_info["message"])
    if item is None:
        raise web.HTTPNotFound
    return web.Response(text=f"{item.author_name}\n\n{item.text}\n", content_type="text/plain")
