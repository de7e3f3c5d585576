"""Posts, people and messages as API v2 answers with them: what was asked for and no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from html import escape
from typing import Any

import regex

from kitestring.connectorkit.counting import count
from kitestring.connectorkit.emulation import Item
from kitestring.connectorkit.links import links
from kitestring.connectors.x.emulated.world import World

SHOWN = 280
_NAME = regex.compile(r"@([A-Za-z0-9_]{1,15})")


def wanted(query: Mapping[str, str], name: str) -> set[str]:
    return {one for one in query.get(name, "").split(",") if one}


def person(world: World, name: str, title: str, fields: set[str]) -> dict[str, Any]:
    """A user; by default id, name and username."""
    number = world.number(name)
    told = world.platform.numbers(number)
    whole = {
        "id": number,
        "name": title,
        "username": world.handle(name),
        "profile_image_url": f"https://pbs.twimg.example/profile_images/{number}/normal.png",
        "protected": "protected" in name,
        "subscription_type": "Premium" if world.has("premium", name) else "None",
        "verified_type": "blue" if world.has("premium", name) else "none",
        "public_metrics": {
            "followers_count": told.get("followers", 0),
            "following_count": told.get("following", 0),
            "post_count": told.get("posts", len(world.posts_of(name))),
            "listed_count": 0,
        },
    }
    return {key: value for key, value in whole.items() if key in {"id", "name", "username"} | fields}


def words(world: World, item: Item) -> tuple[str, dict[str, Any]]:
    """The text as X shows it and what it found in it: names in front, links shortened, & < > escaped."""
    text = item.text
    front = [f"@{world.handle(name)}" for name in world.answered(item)]
    if item.kind == "mention":
        front += [f"@{world.handle(name)}" for name in _named(world, item)]
    lacking = [name for name in front if name.lower() not in text.lower()]
    text = " ".join([*lacking, text])
    urls: list[dict[str, Any]] = []
    for span in links(text):
        short = _short(span.text)
        whole = span.text if "://" in span.text else f"http://{span.text}"
        urls.append({"url": short, "expanded_url": whole, "display_url": whole.partition("://")[2][:30]})
        text = text.replace(span.text, short, 1)
    text = escape(text, quote=False)
    if item.media:
        text = f"{text} {_short(item.id)}".strip()
        urls.append({"url": _short(item.id), "media_key": f"3_{item.media[0]['id']}", "display_url": "pic"})
    if quoted := item.extra.get("quoted"):
        text = f"{text} {_short(quoted)}".strip()
        whole = f"https://x.example/i/status/{quoted}"
        urls.append({"url": _short(quoted), "expanded_url": whole, "display_url": whole[8:]})
    for url in urls:
        url["start"] = text.find(url["url"])
        url["end"] = url["start"] + len(url["url"])
    return text, {"urls": urls, "mentions": _mentions(world, text)}


def _short(text: str) -> str:
    return f"https://t.co/{sha256(text.encode()).hexdigest()[:10]}"


def _named(world: World, item: Item) -> list[str]:
    known = {world.number(name): name for name in _accounts(world)}
    return [known[item.extra["of"]]] if item.extra.get("of") in known else []


def _accounts(world: World) -> Iterable[str]:
    rows = world.platform.memory.get("desk", {}).get("access", {}).values()
    return {str(row["account"]) for row in rows}


def _mentions(world: World, text: str) -> list[dict[str, Any]]:
    authors = {i.author for i in world.platform.items.values()} | set(_accounts(world))
    known = {world.handle(name).lower(): world.number(name) for name in authors}
    return [
        {"start": m.start(), "end": m.end(), "username": m[1], "id": known.get(m[1].lower())}
        for m in _NAME.finditer(text)
    ]


def post(world: World, item: Item, query: Mapping[str, str]) -> dict[str, Any]:
    """A post; by default its id and text. `post.fields` and `expansions` ask for more."""
    fields, expansions = wanted(query, "post.fields"), wanted(query, "expansions")
    text, entities = words(world, item)
    long = count(text, "weighted", url_weight=23) > SHOWN
    counts = item.counts
    whole: dict[str, Any] = {
        "id": world.id_of(item),
        "text": f"{text[:270]}…" if long else text,
        "created_at": item.at.replace("+00:00", "Z"),
        "conversation_id": world.conversation(item),
        "entities": {"urls": [], "mentions": []} if long else entities,
        "reply_settings": item.extra.get("reply_settings") or "everyone",
        "paid_partnership": bool(item.extra.get("paid_partnership")),
        "public_metrics": {
            "repost_count": counts.get("reposts", 0),
            "reply_count": world.platform.replies(item.id),
            "like_count": counts.get("likes", 0),
            "quote_count": counts.get("quotes", 0),
            "bookmark_count": counts.get("saves", 0),
            "impression_count": counts.get("views", 0),
        },
        "non_public_metrics": {
            "impression_count": counts.get("views", 0),
            "url_link_clicks": counts.get("clicks", 0),
            "user_profile_clicks": 0,
        },
    }
    if long:
        whole["note_post"] = {"text": text, "entities": entities}
    made = {key: value for key, value in whole.items() if key in {"id", "text"} | fields}
    if "author_id" in expansions:
        made["author_id"] = world.number(item.author)
    if "referenced_posts" in expansions and (related := _referenced(world, item)):
        made["referenced_posts"] = related
    return made


def _referenced(world: World, item: Item) -> list[dict[str, str]]:
    above = world.platform.items.get(item.parent) if item.parent else None
    found = (
        [{"type": "replied_to", "id": world.id_of(above) if above else item.parent}] if item.parent else []
    )
    if quoted := item.extra.get("quoted"):
        found.append({"type": "quoted", "id": quoted})
    return found


def included(world: World, items: list[Item], query: Mapping[str, str]) -> dict[str, Any]:
    """The `includes` of an answer: the people and posts that were expanded."""
    expansions, made = wanted(query, "expansions"), dict[str, Any]()
    if {"author_id", "sender_id"} & expansions and items:
        people = {item.author: world.title(item) for item in items}
        fields = wanted(query, "user.fields")
        made["users"] = [person(world, name, title, fields) for name, title in people.items()]
    if "referenced_posts" in expansions:
        above = {item.parent for item in items if item.parent in world.platform.items}
        bare = {"post.fields": query.get("post.fields", "")}
        if above:
            made["posts"] = [post(world, world.platform.items[one], bare) for one in sorted(above)]
    return made


def message(world: World, item: Item, account: str, query: Mapping[str, str]) -> dict[str, Any]:
    """A private message as an event; by default id, text and kind."""
    whole = {
        "id": world.id_of(item),
        "event_type": "MessageCreate",
        "text": escape(item.text, quote=False),
        "created_at": item.at.replace("+00:00", "Z"),
        "dm_conversation_id": world.talk(item, account),
    }
    fields = wanted(query, "dm_event.fields")
    made = {key: value for key, value in whole.items() if key in {"id", "text", "event_type"} | fields}
    if "sender_id" in wanted(query, "expansions"):
        made["sender_id"] = world.number(item.author)
    return made
