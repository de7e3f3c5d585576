"""The platform behind every emulator: accounts, posts, comments and counts, with no vendor's manners.

An emulator only translates its vendor's API to this. The audience (the demo world, tests) acts on it directly, so
it behaves the same on every channel. Kept in memory; `dump` and `restore` carry it over a restart.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

from kitestring.connectorkit.faults import Fault, Faults, Manners, Seen, stores, stores_where, takes_files
from kitestring.kit.clock import now

__all__ = [
    "COUNTS",
    "Fault",
    "Faults",
    "Item",
    "Manners",
    "Platform",
    "Seen",
    "latin",
    "serve",
    "stores",
    "stores_where",
    "takes_files",
]

COUNTS = ("views", "likes", "reposts", "quotes", "saves", "clicks", "shares")


@dataclass
class Item:
    """A post or comment as the platform holds it. `parent` "" = a post; `root` = the post it hangs on.

    `kind` "message": a private one, `root` its thread; "mention": somebody's post that names the account `extra["of"]`.
    What an account did with another's item is in `extra`: "hidden", "liked".
    """

    id: str
    author: str
    text: str
    at: str
    parent: str = ""
    root: str = ""
    author_name: str = ""
    title: str = ""
    media: list[dict[str, Any]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    visible: bool = True
    kind: str = "post"


def latin(name: str) -> str:
    """The name as people spell it in a handle: Hiên Cà Phê is hien_ca_phe. Empty when nothing of it is Latin."""
    bare = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    return "_".join(re.findall(r"[a-z0-9]+", bare.encode("ascii", "ignore").decode().lower()))


Listener = Callable[[Item], None]


class Platform:
    """One channel's world. Ids are given by the emulator or made here, counting up."""

    def __init__(self, clock: Callable[[], datetime] = now) -> None:
        self.clock = clock
        self.items: dict[str, Item] = {}
        self.memory: dict[str, Any] = {}
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Call `listener` with every item added from now on."""
        self._listeners.append(listener)

    def next_id(self) -> str:
        serial = int(self.memory.get("serial", 1000)) + 1
        self.memory["serial"] = serial
        return str(serial)

    def add(self, item: Item) -> Item:
        """Put a post or comment live, once: the same id again returns what is there."""
        if item.id in self.items:
            return self.items[item.id]
        if item.parent and not item.root:
            parent = self.items[item.parent]
            item.root = parent.root or parent.id
        self.items[item.id] = item
        for listener in self._listeners:
            listener(item)
        return item

    def comment(self, on: str, author: str, author_name: str, text: str, at: datetime | None = None) -> Item:
        """A person answers the item `on`. Raises KeyError when it is not there."""
        if on not in self.items:
            raise KeyError(on)
        when = (at or self.clock()).isoformat()
        return self.add(Item(self.next_id(), author, text, when, parent=on, author_name=author_name))

    def message(self, to: str, author: str, author_name: str, text: str) -> Item:
        """A person writes privately to the account with the remote id `to`; their thread is named after them."""
        extra = {"of": to}
        made = Item(
            self.next_id(), author, text, self.clock().isoformat(), "", author, author_name, extra=extra
        )
        made.kind = "message"
        return self.add(made)

    def mention(self, of: str, author: str, author_name: str, text: str) -> Item:
        """A person names the account with the remote id `of` in a post of their own."""
        made = Item(self.next_id(), author, text, self.clock().isoformat(), author_name=author_name)
        made.kind, made.extra = "mention", {"of": of}
        return self.add(made)

    def talk(self, thread: str) -> list[Item]:
        """The private messages of a thread, theirs and the account's."""
        return [i for i in self.items.values() if i.kind == "message" and i.root == thread]

    def tell(self, account: str, key: str, value: int) -> None:
        """Set a number of the whole account: "followers" and the like."""
        self.memory.setdefault("numbers", {}).setdefault(account, {})[key] = value

    def numbers(self, account: str) -> dict[str, int]:
        return dict(self.memory.get("numbers", {}).get(account, {}))

    def count(self, item_id: str, key: str, by: int = 1) -> int:
        """Raise a count of an item and return it."""
        counts = self.items[item_id].counts
        counts[key] = counts.get(key, 0) + by
        return counts[key]

    def remove(self, item_id: str) -> None:
        self.items.pop(item_id, None)

    def posts(self, author: str = "") -> list[Item]:
        return [
            i for i in self.items.values()
            if i.kind == "post" and not i.parent and (not author or i.author == author)
        ]  # fmt: skip

    def comments(self, root: str) -> list[Item]:
        return [i for i in self.items.values() if i.parent and i.root == root]

    def replies(self, item_id: str) -> int:
        return sum(1 for i in self.items.values() if i.parent == item_id)

    def dump(self) -> str:
        return json.dumps({"items": [asdict(i) for i in self.items.values()], "memory": self.memory})

    def restore(self, text: str) -> None:
        saved = json.loads(text)
        self.items = {row["id"]: Item(**row) for row in saved["items"]}
        self.memory = saved["memory"]

    def load(self, items: Iterable[Item]) -> None:
        """Put items live without telling anybody: history."""
        for item in items:
            self.items[item.id] = item


@asynccontextmanager
async def serve(app: web.Application, port: int = 0) -> AsyncIterator[str]:
    """Serve an emulator on loopback (port 0: a free one) and yield its base address."""
    runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
