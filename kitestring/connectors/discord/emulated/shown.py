"""How messages, channels and servers look in Discord's answers, every field that its description requires."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kitestring.connectorkit.emulation import Item, Platform
from kitestring.connectors.discord.emulated import world

EVERYBODY = sum(1 << bit for bit in (6, 10, 11, 15, 16, 38))
MODERATOR = 1 << 13


def message(platform: Platform, name: str, item: Item, *, nested: bool = False) -> dict[str, Any]:
    """A message as the bot of `name` sees it."""
    thread = str(item.extra.get("thread", ""))
    told: dict[str, Any] = {
        "type": 0, "content": item.extra.get("content", item.text), "mentions": [], "mention_roles": [],
        "attachments": [_file(item, place) for place in range(len(item.media))],
        "embeds": [{**one, "type": "rich"} for one in item.extra.get("embeds", ())],
        "timestamp": item.at, "edited_timestamp": item.extra.get("edited"),
        "flags": item.extra.get("flags", 0), "components": [], "id": world.snowflake(item),
        "channel_id": thread or world.channel(name), "author": _author(name, item), "pinned": False,
        "mention_everyone": False, "tts": False,
    }  # fmt: skip
    if item.extra.get("webhook"):
        told["webhook_id"] = world.hook_id(name)
    if item.kind == "mention":
        told["content"] = f"<@{world.bot_id(name)}> {item.text}"
        told["mentions"] = [world.user(name, world.bot_id(name), robot=True)]
    if nonce := _nonce(platform, item):
        told["nonce"] = nonce
    if reactions := _reactions(item):
        told["reactions"] = reactions
    _answers(platform, name, item, told, nested)
    return told


def _author(name: str, item: Item) -> dict[str, Any]:
    if item.extra.get("webhook"):
        return world.user(name, world.hook_id(name), robot=True)
    if item.author == name:
        return world.user(name, world.bot_id(name), robot=True)
    return world.user(item.author_name or item.author, world.person(item.author))


def _answers(platform: Platform, name: str, item: Item, told: dict[str, Any], nested: bool) -> None:
    above = platform.items.get(item.parent) if item.parent else None
    if above is None or item.extra.get("thread") == above.id:
        return
    told["type"] = 19
    told["message_reference"] = {
        "type": 0, "channel_id": told["channel_id"], "message_id": world.snowflake(above),
        "guild_id": world.guild(name),
    }  # fmt: skip
    if not nested:
        told["referenced_message"] = message(platform, name, above, nested=True)


def _nonce(platform: Platform, item: Item) -> str:
    """Discord keeps a nonce for some minutes; whether a message read again still shows it then, no document says."""
    if platform.memory.get("forgets_nonces") or not item.extra.get("nonce"):
        return ""
    return str(item.extra["nonce"]) if remembered(platform, item) else ""


def remembered(platform: Platform, item: Item) -> bool:
    return platform.clock() - datetime.fromisoformat(item.at) < world.KEPT


def _file(item: Item, place: int) -> dict[str, Any]:
    kept = item.media[place]
    url = f"{item.extra.get('home', 'https://cdn.example')}/attachments/{world.snowflake(item)}/{kept['filename']}"
    told = {"id": str(int(world.snowflake(item)) + place + 1), "filename": kept["filename"], "url": url,
            "size": kept["bytes"], "proxy_url": url, "content_type": kept["mime"]}  # fmt: skip
    return told | ({"description": kept["alt"]} if kept["alt"] else {})


def _reactions(item: Item) -> list[dict[str, Any]]:
    mine, likes = bool(item.extra.get("liked")), item.counts.get("likes", 0)
    count = likes + mine
    if not count:
        return []
    return [
        {"emoji": {"id": None, "name": "👍"}, "count": count, "me": mine, "me_burst": False,
         "count_details": {"burst": 0, "normal": count}, "burst_colors": []}
    ]  # fmt: skip


def channel(name: str) -> dict[str, Any]:
    return {"id": world.channel(name), "type": 0, "flags": 0, "guild_id": world.guild(name), "name": "thong-bao",
            "position": 0, "permission_overwrites": [], "nsfw": False, "topic": None}  # fmt: skip


def thread(platform: Platform, name: str, post: str) -> dict[str, Any]:
    inside = world.standing(platform, name, post)
    ended = platform.clock() + timedelta(days=1)
    return {
        "id": post, "type": 11, "flags": 0, "guild_id": world.guild(name), "name": "hỏi đáp",
        "parent_id": world.channel(name), "owner_id": world.bot_id(name), "message_count": len(inside),
        "member_count": 2, "total_message_sent": len(inside), "last_message_id": world.snowflake(inside[-1]),
        "thread_metadata": {"archived": False, "archive_timestamp": ended.isoformat(), "locked": False,
                            "auto_archive_duration": 1440},
    }  # fmt: skip


def roles(platform: Platform, name: str) -> list[dict[str, Any]]:
    """What everybody may, and the bot's own role; `platform.memory["rights"]` takes some of it away."""
    everybody = int(platform.memory.get("rights", EVERYBODY))
    return [
        _role(world.guild(name), "@everyone", everybody),
        _role(str(int(world.guild(name)) + 9), "bot", MODERATOR),
    ]


