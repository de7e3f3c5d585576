"""A Page's posts, drafts and comments as the Graph API shows them, over the platform."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from kitestring.connectorkit.emulation import Item, Platform, latin
from kitestring.providers.meta.emulated.desk import number
from kitestring.providers.meta.emulated.fields import Wanted, paged
from kitestring.providers.meta.emulated.refusals import not_there
from kitestring.providers.meta.emulated.talks import written

# Metrics of Pages and posts that are asked for by public code and not refused (see metric_names.toml for those that are).
POST_METRICS = {"post_media_view", "post_total_media_view_unique", "post_clicks", "post_video_views"}
PAGE_METRICS = {"page_media_view", "page_total_media_view_unique", "page_follows", "page_views_total"}


@cache
def retired() -> frozenset[str]:
    path = Path(__file__).parents[1] / "metric_names.toml"
    return frozenset(tomllib.loads(path.read_text("utf-8"))["retired"])


class World:
    """Everything the handlers read and change. `home`: where the emulator answers."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.home = ""

    def memory(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.platform.memory.setdefault(name, {})
        return found

    def page(self, name: str) -> dict[str, Any]:
        page_id = number("page", name)
        return {
            "id": page_id,
            "name": name,
            "username": latin(name) or None,
            "picture": {"data": {"url": f"{self.home}/{page_id}/picture.png"}},
            "is_published": True,
        }

    def name_of(self, page_id: str) -> str | None:
        """The account behind a Page's id, as it connected."""
        found: dict[str, str] = self.platform.memory.get("pages", {})
        return found.get(page_id)

    def item(self, object_id: str) -> Item:
        """A post, comment or video by the vendor's id. Refuses what is not there."""
        items = self.platform.items
        found = items.get(object_id) or items.get(object_id.rpartition("_")[2])
        if found is None or not found.visible or found.kind == "message":
            raise not_there(object_id)
        return found

    def comment_id(self, item: Item) -> str:
        root = self.platform.items.get(item.root)
        return item.id if "_" in item.id or root is None else f"{root.id.rpartition('_')[2]}_{item.id}"

    def author(self, item: Item) -> dict[str, str]:
        ours = item.extra.get("page")
        shown = item.author_name or item.author
        return {"id": str(ours or number("person", item.author)), "name": shown}

    def post(self, item: Item) -> dict[str, Any]:
        def reactions(wanted: Wanted) -> dict[str, Any]:
            return _counted([], wanted, item.counts.get("likes", 0))

        def comments(wanted: Wanted) -> dict[str, Any]:
            below = self.below(item)
            return _counted(
                [self.comment(one) for one in below][: int(wanted.args.get("limit", "25"))],
                wanted,
                len(below),
            )

        shares = item.counts.get("shares", 0)
        return {
            "id": item.id,
            "message": item.text or None,
            "created_time": written(item.at),
            "from": self.author(item),
            "is_published": True,
            "permalink_url": f"{self.home}/{item.id.replace('_', '/posts/')}",
            "shares": {"count": shares} if shares else None,
            "reactions": reactions,
            "comments": comments,
        }

    def draft(self, post_id: str, draft: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": post_id,
            "message": draft["message"] or None,
            "created_time": written(draft["at"]),
            "is_published": False,
            "permalink_url": f"{self.home}/{post_id.replace('_', '/posts/')}",
        }

    def mention(self, item: Item) -> dict[str, Any]:
        author = self.author(item)
        return {
            "id": f"{author['id']}_{item.id}",
            "message": item.text,
            "created_time": written(item.at),
            "from": author,
            "permalink_url": f"{self.home}/{author['id']}/posts/{item.id}",
        }

    def comment(self, item: Item) -> dict[str, Any]:
        above = self.platform.items.get(item.parent)
        nested = above is not None and bool(above.parent)
        return {
            "id": self.comment_id(item),
            "message": item.text,
            "created_time": written(item.at),
            "from": self.author(item),
            "parent": self.comment(above) if nested and above else None,
            "is_hidden": bool(item.extra.get("hidden")),
            "user_likes": bool(item.extra.get("liked")),
            "can_comment": True,
            "permalink_url": f"{self.home}/{item.root.replace('_', '/posts/')}?comment_id={item.id}",
        }

    def below(self, item: Item, *, everything: bool = True) -> list[Item]:
        """Comments under a post (`everything`: at any depth) or under a comment, the oldest first."""
        rows = [
            one for one in self.platform.items.values()
            if one.parent and one.visible
            and (one.parent == item.id or (everything and one.root == item.id))
        ]  # fmt: skip
        return sorted(rows, key=lambda one: one.at)

    def tagged(self, page_id: str) -> list[dict[str, Any]]:
        rows = [
            i for i in self.platform.items.values() if i.kind == "mention" and i.extra.get("of") == page_id
        ]
        return [self.mention(item) for item in sorted(rows, key=lambda item: item.at, reverse=True)]


def _counted(rows: list[dict[str, Any]], wanted: Wanted, total: int) -> dict[str, Any]:
    found = paged(rows)
    return {**found, "summary": {"total_count": total}} if "summary" in wanted.args else found
