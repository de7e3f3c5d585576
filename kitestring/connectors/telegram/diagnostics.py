"""What may be wrong with an account: the bot's token, its rights in the channel and the group, who else reads it."""

from __future__ import annotations

from typing import Any

from kitestring.connectorkit.contract import Examined, Finding, Session
from kitestring.connectorkit.errors import GrantExpired
from kitestring.connectors.telegram import auth
from kitestring.connectors.telegram.client import Bot, bot


async def examine(session: Session) -> Examined:
    """Raises GrantExpired when the token no longer opens, RetryLater when Telegram does not answer."""
    caller = bot(session)
    me: dict[str, Any] = await caller.call("getMe")
    found = [Finding("good", "health_good")]
    try:
        chat: dict[str, Any] = await caller.call("getChat", chat_id=int(session.remote_id))
        member: dict[str, Any] = await caller.call(
            "getChatMember", chat_id=int(session.remote_id), user_id=me["id"]
        )
    except GrantExpired as error:
        return Examined((Finding("bad", error.reason),))
    kind = session.account_type or "channel"
    if not auth.may_post(kind, member):
        found.append(Finding("bad", "cannot_post"))
    if not member.get("can_delete_messages"):
        found.append(Finding("warning", "cannot_delete"))
    discussion = chat.get("linked_chat_id") if kind == "channel" else chat["id"]
    heard = await auth.hears(caller, me, discussion)
    if isinstance(heard, str):
        found.append(Finding("warning", heard))
    elif discussion != session.settings.get("discussion"):
        found.append(Finding("good", "discussion_changed"))
    found += await _waiting(caller)
    return Examined(tuple(found), settings={"discussion": discussion})


async def _waiting(caller: Bot) -> list[Finding]:
    """Updates that nobody fetched: Telegram throws them away after a day."""
    waiting = int((await caller.call("getWebhookInfo")).get("pending_update_count") or 0)
    return [Finding("good", "updates_waiting", {"count": waiting})] if waiting else []
