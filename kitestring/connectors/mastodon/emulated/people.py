"""What people do to an account: they name it, answer it, write to it privately. As the server tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zlib import crc32

from kitestring.connectorkit.emulation import Item, Platform
from kitestring.connectors.mastodon.emulated.entities import Entities


class People:
    """Notifications and conversations of an account, made from the platform's items."""

    def __init__(self, platform: Platform, entities: Entities) -> None:
        self._platform = platform
        self._entities = entities

    def notifications(self, name: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
        """Of the sort "mention", the newest first: an answer names whom it answers."""
        us = self._entities.remote_id(name)
        told = [item for item in self._platform.items.values() if self._concerns(item, name, us)]
        page = _page(told, query, 80, lambda item: int(item.id))
        return [self._notification(item) for item in page]

    def _concerns(self, item: Item, name: str, us: str) -> bool:
        above = self._platform.items.get(item.parent)
        if item.author == name or not item.visible:
            return False
        return item.extra.get("of") == us or bool(above and above.author == name)

    def _notification(self, item: Item) -> dict[str, Any]:
        return {
            "id": item.id,
            "type": "mention",
            "created_at": item.at.replace("+00:00", "Z"),
            "group_key": f"ungrouped-{item.id}",
            "account": self._entities.account(item.author, item.author_name),
            "status": self._entities.status(item),
        }

    def conversations(self, name: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
        """By their last message, the newest first."""
        ends = {thread: self._platform.talk(thread)[-1] for thread in self._threads(name)}
        page = _page(list(ends.values()), query, 40, lambda item: int(item.id))
        return [
            {
                "id": str(crc32(f"{name}:{item.root}".encode())),
                "unread": item.author != name,
                "accounts": [self._entities.account(item.root)],
                "last_status": self._entities.status(item),
            }
            for item in page
        ]

    def _threads(self, name: str) -> list[str]:
        us = self._entities.remote_id(name)
        mine = (i for i in self._platform.items.values() if i.kind == "message")
        return list(dict.fromkeys(i.root for i in mine if i.author == name or i.extra.get("of") == us))

    def around(self, item: Item) -> tuple[list[Item], list[Item]]:
        """What stands above a private message and what below it: the talk is one line."""
        line = self._platform.talk(item.root)
        at = line.index(item)
        return line[:at], line[at + 1 :]


def _page(items: list[Item], query: Mapping[str, str], most: int, key: Any) -> list[Item]:
    below = int(query.get("max_id") or 0)
    found = sorted((one for one in items if not below or key(one) < below), key=key, reverse=True)
    return found[: min(int(query.get("limit") or most), most)]
