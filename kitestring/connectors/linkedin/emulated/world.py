"""Who and what there is on the emulated LinkedIn: a person with a Page for each account name, posts and comments by URN."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zlib import crc32

from kitestring.connectorkit.emulation import Item, Platform, latin
from kitestring.connectors.linkedin.emulated import problems

FIRST = 7_000_000_000_000_000_000
BETWEEN = 100_000_000_000_000_000  # a post's activity has another number than the post


class World:
    """The platform read in LinkedIn's way."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def page(self, account: str) -> str:
        return f"urn:li:organization:{10_000_000 + crc32(account.encode()) % 90_000_000}"

    def person(self, name: str) -> str:
        return f"urn:li:person:p{crc32(name.encode()):08x}"

    def vanity(self, account: str) -> str:
        return latin(account.replace("-", " ")).replace("_", "-") or "page"

    def title(self, account: str) -> str:
        return account.replace("-", " ").title()

    def role(self, account: str) -> str:
        return str(self.platform.memory.get("roles", {}).get(account, "ADMINISTRATOR"))

    def new_post(self) -> str:
        return f"urn:li:share:{FIRST + int(self.platform.next_id())}"

    def thread(self, post: Item) -> str:
        return f"urn:li:activity:{int(post.id.rpartition(':')[2]) + BETWEEN}"

    def actor(self, item: Item) -> str:
        return str(item.extra.get("actor") or self.person(item.author))

    def comment_name(self, item: Item) -> str:
        root = self.platform.items[item.root]
        return item.id if item.id.startswith("urn:") else f"urn:li:comment:({self.thread(root)},{item.id})"

    def post(self, urn: str) -> Item:
        """A post by its own name or its activity's. Raises Refusal."""
        kind, _, number = urn.removeprefix("urn:li:").partition(":")
        if kind == "activity" and number.isdecimal():
            urn = f"urn:li:share:{int(number) - BETWEEN}"
        found = self.platform.items.get(urn)
        if found is None or not found.visible or found.parent:
            raise problems.missing(urn)
        return found

    def comment(self, thread: str, number: str) -> Item:
        root = self.post(thread)
        for item in self.platform.comments(root.id):
            if self.comment_name(item).endswith(f",{number})"):
                return item
        raise problems.missing(f"urn:li:comment:({thread},{number})")

    def target(self, urn: str) -> Item:
        """A post, or the comment that a urn:li:comment:(thread,number) names."""
        if not urn.startswith("urn:li:comment:("):
            return self.post(urn)
        thread, _, number = urn.removeprefix("urn:li:comment:(").removesuffix(")").partition(",")
        return self.comment(thread, number)

    def posts_by(self, author: str) -> list[Item]:
        """Newest first."""
        found = [i for i in self.platform.posts() if i.visible and i.extra.get("actor") == author]
        return sorted(found, key=lambda item: (item.at, item.id), reverse=True)

    def at(self, item: Item) -> int:
        return int(datetime.fromisoformat(item.at).timestamp() * 1000)

    def shown(self, item: Item) -> dict[str, Any]:
        """A comment as the API tells it."""
        root, name = self.platform.items[item.root], self.comment_name(item)
        stamp = {"actor": self.actor(item), "time": self.at(item)}
        told = {
            "actor": self.actor(item),
            "commentUrn": name,
            "id": name.rpartition(",")[2].rstrip(")"),
            "object": self.thread(root),
            "created": stamp,
            "lastModified": stamp,
            "message": {"attributes": [], "text": item.text},
        }
        if item.parent != item.root:
            return {**told, "parentComment": self.comment_name(self.platform.items[item.parent])}
        below = self.platform.replies(item.id)
        return {
            **told,
            "commentsSummary": {"totalFirstLevelComments": below, "aggregatedTotalComments": below},
        }
