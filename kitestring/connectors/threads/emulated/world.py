"""An account's posts and answers as Threads shows them, over the platform."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kitestring.connectorkit.emulation import Item, Platform, latin
from kitestring.providers.meta.emulated.desk import number
from kitestring.providers.meta.emulated.refusals import not_there
from kitestring.providers.meta.emulated.talks import written

DAY = timedelta(hours=24)
QUOTAS = {"posts": 250, "replies": 1000, "deletions": 100}


class World:
    """Everything the handlers read and change. `home`: where the emulator answers."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.home = ""

    def memory(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.platform.memory.setdefault(name, {})
        return found

    def profile(self, name: str) -> dict[str, Any]:
        own = number("threads", name)
        return {
            "id": own,
            "username": latin(name) or own,
            "name": name,
            "threads_profile_picture_url": f"{self.home}/{own}.jpg",
            "threads_biography": "",
        }

    def item(self, object_id: str) -> Item:
        found = self.platform.items.get(object_id)
        if found is None or not found.visible:
            raise not_there(object_id)
        return found

    def post(self, item: Item, reader: str) -> dict[str, Any]:
        username = latin(item.author) or item.author
        found: dict[str, Any] = {
            "id": item.id,
            "media_product_type": "THREADS",
            "media_type": item.extra.get("type", "TEXT_POST"),
            "permalink": f"{self.home}/@{username}/post/{item.id}",
            "owner": {"id": number("threads", item.author)},
            "username": username,
            "text": item.text,
            "timestamp": written(item.at),
            "shortcode": item.id,
            "is_quote_post": False,
            "has_replies": any(one.parent == item.id for one in self.platform.items.values()),
            "profile_picture_url": f"{self.home}/{username}.jpg",
        }
        if item.parent:
            found |= {
                "is_reply": True,
                "is_reply_owned_by_me": item.author == reader,
                "root_post": {"id": item.root},
                "replied_to": {"id": item.parent},
                "hide_status": "HIDDEN" if item.extra.get("hidden") else "NOT_HUSHED",
            }
        return found

    def newest(self, rows: list[Item]) -> list[Item]:
        return sorted(rows, key=lambda item: (item.at, int(item.id)), reverse=True)

    def own(self, name: str, *, answers: bool) -> list[Item]:
        rows = [i for i in self.platform.items.values() if i.author == name and i.kind == "post"]
        return self.newest([i for i in rows if bool(i.parent) == answers])

    def used(self, own: str, quota: str) -> int:
        since = self.platform.clock() - DAY
        times: list[str] = self.memory("used").get(f"{own}:{quota}", [])
        return sum(1 for one in times if datetime.fromisoformat(one) > since)

    def use(self, own: str, quota: str) -> None:
        kept = self.memory("used").setdefault(f"{own}:{quota}", [])
        kept.append(self.platform.clock().isoformat())

    def limit(self, quota: str) -> int:
        return int(self.platform.memory.get("limits", {}).get(quota, QUOTAS[quota]))
