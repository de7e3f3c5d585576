"""Things and listings as Reddit shows them: {"kind": "t3", "data": {...}}."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Item
from kitestring.connectors.reddit.emulated.world import World

AT_TOP = 50  # comments that a tree shows before it says "more", where less is not asked for
DEEP = 4  # levels before a thread "continues"


class Shown:
    """`raw`: letters as they are; else & < > are written as entities, as Reddit does unless asked."""

    def __init__(self, world: World, request: web.Request, form: dict[str, str] | None = None) -> None:
        self.world = world
        asked = (form or {}).get("raw_json") or request.query.get("raw_json")
        self.raw = asked == "1"

    def words(self, text: str) -> str:
        return text if self.raw else html.escape(text, quote=False)

    def listing(self, things: Sequence[dict[str, Any]], after: str | None = None) -> dict[str, Any]:
        data = {"after": after, "before": None, "dist": len(things), "modhash": None, "geo_filter": ""}
        return {"kind": "Listing", "data": {**data, "children": list(things)}}

    def page(self, items: Sequence[Item], request: web.Request) -> dict[str, Any]:
        """`limit` things after the one named `after`."""
        limit = min(int(request.query.get("limit", "25")), 100)
        names = [self.world.name(item) for item in items]
        after = request.query.get("after", "")
        start = names.index(after) + 1 if after in names else 0
        some = items[start : start + limit]
        more = names[start + len(some) - 1] if start + len(some) < len(items) and some else None
        return self.listing([self.thing(item) for item in some], more)

    def thing(self, item: Item) -> dict[str, Any]:
        name = self.world.name(item)
        if name.startswith("t3_"):
            return {"kind": "t3", "data": self.post(item)}
        if name.startswith("t4_"):
            return {"kind": "t4", "data": self.message(item)}
        return {"kind": "t1", "data": {**self.comment(item), **self.as_told(item)}}

    def _common(self, item: Item) -> dict[str, Any]:
        name = self.world.name(item)
        who = self.world.username(item.author)
        second = self.world.second(item)
        return {
            "id": name[3:], "name": name, "author": who, "author_fullname": f"t2_{self.world.id_of(item.author)}",
            "created": second, "created_utc": second, "edited": item.extra.get("edited", False),
            "score": item.counts.get("likes", 0),
        }  # fmt: skip

    def post(self, item: Item) -> dict[str, Any]:
        place = str(item.extra.get("sr", "tea"))
        kind = item.extra.get("kind", "self")
        short = self.world.name(item)[3:]
        path = f"/r/{place}/comments/{short}/post/"
        return {
            **self._common(item), "title": self.words(item.title), "selftext": self.words(item.text),
            "is_self": kind == "self", "url": item.extra.get("url") or path, "permalink": path, "subreddit": place,
            "subreddit_name_prefixed": f"r/{place}", "num_comments": len(self.world.platform.comments(item.id)),
            "num_crossposts": item.counts.get("reposts", 0), "upvote_ratio": 1.0, "view_count": None,
            "link_flair_template_id": item.extra.get("flair"), "over_18": bool(item.extra.get("nsfw")),
            "spoiler": bool(item.extra.get("spoiler")), "is_gallery": kind == "gallery", "locked": False,
            "archived": False, "removed_by_category": None, "hidden": False,
        }  # fmt: skip

    def comment(self, item: Item) -> dict[str, Any]:
        root = self.world.platform.items.get(item.root)
        link = self.world.name(root) if root is not None else "t3_elsewhere"
        above = self.world.platform.items.get(item.parent)
        place = str(root.extra.get("sr", "tea")) if root is not None else "vietnam"
        short = self.world.name(item)[3:]
        return {
            **self._common(item), "body": self.words(item.text), "link_id": link, "subreddit": place,
            "parent_id": self.world.name(above) if above is not None else link, "replies": "", "locked": False,
            "archived": False, "permalink": f"/r/{place}/comments/{link[3:]}/post/{short}/",
        }  # fmt: skip

    def as_told(self, item: Item) -> dict[str, Any]:
        """What the inbox adds to a comment."""
        sort = "username_mention"
        if item.parent:
            sort = "post_reply" if item.parent == item.root else "comment_reply"
        words = sort.replace("_", " ")
        path = self.comment(item)["permalink"]
        return {
            "type": sort, "subject": words, "was_comment": True, "new": True, "context": f"{path}?context=3",
        }  # fmt: skip

    def message(self, item: Item) -> dict[str, Any]:
        first = self.world.name(self.world.first_of(item))
        name = self.world.name(item)
        return {
            **self._common(item), "body": self.words(item.text), "subject": "hello", "was_comment": False,
            "new": True, "dest": item.extra.get("dest", ""), "context": "", "distinguished": None,
            "first_message_name": None if first == name else first, "parent_id": item.extra.get("answers"),
        }  # fmt: skip

    def tree(self, post: Item, limit: int, below: Item | None = None) -> list[dict[str, Any]]:
        """The comments of a post, newest first, with "more" for what does not fit and for what lies too deep."""
        budget = [limit]
        if below is not None:
            return self._nodes([below], budget, 1)
        return self._nodes(self._children(post), budget, 1)

    def flat(self, nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The same things one after another, each before what answers it."""
        found = []
        for node in nodes:
            below = node["data"].get("replies") or {}
            found.append({**node, "data": {**node["data"], "replies": ""}} if node["kind"] == "t1" else node)
            found += self.flat(below["data"]["children"]) if below else []
        return found

    def _children(self, item: Item) -> list[Item]:
        every = self.world.platform.comments(item.root or item.id)
        return self.world.newest(one for one in every if one.parent == item.id)

    def _nodes(self, items: list[Item], budget: list[int], depth: int) -> list[dict[str, Any]]:
        found = []
        for place, item in enumerate(items):
            if budget[0] <= 0:
                left = [self.world.name(one)[3:] for one in items[place:]]
                found.append(self._more(left, self.comment(item)["parent_id"]))
                break
            budget[0] -= 1
            node = self.thing(item)
            children = self._children(item)
            if children and depth >= DEEP:
                node["data"]["replies"] = self.listing([self._more([], node["data"]["name"])])
            elif children:
                node["data"]["replies"] = self.listing(self._nodes(children, budget, depth + 1))
            found.append(node)
        return found

    def _more(self, children: list[str], parent: str) -> dict[str, Any]:
        name = children[0] if children else "_"
        data = {"count": len(children), "name": f"t1_{name}", "id": name, "parent_id": parent}
        return {"kind": "more", "data": {**data, "depth": 0, "children": children}}
