"""What is submitted, said, changed and deleted, and what Reddit refuses of it."""

from __future__ import annotations

from typing import Any

from kitestring.connectorkit.emulation import Item
from kitestring.connectors.reddit.emulated.refusing import Refused, errors, forbidden, plain
from kitestring.connectors.reddit.emulated.world import FLAIRS, World

TITLE, BODY, WORDS = 300, 40000, 10000
FILES = {"image", "video"}
Form = dict[str, str]


class Writing:
    def __init__(self, world: World) -> None:
        self.world, self.platform = world, world.platform

    def submit(self, account: str, form: Form, kind: str) -> Item:
        """A post, or the refusal Reddit words."""
        self._pace()
        self._sound(form, kind)
        place = form["sr"]
        url = form.get("url", "")
        if kind == "link" and form.get("resubmit") != "true" and self._stands(place, url):
            raise errors("ALREADY_SUB", "that link has already been submitted", "url")
        extra: dict[str, Any] = {"sr": place, "kind": kind, "url": url, "flair": form.get("flair_id")}
        extra |= {key: form.get(key) == "true" for key in ("nsfw", "spoiler")}
        item = Item(
            self.world.new("post"), account, form.get("text", ""), self.platform.clock().isoformat(),
            title=form["title"], extra=extra,
        )  # fmt: skip
        if kind in FILES and (looks := self.world.kept.get("looks", 0)):
            item.visible, item.extra["working"] = False, looks
        return self.platform.add(item)

    def _pace(self) -> None:
        if minutes := self.world.kept.get("too_often", 0):
            said = f"Looks like you've been doing that a lot. Take a break for {minutes} minutes before trying again."
            raise errors("RATELIMIT", said, "ratelimit")

    def _sound(self, form: Form, kind: str) -> None:
        place, title, text, url = (form.get(key, "") for key in ("sr", "title", "text", "url"))
        if not place:
            raise errors("SUBREDDIT_REQUIRED", "you must specify a subreddit", "sr")
        if place.startswith("missing"):
            raise errors("SUBREDDIT_NOEXIST", "that subreddit doesn't exist", "sr")
        if place.startswith("closed"):
            raise errors("SUBREDDIT_NOTALLOWED", "you aren't allowed to post there.", "sr")
        if place.startswith("linksonly") and kind == "self":
            raise errors("NO_SELFS", "that subreddit doesn't allow text posts", "sr")
        if not title.strip():
            raise errors("NO_TEXT", "we need something here", "title")
        for name, words, most in (("title", title, TITLE), ("text", text, BODY)):
            if len(words) > most:
                raise errors("TOO_LONG", f"this is too long (max: {most})", name)
        if place.startswith("flaired") and not form.get("flair_id"):
            raise errors("SUBMIT_VALIDATION_FLAIR_REQUIRED", "Your post must contain post flair.", "flair")
        self._flair(place, form.get("flair_id", ""))
        if kind == "link" and not url.startswith(("http://", "https://")):
            raise errors("BAD_URL", "you should check that url", "url")
        if kind in FILES and url not in self.world.kept.get("files", {}).values():
            raise errors("BAD_IMAGE", "image problem", "url")
        if kind == "video" and form.get("video_poster_url") not in self.world.kept.get("files", {}).values():
            raise errors("MISSING_VIDEO_URLS", "This community requires a video link and a post link", "url")

    def _flair(self, place: str, flair: str) -> None:
        known = {one[0] for one in FLAIRS.get(place, [])}
        if flair and known and flair not in known:
            raise Refused(plain(400, "Bad Request"))

    def _stands(self, place: str, url: str) -> bool:
        return any(i.extra.get("url") == url and i.extra.get("sr") == place for i in self.platform.posts())

    def gallery(self, account: str, body: dict[str, Any]) -> Item:
        """A post of several pictures, each one brought before."""
        items, files = body.get("items") or [], self.world.kept.get("files", {})
        if not 2 <= len(items) <= 20 or any(one.get("media_id") not in files for one in items):
            raise errors("BAD_IMAGE", "image problem", "items")
        if any(len(str(one.get("caption") or "")) > 180 for one in items):
            raise errors("TOO_LONG", "this is too long (max: 180)", "items")
        form = {
            key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in body.items()
        }
        made = self.submit(account, form, "gallery")
        made.media = [dict(one) for one in items]
        return made

    def answer(self, account: str, form: Form) -> Item:
        """A comment under a post or comment; for a message, the next one of its talk."""
        self._pace()
        text, above = form.get("text", ""), self.world.find(form.get("thing_id", ""))
        if not text.strip():
            raise errors("NO_TEXT", "we need something here", "text")
        if len(text) > WORDS:
            raise errors("TOO_LONG", f"this is too long (max: {WORDS})", "text")
        if above is None:
            raise errors("DELETED_COMMENT", "that comment has been deleted", "parent")
        if above.extra.get("locked"):
            raise errors("THREAD_LOCKED", "Comments are locked.", "parent")
        now = self.platform.clock().isoformat()
        if self.world.name(above).startswith("t4_"):
            extra = {"answers": self.world.name(above), "dest": self.world.username(above.author)}
            item = Item(self.world.new("message"), account, text, now, "", above.root, extra=extra)
            item.kind = "message"
            return self.platform.add(item)
        return self.platform.add(Item(self.world.new("comment"), account, text, now, parent=above.id))

    def change(self, account: str, form: Form) -> Item:
        item = self.world.find(form.get("thing_id", ""))
        if item is None:
            raise errors("DELETED_THING", "that element has been deleted", "thing_id")
        if item.author != account or (not item.parent and item.extra.get("kind") != "self"):
            raise errors("NOT_AUTHOR", "you can't do that", "thing_id")
        item.text = form.get("text", "")
        item.extra["edited"] = self.platform.clock().timestamp()
        return item

    def delete(self, account: str, name: str) -> None:
        """One's own; what is gone already is fine."""
        item = self.world.find(name)
        if item is not None and item.author != account:
            raise Refused(forbidden())
        if item is not None:
            self.platform.remove(item.id)

    def remove(self, name: str) -> None:
        """As a moderator does; what is gone already is fine."""
        item = self.world.find(name)
        if item is None:
            return
        root = self.platform.items.get(item.root) or item
        if not self.world.moderates(str(root.extra.get("sr", ""))):
            raise Refused(forbidden())
        self.platform.remove(item.id)
