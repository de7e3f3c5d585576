"""Who and what there is on the emulated Weibo: an account for each name, posts and comments by growing numbers."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any
from zlib import crc32

from kitestring.connectorkit.emulation import Item, Platform
from kitestring.connectors.weibo.emulated.problems import Refusal

BEIJING = timezone(timedelta(hours=8))
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LINK = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")


def written(at: str) -> str:
    """A moment as Weibo writes it: Tue May 31 17:46:55 +0800 2011."""
    when = datetime.fromisoformat(at).astimezone(BEIJING)
    day, month = DAYS[when.weekday()], MONTHS[when.month - 1]
    return f"{day} {month} {when.day:02d} {when:%H:%M:%S} +0800 {when.year}"


class World:
    """The platform read in Weibo's way."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def uid(self, name: str) -> str:
        return str(1_000_000_000 + crc32(name.encode()) % 900_000_000)

    def author(self, item: Item) -> str:
        """The number of who wrote it: the account's own, or one made of the name."""
        return item.author if item.author.isdecimal() else self.uid(item.author)

    def user(self, uid: str, name: str) -> dict[str, Any]:
        numbers = self.platform.numbers(uid)
        return {
            "id": int(uid),
            "idstr": uid,
            "screen_name": name,
            "name": name,
            "profile_image_url": "",
            "avatar_large": "",
            "followers_count": numbers.get("followers", 0),
            "friends_count": numbers.get("following", 0),
            "statuses_count": numbers.get("posts", len(self.platform.posts(uid))),
            "verified": False,
        }

    def post(self, number: str) -> Item:
        found = self.platform.items.get(number)
        if found is None or found.parent or not found.visible or found.kind == "message":
            raise Refusal(20101)
        return found

    def comment(self, number: str) -> Item:
        for item in self.platform.items.values():
            if item.parent and self.number(item) == number:
                return item
        raise Refusal(20201)

    def number(self, item: Item) -> str:
        """A comment's own number: ours are kept under the post's and theirs."""
        return item.id.rpartition("_")[2]

    def text(self, item: Item) -> str:
        """The words as lists show them: links become short ones."""
        return LINK.sub(lambda found: f"http://t.cn/A6{crc32(found[0].encode()):08x}", item.text)

    def status(self, item: Item) -> dict[str, Any]:
        """A post as the API tells it."""
        uid = self.author(item)
        return {
            "created_at": written(item.at),
            "id": int(item.id),
            "mid": item.id,
            "idstr": item.id,
            "text": self.text(item),
            "truncated": False,
            "pic_ids": [one["id"] for one in item.media],
            "user": self.user(uid, item.author_name or item.author),
            "reposts_count": item.counts.get("reposts", 0),
            "comments_count": len(self.platform.comments(item.id)),
            "attitudes_count": item.counts.get("likes", 0),
        }

    def shown(self, item: Item) -> dict[str, Any]:
        """A comment as the API tells it."""
        root, parent = self.platform.items[item.root], self.platform.items.get(item.parent)
        told = {
            "created_at": written(item.at),
            "id": int(self.number(item)),
            "idstr": self.number(item),
            "mid": self.number(item),
            "text": item.text,
            "user": self.user(self.author(item), item.author_name or item.author),
            "status": self.status(root),
        }
        if parent is not None and parent.id != root.id:
            told["reply_comment"] = {"id": int(self.number(parent)), "text": parent.text}
        return told

    def counts(self, item: Item) -> dict[str, Any]:
        return {
            "id": int(item.id),
            "comments": len(self.platform.comments(item.id)),
            "reposts": item.counts.get("reposts", 0),
            "attitudes": item.counts.get("likes", 0),
        }

    def comments_to(self, uid: str) -> list[Item]:
        """What others wrote under the account's posts, or in answer to its comments."""
        return [i for i in self._comments() if self.author(i) != uid and self._is_to(i, uid)]

    def comments_by(self, uid: str) -> list[Item]:
        return [i for i in self._comments() if self.author(i) == uid]

    def _comments(self) -> list[Item]:
        return [i for i in self.platform.items.values() if i.parent and i.visible]

    def _is_to(self, item: Item, uid: str) -> bool:
        above = [self.platform.items.get(item.root), self.platform.items.get(item.parent)]
        return any(one is not None and self.author(one) == uid for one in above)

    def naming(self, uid: str, name: str) -> list[Item]:
        """Posts of others that name the account."""
        return [
            i
            for i in self.platform.items.values()
            if (i.kind == "mention" and i.extra.get("of") == uid)
            or (i.kind == "post" and not i.parent and self.author(i) != uid and f"@{name}" in i.text)
        ]
