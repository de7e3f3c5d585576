"""Connecting a Telegram channel or group: a bot's token and where it posts; rights and comments are probed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kitestring.connectorkit.contract import Connected, Grant, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.telegram.client import Bot, bot
from kitestring.kit.http import Client

INSIDE = {"creator", "administrator", "member", "restricted"}


async def connect(http: Client, urls: Mapping[str, str], answers: Mapping[str, str]) -> Connected:
    """The chat, and what the bot may do there.

    Raises Rejected("bot_token") for a token Telegram does not know, Rejected("chat") for a chat the bot is not in.
    """
    token, named = answers["bot_token"].strip(), _chat(answers["chat"])
    caller = Bot(http, urls["api"], token)
    try:
        me: dict[str, Any] = await caller.call("getMe")
    except GrantExpired as error:
        raise Rejected("bot_token", "bot_token_wrong", said=error.said) from error
    try:
        chat: dict[str, Any] = await caller.call("getChat", chat_id=named)
        member: dict[str, Any] = await caller.call("getChatMember", chat_id=chat["id"], user_id=me["id"])
    except GrantExpired as error:
        raise Rejected("chat", "chat_unknown", said=error.said) from error
    kind = "channel" if chat["type"] == "channel" else "group"
    discussion = chat.get("linked_chat_id") if kind == "channel" else chat["id"]
    return Connected(
        remote_id=str(chat["id"]),
        handle=f"@{chat['username']}" if chat.get("username") else "",
        name=str(chat.get("title") or named),
        grant=Grant({"bot_token": token}),
        account_type=kind,
        capabilities={
            "publish": may_post(kind, member) or "cannot_post",
            "comments": await hears(caller, me, discussion),
            "messages": not await webhook_of(caller) or "webhook_in_use",
            "remove": bool(member.get("can_delete_messages")) or "cannot_delete",
        },
        settings={"bot_id": me["id"], "bot_name": me.get("username", ""), "discussion": discussion},
    )


def _chat(typed: str) -> str | int:
    """ "@name", "t.me/name", "name" or a number such as -1001234567890."""
    text = typed.strip().rstrip("/").rpartition("/")[2]
    return int(text) if text.lstrip("-").isdecimal() else f"@{text.lstrip('@')}"


def may_post(kind: str, member: Mapping[str, Any]) -> bool:
    if kind == "channel":
        return member.get("status") == "administrator" and bool(member.get("can_post_messages"))
    return member.get("status") in {"administrator", "member"}


async def hears(caller: Bot, me: Mapping[str, Any], discussion: int | None) -> bool | str:
    """Whether comments reach the bot: True, or the sentence that says why not."""
    if await webhook_of(caller):
        return "webhook_in_use"
    if not discussion:
        return "no_discussion_group"
    try:
        there = await caller.call("getChatMember", chat_id=discussion, user_id=me["id"])
    except (GrantExpired, Rejected):
        return "not_in_discussion_group"
    if there.get("status") not in INSIDE:
        return "not_in_discussion_group"
    # With privacy mode on, a bot that is no administrator hears only what is addressed to it.
    return bool(there["status"] == "administrator" or me.get("can_read_all_group_messages")) or "privacy_mode"


async def webhook_of(caller: Bot) -> str:
    """The address that is told of updates instead of whoever asks; "" where there is none."""
    return str((await caller.call("getWebhookInfo")).get("url") or "")


async def renew(session: Session) -> Grant:
    """A bot's token does not end: the grant as it is, after one call that proves it still opens."""
    await bot(session).call("getMe")
    return session.grant
