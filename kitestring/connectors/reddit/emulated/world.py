"""Who and what is there: names of accounts and things, whose they are, and how busy an account was."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from kitestring.connectorkit.emulation import Item, Platform, latin

KINDS = {"post": "t3_", "comment": "t1_", "mention": "t1_", "message": "t4_"}
# What an account has joined here, and the flairs of each.
JOINED = ("tea", "vietnam", "coffee")
FLAIRS = {
    "tea": [
        ("4c7a1d0e-0001-11ee-a1b2-000000000001", "Question", False),
        ("4c7a1d0e-0001-11ee-a1b2-000000000002", "News", False),
        ("4c7a1d0e-0001-11ee-a1b2-000000000003", "Moderators", True),
    ],
    "coffee": [("4c7a1d0e-0002-11ee-a1b2-000000000001", "Brew", False)],
}


class World:
    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    @property
    def kept(self) -> dict[str, Any]:
        found: dict[str, Any] = self.platform.memory.setdefault("reddit", {})
        return found

    def username(self, account: str) -> str:
        """The name an account has there; also a name of the audience, as people spell it."""
        return latin(account)[:20] or f"user_{self.id_of(account)}"

    def id_of(self, account: str) -> str:
        """A person's number, made when first asked for."""
        numbers = self.kept.setdefault("people", {})
        return str(numbers.setdefault(account, f"p{len(numbers) + 1}"))

    def account_of(self, username: str) -> str | None:
        return next((one for one in self.kept.get("people", {}) if self.username(one) == username), None)

    def kind(self, item: Item) -> str:
        return "comment" if item.parent else item.kind

    def name(self, item: Item) -> str:
        """The full name; what the audience made has a bare number."""
        return item.id if item.id[:3] in ("t1_", "t3_", "t4_") else KINDS[self.kind(item)] + item.id

    def find(self, name: str) -> Item | None:
        found = self.platform.items.get(name) or self.platform.items.get(name[3:])
        return found if found is not None and self.name(found) == name else None

    def new(self, kind: str) -> str:
        return KINDS[kind] + self.platform.next_id()

    def second(self, item: Item) -> float:
        return float(int(datetime.fromisoformat(item.at).timestamp()))

    def newest(self, items: Iterable[Item]) -> list[Item]:
        seen = list(items)
        return sorted(seen, key=lambda i: (self.second(i), len(i.id), i.id), reverse=True)

    def posts_of(self, account: str) -> list[Item]:
        """What is listed; a file that is worked on is not, for so many looks as `working` says."""
        every = self.platform.posts(account)
        for item in every:
            if left := item.extra.get("working", 0):
                item.extra["working"] = left - 1
                item.visible = left <= 1
        return self.newest(i for i in every if i.visible)

    def comments_of(self, account: str) -> list[Item]:
        return self.newest(i for i in self.platform.items.values() if i.parent and i.author == account)

    def sent_by(self, account: str) -> list[Item]:
        every = self.platform.items.values()
        return self.newest(i for i in every if i.kind == "message" and i.author == account)

    def inbox_of(self, account: str) -> list[Item]:
        """Private messages, mentions, and answers to what the account wrote."""
        number = f"t2_{self.id_of(account)}"
        return self.newest(i for i in self.platform.items.values() if self._told(i, account, number))

    def _told(self, item: Item, account: str, number: str) -> bool:
        if item.author == account:
            return False
        if item.extra.get("of") == number:
            return True
        above = self.platform.items.get(item.parent) if item.parent else None
        return above is not None and above.author == account

    def first_of(self, item: Item) -> Item:
        """The message a talk began with."""
        return self.platform.talk(item.root)[0]

    def moderates(self, place: str) -> bool:
        """Accounts moderate what is not said to be somebody else's."""
        return not place.startswith("other")
