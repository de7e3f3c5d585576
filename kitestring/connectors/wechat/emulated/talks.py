"""The emulated WeChat's private messages: what followers write, and the customer-service messages that answer them.

The window is kept: five answers within 48 hours of their last message (documented); what is told when it is over is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from kitestring.connectorkit.emulation import Item
from kitestring.connectors.wechat.emulated.world import Refused, World

WINDOW = timedelta(hours=48)
ANSWERS = 5
LARGEST = 2048
RID = "rid: 5f3ded7d-22929d02-4ba1f5f6"


def openid(author: str) -> str:
    """The id by which an account knows a person: letters, digits, - and _ only."""
    plain = author.isascii() and author.replace("-", "").replace("_", "").isalnum()
    return f"o{author if plain else author.encode().hex()}"


def send(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    """A customer-service message of words. Nothing of it is told back: no id."""
    theirs = _talk(world, asked)
    if asked.get("msgtype") != "text":
        raise Refused(40008, f"invalid message type {RID}")
    text = str((asked.get("text") or {}).get("content", ""))
    if not text:
        raise Refused(44004, f"empty content {RID}")
    if len(text.encode()) > LARGEST:
        raise Refused(45002, f"content size out of limit {RID}")
    last = max(datetime.fromisoformat(one.at) for one in theirs)
    if world.platform.clock() > last + WINDOW:
        raise Refused(45015, f"response out of time limit or subscription is canceled {RID}")
    thread = theirs[-1].root
    ours = [
        one
        for one in world.platform.talk(thread)
        if one.author == world.who and datetime.fromisoformat(one.at) >= last
    ]
    if len(ours) >= ANSWERS:
        raise Refused(45047, f"out of response count limit {RID}")
    made = Item(world.next(), world.who, text, world.platform.clock().isoformat(), author_name=world.who)
    made.kind, made.root, made.extra = "message", thread, {"unnamed": True}
    world.platform.add(made)
    return {}


def typing(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The sign that somebody is typing; it sends no words."""
    if asked.get("command") not in {"Typing", "CancelTyping"}:
        raise Refused(45072, f"command field must be either 'Typing' or 'CancelTyping' {RID}")
    _talk(world, asked)
    return {}


def known(world: World, who: str) -> Item:
    """What somebody wrote last. Raises Refused 40003 for one who never wrote to the account."""
    return _talk(world, {"touser": who})[-1]


def _talk(world: World, asked: Mapping[str, Any]) -> list[Item]:
    """What this person wrote to the account, the oldest first. Raises Refused 40003 for somebody it never heard of."""
    mine = f"wx{world.who.encode().hex()}"
    theirs = [
        one
        for one in world.platform.items.values()
        if one.kind == "message"
        and one.extra.get("of") == mine
        and openid(one.author) == str(asked.get("touser", ""))
    ]
    if not theirs:
        raise Refused(40003, f"invalid openid {RID}")
    return theirs


def untold(world: World) -> list[Item]:
    """Messages of followers that no push has told yet; each is given out once."""
    told: dict[str, Any] = world.part("told")
    found = [
        one
        for one in world.platform.items.values()
        if one.kind == "message" and str(one.extra.get("of", "")).startswith("wx") and one.id not in told
    ]
    told.update(dict.fromkeys((one.id for one in found), True))
    return found


def xml(item: Item) -> str:
    """As it is pushed. `item.extra["wechat"]` may hold the fields of another type than text, MsgType among them."""
    told = item.extra.get("wechat") or {"MsgType": "text", "Content": item.text}
    rest = "".join(f"<{name}>{_section(value)}</{name}>\n" for name, value in told.items())
    at = int(datetime.fromisoformat(item.at).timestamp())
    return (
        f"<xml>\n<ToUserName>{_section('gh_4d00ed8d6399')}</ToUserName>\n"
        f"<FromUserName>{_section(openid(item.author))}</FromUserName>\n<CreateTime>{at}</CreateTime>\n"
        f"{rest}<MsgId>{item.id}</MsgId>\n</xml>"
    )


def _section(value: str) -> str:
    return f"<![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]>"
