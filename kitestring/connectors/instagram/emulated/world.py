"""An account's containers, posts and comments as the Graph API shows them, over the platform."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kitestring.connectorkit.emulation import Item, Platform, latin
from kitestring.providers.meta.emulated.desk import number
from kitestring.providers.meta.emulated.fields import Wanted, paged
from kitestring.providers.meta.emulated.refusals import not_there
from kitestring.providers.meta.emulated.talks import written

LIVES = timedelta(hours=24)
DAY = timedelta(hours=24)
QUOTA = 100


class World:
    """Everything the handlers read and change. `home`: where the emulator answers."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.home = ""

    def memory(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.platform.memory.setdefault(name, {})
        return found

    def user(self, name: str) -> dict[str, Any]:
        ig = number("ig", name)
        numbers = self.platform.numbers(ig)
        return {
            "id": ig,
            "username": latin(name) or ig,
            "name": name,
            "profile_picture_url": f"{self.home}/{ig}/picture.jpg",
            "followers_count": numbers.get("followers", 0),
            "follows_count": numbers.get("following", 0),
            "media_count": numbers.get("posts", len(self.posts(name))),
        }

    def page(self, name: str) -> dict[str, Any]:
        """The Page that the account is linked to."""
        linked = None if self.platform.memory.get("no_professional_account") else self.user(name)
        return {
            "id": number("page", name),
            "name": name,
            "username": latin(name) or None,
            "picture": {"data": {"url": f"{self.home}/page.png"}},
            "instagram_business_account": linked,
        }

    def posts(self, name: str, *, stories: bool = False) -> list[Item]:
        """The newest first."""
        rows = [i for i in self.platform.posts(name) if (i.extra.get("product") == "STORY") == stories]
        return sorted(rows, key=lambda item: (item.at, int(item.id)), reverse=True)

    def item(self, object_id: str) -> Item:
        found = self.platform.items.get(object_id)
        if found is None or not found.visible or found.kind == "message":
            raise not_there(object_id)
        return found

    def media(self, item: Item) -> dict[str, Any]:
        return {
            "id": item.id,
            "caption": item.text or None,
            "timestamp": written(item.at),
            "permalink": f"{self.home}/p/{item.id}/",
            "username": latin(item.author) or item.author,
            "media_type": item.extra.get("type", "IMAGE"),
            "media_product_type": item.extra.get("product", "FEED"),
            "like_count": item.counts.get("likes", 0),
            "comments_count": len(self.below(item)),
            "alt_text": next((one.get("alt") for one in item.media if one.get("alt")), None),
        }

    def mention(self, item: Item) -> dict[str, Any]:
        return {**self.media(item), "username": item.author}

    def comment(self, item: Item) -> dict[str, Any]:
        ours = item.extra.get("ig")
        username = latin(item.author) or item.author
        above = self.platform.items.get(item.parent)
        nested = above is not None and bool(above.parent)

        def replies(wanted: Wanted) -> dict[str, Any] | None:
            rows = [self.comment(one) for one in self.below(item)]
            return paged(rows, wanted.args.get("limit", "25")) if rows else None

        return {
            "id": item.id,
            "text": item.text,
            "timestamp": written(item.at),
            "username": username,
            "from": {"id": str(ours or number("person", item.author)), "username": username},
            "hidden": bool(item.extra.get("hidden")),
            "parent_id": self._top(item).id if nested else None,
            "replies": None if nested else replies,
        }

    def _top(self, item: Item) -> Item:
        """The comment of the first level that this one is, or hangs on: Instagram shows one level of answers."""
        above = self.platform.items.get(item.parent)
        return item if above is None or not above.parent else self._top(above)

    def below(self, item: Item) -> list[Item]:
        """Comments on a post, newest first; under a comment everything that hangs on it, at whatever depth."""
        items = [one for one in self.platform.items.values() if one.parent and one.visible]
        if item.parent:
            rows = [one for one in items if one is not item and self._top(one) is item]
        else:
            rows = [one for one in items if one.parent == item.id]
        return sorted(rows, key=lambda one: (one.at, int(one.id)), reverse=True)

    def tags(self, ig: str) -> list[dict[str, Any]]:
        rows = [i for i in self.platform.items.values() if i.kind == "mention" and i.extra.get("of") == ig]
        return [self.mention(item) for item in sorted(rows, key=lambda item: item.at, reverse=True)]

    def used(self, ig: str) -> int:
        """Publications within the last 24 hours."""
        since = self.platform.clock() - DAY
        times: list[str] = self.memory("published").get(ig, [])
        return sum(1 for one in times if datetime.fromisoformat(one) > since)

    def quota(self) -> int:
        return int(self.platform.memory.get("quota", QUOTA))
