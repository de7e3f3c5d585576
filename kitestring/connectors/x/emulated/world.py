"""Who and what there is on the emulated X: people by number and name, posts and messages by ids that tell their time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zlib import crc32

import regex

from kitestring.connectorkit.emulation import Item, Platform, latin
from kitestring.connectors.x.ids import LOW_BITS, first_of

LOW = (1 << LOW_BITS) - 1
_PAGE = regex.compile(r"page-(\d{12})")


class World:
    """The platform read in X's way. An account is a name; its number and @handle follow from it."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def number(self, name: str) -> str:
        return str(1_000_000_000 + crc32(name.encode()) % 1_000_000_000)

    def handle(self, name: str) -> str:
        """At most fifteen Latin letters, digits and _."""
        return latin(name.replace("-", " "))[:15] or f"user{self.number(name)}"[:15]

    def title(self, item: Item) -> str:
        return item.author_name or item.author.replace("-", " ").title()

    def has(self, plan: str, name: str) -> bool:
        """Whether the account has a plan ("premium": longer posts; "enterprise": an app that may quote and answer anybody)."""
        return plan in name or name in self.platform.memory.get(plan, ())

    def new_id(self) -> str:
        serial = int(self.platform.next_id()) & LOW
        return str(first_of(self.platform.clock()) | serial)

    def id_of(self, item: Item) -> str:
        """X's id of an item; one that the audience made has a short one on the platform."""
        if len(item.id) > 15:
            return item.id.removeprefix("dm-")
        return str(first_of(datetime.fromisoformat(item.at)) | (int(item.id) & LOW))

    def find(self, remote_id: str) -> Item | None:
        item = self.platform.items.get(remote_id) or self.platform.items.get(f"dm-{remote_id}")
        if item is None and remote_id.isdecimal():
            short = self.platform.items.get(str(int(remote_id) & LOW))
            item = short if short is not None and self.id_of(short) == remote_id else None
        return item if item is not None and item.visible else None

    def is_post(self, item: Item) -> bool:
        return item.kind != "message"

    def conversation(self, item: Item) -> str:
        root = self.platform.items.get(item.root) if item.root else None
        return self.id_of(root) if root is not None else (item.root or self.id_of(item))

    def answered(self, item: Item) -> list[str]:
        """Whose names X puts in front of an answer: the one answered, and whose conversation it is."""
        above = [self.platform.items.get(one) for one in (item.parent, item.root) if one]
        names = [one.author for one in above if one is not None and one.author != item.author]
        return list(dict.fromkeys(names))

    def names(self, item: Item, account: str) -> bool:
        """Whether a post names the account: in its words, or by answering it."""
        if account in self.answered(item) or item.extra.get("of") == self.number(account):
            return True
        return regex.search(rf"@{self.handle(account)}\b", item.text, regex.IGNORECASE) is not None

    def posts_of(self, account: str) -> list[Item]:
        return self.newest(i for i in self.platform.items.values() if i.author == account and self.is_post(i))

    def mentions_of(self, account: str) -> list[Item]:
        others = (i for i in self.platform.items.values() if i.author != account and self.is_post(i))
        return self.newest(i for i in others if self.names(i, account))

    def messages_of(self, account: str) -> list[Item]:
        number = self.number(account)
        every = (i for i in self.platform.items.values() if i.kind == "message")
        return self.newest(i for i in every if i.extra.get("of") == number or i.author == account)

    def talk(self, item: Item, account: str) -> str:
        """A talk of two is named by both numbers, the smaller first."""
        ours, theirs = self.number(account), self.number(item.root)
        return "-".join(sorted((ours, theirs), key=int))

    def newest(self, items: Iterable[Item]) -> list[Item]:
        return sorted((i for i in items if i.visible), key=lambda i: int(self.id_of(i)), reverse=True)


def page_of(found: list[Item], token: str, most: int) -> tuple[list[Item], str]:
    """(this page, the token of the next one)."""
    match = _PAGE.fullmatch(token)
    start = int(match[1]) if match else 0
    after = start + most
    return found[start:after], f"page-{after:012d}" if after < len(found) else ""