def _role(number: str, name: str, may: int) -> dict[str, Any]:
    return {
        "id": number, "name": name, "permissions": str(may), "position": 0, "color": 0, "hoist": False,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None}, "managed": False,
        "mentionable": False, "icon": None, "unicode_emoji": None, "flags": 0,
    }  # fmt: skip


def member(name: str) -> dict[str, Any]:
    return {
        "avatar": None, "banner": None, "communication_disabled_until": None, "flags": 0, "deaf": False,
        "joined_at": "2026-01-05T08:00:00+00:00", "nick": None, "pending": False, "premium_since": None,
        "roles": [str(int(world.guild(name)) + 9)], "user": world.user(name, world.bot_id(name), robot=True),
        "mute": False,
    }  # fmt: skip


def preview(platform: Platform, name: str) -> dict[str, Any]:
    members = platform.numbers(world.channel(name)).get("followers", 0)
    return {
        "id": world.guild(name), "name": name, "icon": None, "description": None, "home_header": None,
        "splash": None, "discovery_splash": None, "features": [], "approximate_member_count": members,
        "approximate_presence_count": members // 4, "emojis": [], "stickers": [],
    }  # fmt: skip


def me(name: str) -> dict[str, Any]:
    return {**world.user(name, world.bot_id(name), robot=True), "mfa_enabled": True, "locale": "en-US"}


def application(platform: Platform, name: str) -> dict[str, Any]:
    """The bot's app; `platform.memory["no_content"]`: without the Message Content intent."""
    flags = 0 if platform.memory.get("no_content") else 1 << 19
    return {
        "id": world.bot_id(name), "name": name, "icon": None, "description": "", "type": None,
        "verify_key": "0" * 64, "flags": flags, "flags_new": str(flags), "redirect_uris": [],
        "interactions_endpoint_url": None, "role_connections_verification_url": None,
        "owner": world.user("owner", world.person("owner")), "approximate_guild_count": 1,
        "approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0, "team": None, "eligible_oauth2_scopes": [],
    }  # fmt: skip


def hook(name: str) -> dict[str, Any]:
    return {"application_id": None, "avatar": None, "channel_id": world.channel(name), "id": world.hook_id(name),
            "guild_id": world.guild(name), "name": name, "type": 1, "token": world.hook_token(name)}  # fmt: skip


def page(platform: Platform, number: str) -> str:
    """A message as its readers see it."""
    item = next((i for i in platform.items.values() if world.snowflake(i) == number), None)
    return f"{item.author_name}\n\n{item.text}\n" if item else ""
