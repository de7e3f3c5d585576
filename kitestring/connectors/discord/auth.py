"""Connecting Discord: a bot's token and the channel it posts to, or an incoming webhook's address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from kitestring.connectorkit.contract import Connected, Grant, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.discord import permissions as rights
from kitestring.connectors.discord.client import WEBHOOK, Caller, caller, hook_path, is_webhook
from kitestring.kit.http import Client

_HOOK = re.compile(r"https?://\S+/webhooks/(\d{1,20})/([A-Za-z0-9_-]{20,120})(?:\?\S*)?")
_CHANNEL = re.compile(r"(?:\S*/channels/\d+/)?(\d{1,20})")
# discord/discord-api-docs, developers/resources/channel.mdx: text, announcement, and the three kinds of threads.
WRITTEN_IN: Final = {0, 5, 10, 11, 12}
FORUMS: Final = {15, 16}
# Flags of the app (developers/resources/application.mdx): the Message Content intent, approved or of a small app.
CONTENT: Final = 1 << 18 | 1 << 19


async def connect(http: Client, urls: Mapping[str, str], answers: Mapping[str, str]) -> Connected:
    """Which of the two was typed decides. Raises Rejected with the field that is wrong."""
    typed = {key: (value or "").strip() for key, value in answers.items()}
    if hook := typed.get("webhook_url"):
        found = _HOOK.fullmatch(hook)
        if found is None:
            raise Rejected("webhook_url", "webhook_url_wrong")
        if typed.get("bot_token"):
            raise Rejected("webhook_url", "one_of_both")
        return await _by_webhook(http, urls, found[1], found[2], typed.get("thread", ""))
    if not typed.get("bot_token"):
        raise Rejected("bot_token", "one_of_both")
    channel = _CHANNEL.fullmatch(typed.get("channel", ""))
    if channel is None:
        raise Rejected("channel", "channel_unknown")
    return await _by_bot(Caller(http, urls["api"], typed["bot_token"]), channel[1])


async def renew(session: Session) -> Grant:
    """Neither ends by itself: the grant as it is, after one call that proves it still opens."""
    await caller(session).read(hook_path(session) if is_webhook(session) else "/users/@me")
    return session.grant


async def _by_webhook(
    http: Client, urls: Mapping[str, str], number: str, secret: str, thread: str
) -> Connected:
    if thread and not thread.isdecimal():
        raise Rejected("thread", "channel_unknown")
    try:
        hook = await Caller(http, urls["api"], secret=secret).read(f"/webhooks/{number}/{secret}")
    except (GrantExpired, Rejected) as error:
        raise Rejected("webhook_url", "webhook_url_wrong", said=error.said) from error
    name = str(hook.get("name") or "Webhook")
    settings = {"channel": hook.get("channel_id"), "guild": hook.get("guild_id"), "thread": thread}
    return Connected(
        remote_id=number,
        handle=name,
        name=name,
        grant=Grant({"webhook": secret}),
        account_type=WEBHOOK,
        settings={key: value for key, value in settings.items() if value},
    )


async def _by_bot(bot: Caller, number: str) -> Connected:
    try:
        me = await bot.read("/users/@me")
    except (GrantExpired, Rejected) as error:
        raise Rejected("bot_token", "bot_token_wrong", said=error.said) from error
    try:
        channel = await bot.read(f"/channels/{number}")
    except (GrantExpired, Rejected) as error:
        raise Rejected("channel", "channel_unknown", said=error.said) from error
    if channel.get("type") not in WRITTEN_IN:
        forum = channel.get("type") in FORUMS
        raise Rejected("channel", "forum_needs_thread" if forum else "channel_kind")
    server = await bot.read(f"/guilds/{channel['guild_id']}/preview")
    return Connected(
        remote_id=str(channel["id"]),
        handle=f"#{channel['name']}",
        name=f"{server['name']} #{channel['name']}",
        grant=Grant({"bot_token": bot.token}),
        account_type="bot",
        capabilities=told(await bits(bot, me, channel), await sees_words(bot), channel["type"]),
        settings={
            "channel": str(channel["id"]),
            "guild": str(channel["guild_id"]),
            "bot_id": str(me["id"]),
            "kind": channel["type"],
        },
    )


async def bits(bot: Caller, me: Mapping[str, Any], channel: Mapping[str, Any]) -> int:
    """What the bot may do in the channel; a thread has the rights of the channel it hangs on."""
    guild = str(channel["guild_id"])
    held = (await bot.read(f"/guilds/{guild}/members/{me['id']}"))["roles"]
    roles = await bot.read(f"/guilds/{guild}/roles")
    over = channel
    if channel["type"] in rights.THREADS and channel.get("parent_id"):
        over = await bot.read(f"/channels/{channel['parent_id']}")
    return rights.may(guild, str(me["id"]), held, roles, over)


async def sees_words(bot: Caller) -> bool:
    """Whether the app has the Message Content intent: without it others' words arrive empty."""
    return bool(int((await bot.read("/applications/@me"))["flags"]) & CONTENT)


def told(may: int, words: bool, kind: int) -> dict[str, bool | str]:
    """Capability -> True, or the sentence that says why not."""
    send = rights.SEND_MESSAGES_IN_THREADS if kind in rights.THREADS else rights.SEND_MESSAGES
    reads: bool | str = bool(may & rights.READ_MESSAGE_HISTORY) or "no_history"
    if reads is True and not words:
        reads = "no_message_content"
    return {
        "publishing": bool(may & send) or "cannot_send",
        "media": bool(may & rights.ATTACH_FILES) or "cannot_attach",
        "inbox": reads,
        "mentions": reads,
        "metrics": bool(may & rights.READ_MESSAGE_HISTORY) or "no_history",
        "like": bool(may & rights.ADD_REACTIONS) or "cannot_react",
        "remove": bool(may & rights.MANAGE_MESSAGES) or "cannot_remove",
    }
