"""How the network shows posts: with author, counts and threads, whoever wrote them."""

from __future__ import annotations

from typing import Any

import regex

from kitestring.connectorkit.emulation import Item, Platform
from kitestring.connectors.bluesky.emulated.accounts import Accounts, did_of
from kitestring.connectors.bluesky.emulated.records import cid_of

COUNTED = {"likeCount": "likes", "repostCount": "reposts", "quoteCount": "quotes"}


class Views:
    """The platform's items as posts of the network. The audience's items get addresses of their own."""

    def __init__(self, platform: Platform, accounts: Accounts, records: dict[str, dict[str, Any]]) -> None:
        self._platform = platform
        self._accounts = accounts
        self._records = records

    def uri(self, item: Item) -> str:
        return (
            item.id if item.id.startswith("at://") else f"at://{self.did(item)}/app.bsky.feed.post/{item.id}"
        )

    def did(self, item: Item) -> str:
        return item.author if item.author.startswith("did:") else did_of(self.handle(item))

    def handle(self, item: Item) -> str:
        known = self._accounts.handle(item.author)
        return known or f"{regex.sub(r'[^a-z0-9]+', '-', item.author.lower()).strip('-') or 'somebody'}.test"

    def find(self, uri: str) -> Item | None:
        """The visible item at this address."""
        item = self._platform.items.get(uri) or self._platform.items.get(uri.rpartition("/")[2])
        return item if item and item.visible and self.uri(item) == uri else None

    def did_of_author(self, handle: str) -> str:
        wanted = handle.lower()
        found = (self.did(i) for i in self._platform.items.values() if self.handle(i) == wanted)
        return next(found, "")

    def record(self, item: Item) -> dict[str, Any]:
        if "record" in item.extra:
            return dict(item.extra["record"])
        made: dict[str, Any] = {"$type": "app.bsky.feed.post", "text": item.text, "createdAt": item.at}
        parent, root = (self._platform.items.get(i) for i in (item.parent, item.root))
        if parent:
            made["reply"] = {"parent": self._ref(parent), "root": self._ref(root or parent)}
        return made

    def _ref(self, item: Item) -> dict[str, str]:
        return {"uri": self.uri(item), "cid": self.cid(item)}

    def cid(self, item: Item) -> str:
        return str(item.extra.get("cid") or cid_of(item.id))

    def author(self, item: Item) -> dict[str, Any]:
        """The lexicon's profileViewBasic of whoever wrote it."""
        author = {"did": self.did(item), "handle": self.handle(item)}
        return {**author, "displayName": item.author_name} if item.author_name else author

    def post(self, item: Item, viewer: str = "") -> dict[str, Any]:
        """The lexicon's postView, as the account `viewer` sees it."""
        counts = {field: item.counts.get(key, 0) for field, key in COUNTED.items()}
        return {
            **self._ref(item),
            "author": self.author(item),
            "record": self.record(item),
            "replyCount": sum(
                1 for i in self._platform.comments(item.root or item.id) if i.parent == item.id
            ),
            **counts,
            "indexedAt": item.at,
            "viewer": {"threadMuted": False, **self._own_like(item, viewer)},
        }

    def _own_like(self, item: Item, viewer: str) -> dict[str, str]:
        mine = f"at://{viewer}/app.bsky.feed.like/"
        for uri, row in self._records.items():
            if viewer and uri.startswith(mine) and row["value"]["subject"]["uri"] == self.uri(item):
                return {"like": uri}
        return {}

    def notification(self, item: Item) -> dict[str, Any]:
        """The lexicon's notification of a post that names the account."""
        return {
            **self._ref(item),
            "author": self.author(item),
            "reason": "mention",
            "record": self.record(item),
            "isRead": False,
            "indexedAt": item.at,
        }

    def thread(self, item: Item, depth: int) -> dict[str, Any]:
        """The lexicon's threadViewPost, `depth` answers deep."""
        below = self._platform.comments(item.root or item.id) if depth > 0 else []
        replies = [self.thread(i, depth - 1) for i in below if i.parent == item.id and i.visible]
        return {"$type": "app.bsky.feed.defs#threadViewPost", "post": self.post(item), "replies": replies}
