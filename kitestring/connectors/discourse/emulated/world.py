"""Ids and numbers as a forum has them, over the platform's plain items.

A topic is an item under its own number; its first post has another one. An answer of ours is an item "topic/post"; what the
audience writes has the platform's number, which is the post's. A private talk with somebody is a topic too.
"""

from __future__ import annotations

from typing import Any
from zlib import crc32

from kitestring.connectorkit.emulation import Item, Platform, latin

FIRST = 500_000  # added to a topic's number: the number of its first post


class World:
    """`platform.memory["discourse"]`: switches of the forum; see `Writing`."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.settings: dict[str, Any] = platform.memory.setdefault("discourse", {})
        self.numbers: dict[str, int] = platform.memory.setdefault("discourse_numbers", {})
        self.talks: dict[str, int] = platform.memory.setdefault("discourse_talks", {})

    def user_id(self, name: str) -> int:
        return 100 + crc32(name.encode()) % 1_000_000

    def username(self, name: str) -> str:
        return latin(name) or f"user_{self.user_id(name)}"

    def title(self, name: str) -> str:
        return name.replace("-", " ").title()

    def topic_of(self, item: Item) -> int:
        """The number of the topic an item stands in."""
        if item.kind == "message":
            return self.talk(str(item.extra.get("of") or item.author), item.root)
        root = item.root or item.id
        return int(root)

    def talk(self, account: str, person: str) -> int:
        """The private topic of an account (its name or remote id) with somebody."""
        key = f"{account.split('@')[0] if '@' in account else self.user_id(account)}:{person}"
        if key not in self.talks:
            self.talks[key] = int(self.platform.next_id())
        return self.talks[key]

    def person_in(self, topic: int, account: str) -> str | None:
        """Who talks privately with the account in that topic; None when it is no such talk."""
        mine = f"{self.user_id(account)}:"
        found = (key for key, number in self.talks.items() if number == topic and key.startswith(mine))
        return next((key.removeprefix(mine) for key in found), None)

    def post_id(self, item: Item) -> int:
        if not item.parent and item.kind in ("post", "mention"):
            return FIRST + int(item.id)
        return int(item.id.partition("/")[2] or item.id)

    def posts_in(self, topic: int) -> list[Item]:
        """The posts of a topic in order, each with its number."""
        found = [i for i in self.platform.items.values() if i.visible and self.topic_of(i) == topic]
        for item in found:
            if item.id not in self.numbers:
                taken = [self.numbers[i.id] for i in found if i.id in self.numbers]
                highest = self.numbers.get(f"#{topic}", 0)
                self.numbers[item.id] = max([highest, *taken]) + 1
                self.numbers[f"#{topic}"] = self.numbers[item.id]
        return found

    def number(self, item: Item) -> int:
        self.posts_in(self.topic_of(item))
        return self.numbers[item.id]

    def highest(self, topic: int) -> int:
        self.posts_in(topic)
        return self.numbers.get(f"#{topic}", 0)

    def item_of(self, post_id: int) -> Item | None:
        for item in self.platform.items.values():
            if item.visible and self.post_id(item) == post_id:
                return item
        return None

    def by_number(self, topic: int, number: int) -> Item | None:
        return next((i for i in self.posts_in(topic) if self.numbers[i.id] == number), None)
