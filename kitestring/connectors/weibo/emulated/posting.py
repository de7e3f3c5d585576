"""Putting posts and comments live on the emulated Weibo, as the share, the commercial and the comment calls do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import IPv4Address
from typing import Any

from aiohttp.web import FileField

from kitestring.connectorkit.counting import count
from kitestring.connectorkit.emulation import Item
from kitestring.connectors.weibo.emulated.problems import Refusal
from kitestring.connectors.weibo.emulated.world import LINK, World

DOMAIN = "vidu.example"
KINDS = {"image/jpeg", "image/gif", "image/png"}
HEAVIEST, AN_HOUR = 5_000_000, 30
TOPIC = re.compile(r"#[^#]+#")


class Posting:
    """What may be posted, and what is refused."""

    def __init__(self, world: World) -> None:
        self.world, self.platform = world, world.platform

    def share(self, uid: str, form: Mapping[str, Any]) -> Item:
        text = self._text(form, "status", 140)
        if TOPIC.search(text):
            raise Refusal(10017, "status")
        hosts = [found[0].split("/")[2].lower() for found in LINK.finditer(text)]
        if not any(host == DOMAIN or host.endswith(f".{DOMAIN}") for host in hosts):
            raise Refusal(10017, words="appkey not bind domain!")
        picture = form.get("pic")
        return self._live(uid, text, [self.picture(picture)] if picture is not None else [])

    def update(self, uid: str, form: Mapping[str, Any]) -> Item:
        long_ = form.get("is_longtext") == "1"
        pictures = []
        if "pic_id" in form:
            known = self.platform.memory.get("pictures", {})
            names = str(form["pic_id"]).split(",")
            if len(names) > 9 or any(name not in known for name in names):
                raise Refusal(10017, "pic_id")
            pictures = [known[name] for name in names]
        item = self._live(uid, self._text(form, "status", 2000 if long_ else 140), pictures)
        item.extra["visible"] = str(form.get("visible", "0"))
        return item

    def picture(self, found: Any) -> dict[str, Any]:
        """A picture that was sent, kept under a name."""
        if not isinstance(found, FileField) or found.content_type not in KINDS:
            raise Refusal(20005)
        size = len(found.file.read())
        if size > HEAVIEST:
            raise Refusal(20006)
        name = f"946308c5jw1dv{self.platform.next_id()}"
        kept = {"id": name, "mime": found.content_type, "size": size}
        self.platform.memory.setdefault("pictures", {})[name] = kept
        return kept

    def comment(self, uid: str, name: str, form: Mapping[str, Any]) -> Item:
        text = self._text(form, "comment", 140)
        post = self.world.post(str(form.get("id", "")))
        above = post
        if cid := str(form.get("cid", "")):
            above = self.world.comment(cid)
            if above.root != post.id:
                raise Refusal(20201)
            if form.get("without_mention", "0") != "1":
                text = f"回复@{above.author_name or above.author}:{text}"
        own = f"{post.id}_{self.platform.next_id()}"
        at = self.platform.clock().isoformat()
        return self.platform.add(Item(own, uid, text, at, above.id, post.id, name))

    def _text(self, form: Mapping[str, Any], field: str, most: int) -> str:
        try:
            given = IPv4Address(str(form.get("rip", "")))
        except ValueError:
            raise Refusal(10016, "rip") from None
        if not given.is_global:
            raise Refusal(10017, "rip")
        text = str(form.get(field, ""))
        if not text.strip():
            raise Refusal(20008)
        if count(text, "cjk_half") > most:
            raise Refusal(20012)
        return text

    def _live(self, uid: str, text: str, pictures: list[dict[str, Any]]) -> Item:
        own = self.platform.posts(uid)
        if not self.platform.memory.get("no_limits"):
            since = self.platform.clock() - timedelta(hours=1)
            if sum(datetime.fromisoformat(item.at) > since for item in own) >= AN_HOUR:
                raise Refusal(10024, "/statuses/share")
            if own and own[-1].text == text:
                raise Refusal(20019)
        at = self.platform.clock().isoformat()
        made = Item(self.platform.next_id(), uid, text, at, author_name=self._name(uid), media=pictures)
        return self.platform.add(made)

    def _name(self, uid: str) -> str:
        return str(self.platform.memory.get("names", {}).get(uid, uid))
