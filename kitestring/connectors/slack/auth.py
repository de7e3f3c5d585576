"""Connecting Slack: the bot token of the operator's own app, and the channel it posts to; its rights are read, not assumed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from kitestring.connectorkit.contract import Connected, Grant, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.slack.client import Workspace, workspace
from kitestring.kit.http import Answer, Client

_ID = re.compile(r"(?:https?://\S+/archives/)?([CG][A-Z0-9]{2,})(?:[/?]\S*)?")
PAGES: Final = 25  # pages of 200 channels that are looked through for a name


async def connect(http: Client, urls: Mapping[str, str], answers: Mapping[str, str]) -> Connected:
    """Raises Rejected("bot_token") for a token that is none or unknown, Rejected("channel") for a channel not seen."""
    token, typed = answers["bot_token"].strip(), answers["channel"].strip()
    if not token.startswith("xoxb-"):
        raise Rejected("bot_token", "bot_token_wrong")
    place = Workspace(http, urls["api"], token)
    try:
        me, answer = await place.told("auth.test")
    except (GrantExpired, Rejected) as error:
        if error.reason == "version_retired":
            raise
        raise Rejected("bot_token", "bot_token_wrong", said=error.said) from error
    scopes = rights(answer)
    channel = await _channel(place, typed)
    name = str(channel.get("name") or channel["id"])
    return Connected(
        remote_id=str(channel["id"]),
        handle=f"#{name}",
        name=f"{me['team']} #{name}",
        grant=Grant({"bot_token": token}, scopes),
        account_type="",
        capabilities=told(scopes, channel),
        settings={
            "channel": str(channel["id"]),
            "team": str(me["team_id"]),
            "user_id": str(me["user_id"]),
            "bot_id": str(me.get("bot_id") or ""),
            "workspace": str(me["url"]),
        },
    )


async def renew(session: Session) -> Grant:
    """A bot's token does not end: the grant with the rights it has now, after one call that proves it still opens."""
    _me, answer = await workspace(session).told("auth.test")
    return Grant(session.grant.secrets, rights(answer) or session.grant.scopes)


def rights(answer: Answer) -> tuple[str, ...]:
    """The token's scopes, which Slack names in a header of every answer."""
    return tuple(one.strip() for one in answer.headers.get("x-oauth-scopes", "").split(",") if one.strip())


async def info(place: Workspace, channel: str, **more: str) -> dict[str, Any]:
    """The conversation as Slack describes it."""
    return dict((await place.read("conversations.info", channel=channel, **more))["channel"])


async def _channel(place: Workspace, typed: str) -> dict[str, Any]:
    """By its id or link; by its name among all that the bot sees."""
    try:
        if found := _ID.fullmatch(typed):
            return await info(place, found[1])
        return await _by_name(place, typed.lstrip("#").lower())
    except Rejected as error:
        if error.field != "account":
            raise
        reason = error.reason if error.reason == "scope_missing" else "channel_unknown"
        raise Rejected("channel", reason, said=error.said) from error


async def _by_name(place: Workspace, name: str) -> dict[str, Any]:
    cursor = ""
    for _page in range(PAGES):
        more = {"cursor": cursor} if cursor else {}
        page = await place.read("conversations.list", types="public_channel", limit="200", **more)
        for channel in page["channels"]:
            if str(channel.get("name", "")).lower() == name:
                return dict(channel)
        cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            break
    raise Rejected("channel", "channel_unknown")


def told(scopes: Collection[str], channel: Mapping[str, Any]) -> dict[str, bool | str]:
    """Capability -> True, or the sentence that says why not. Where Slack named no rights, none is called missing."""

    def has(*wanted: str) -> bool:
        return not scopes or set(wanted) <= set(scopes)

    history = "groups:history" if channel.get("is_private") else "channels:history"
    writes: bool | str = has("chat:write") or "no_chat_write"
    if not channel.get("is_member", True):
        writes = "not_in_channel"
    if channel.get("is_archived"):
        writes = "channel_archived"
    reads: bool | str = has(history) or "no_history"
    return {
        "publishing": writes,
        "media": has("files:write") or "no_files_write",
        "inbox": reads,
        "mentions": reads,
        "metrics": reads,
        "message": has("im:read", "im:history") or "no_messages",
        "like": has("reactions:write") or "no_reactions_write",
    }
