"""Posts: made, listed, changed, deleted. Source: learn.microsoft.com/linkedin, Posts API and its schema."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from kitestring.connectorkit.emulation import Item
from kitestring.connectors.linkedin.emulated import problems, words
from kitestring.connectors.linkedin.emulated.files import Files
from kitestring.connectors.linkedin.emulated.world import World

LONGEST, TITLE, A_DAY = 3000, 400, 150
NEEDED = ("author", "commentary", "visibility", "distribution", "lifecycleState")
ALIKE = timedelta(minutes=10)


class Posting:
    def __init__(self, world: World, files: Files) -> None:
        self.world, self.files, self.platform = world, files, world.platform

    def make(self, account: str, author: str, body: Mapping[str, Any]) -> Item:
        self._sound(author, body)
        self._often(author, str(body["commentary"]))
        text = words.read(str(body["commentary"]))
        item = Item(
            self.world.new_post(), account, text, self.platform.clock().isoformat(),
            author_name=self.world.title(account),
        )  # fmt: skip
        item.extra = {"actor": author, "commentary": body["commentary"], "visibility": body["visibility"]}
        item.extra["reshares"] = not body.get("isReshareDisabledByAuthor", False)
        self._content(author, body.get("content") or {}, item)
        return self.platform.add(item)

    def _sound(self, author: str, body: Mapping[str, Any]) -> None:
        for field in NEEDED:
            if field not in body:
                raise problems.wrong("MISSING_FIELD", f"{field} is required", f"/{field}", 422)
        allowed = (
            ("PUBLIC",)
            if author.startswith("urn:li:organization:")
            else ("PUBLIC", "CONNECTIONS", "LOGGED_IN")
        )
        if body["visibility"] not in allowed:
            raise problems.wrong(
                "INVALID_VALUE_FOR_FIELD", "visibility cannot be set to that value", "/visibility"
            )
        if body["lifecycleState"] != "PUBLISHED":
            raise problems.wrong(
                "INVALID_VALUE_FOR_FIELD", "lifecycleState must be PUBLISHED", "/lifecycleState"
            )
        if (body["distribution"] or {}).get("feedDistribution") not in ("MAIN_FEED", "NONE"):
            raise problems.wrong("MISSING_FIELD", "feedDistribution is required", "/distribution")
        if len(words.read(str(body["commentary"]))) > LONGEST:
            raise problems.wrong("FIELD_LENGTH_TOO_LONG", "commentary length exceeds 3000", "/commentary")

    def _often(self, author: str, commentary: str) -> None:
        if self.platform.memory.get("no_limits"):
            return
        now = self.platform.clock()
        young = [i for i in self.world.posts_by(author) if now - datetime.fromisoformat(i.at) < ALIKE]
        for item in young:
            if item.extra.get("commentary") == commentary:
                said = f"Content is a duplicate of {item.id}"
                inputs = [
                    {"code": "DUPLICATE_POST", "description": "Duplicate post is detected", "input": {}}
                ]
                raise problems.Refusal(422, said, errorDetails={"inputErrors": inputs})
        today = [i for i in self.world.posts_by(author) if i.at[:10] == now.isoformat()[:10]]
        if len(today) >= A_DAY:
            raise problems.day_used()

    def _content(self, author: str, content: Mapping[str, Any], item: Item) -> None:
        if len(content) > 1:
            raise problems.wrong("INVALID_CONTENT", "content has several members", "/content")
        if media := content.get("media"):
            item.media = [self._file(author, media, "/content/media")]
        if "multiImage" in content:
            images = content["multiImage"].get("images") or []
            if not 2 <= len(images) <= 20 or any(
                not str(one.get("id")).startswith("urn:li:image:") for one in images
            ):
                raise problems.wrong("INVALID_VALUE_FOR_FIELD", "2 to 20 images", "/content/multiImage")
            item.media = [self._file(author, one, "/content/multiImage") for one in images]
        if poll := content.get("poll"):
            options = poll.get("options") or []
            lengths = ("ONE_DAY", "THREE_DAYS", "SEVEN_DAYS", "FOURTEEN_DAYS")
            if not 2 <= len(options) <= 4 or any(not 0 < len(one.get("text") or "") <= 30 for one in options):
                raise problems.wrong(
                    "INVALID_VALUE_FOR_FIELD", "2 to 4 options of 30", "/content/poll/options"
                )
            if not 0 < len(poll.get("question") or "") <= 140 or poll["settings"]["duration"] not in lengths:
                raise problems.wrong("INVALID_VALUE_FOR_FIELD", "question or duration", "/content/poll")
            item.extra["poll"] = dict(poll)
        if article := content.get("article"):
            if not article.get("source") or not article.get("title"):
                raise problems.wrong("MISSING_FIELD", "source and title are required", "/content/article")
            if len(article["title"]) > TITLE:
                raise problems.wrong("FIELD_LENGTH_TOO_LONG", "title is too long", "/content/article/title")
            item.title = article["title"]
            item.extra["article"] = dict(article)
            if thumbnail := article.get("thumbnail"):
                item.media = [self.files.usable(thumbnail, author, "/content/article/thumbnail")]

    def _file(self, author: str, told: Mapping[str, Any], path: str) -> dict[str, str]:
        found = self.files.usable(str(told.get("id")), author, path)
        return {**found, "alt": str(told.get("altText") or told.get("title") or "")}

    def change(self, item: Item, patch: Mapping[str, Any]) -> None:
        told = (patch.get("patch") or {}).get("$set") or {}
        if set(told) != {"commentary"}:
            raise problems.wrong("FIELD_VALUE_NOT_MUTABLE", "only commentary can be changed here", "/patch")
        item.text, item.extra["commentary"] = words.read(told["commentary"]), told["commentary"]

    def shown(self, item: Item) -> dict[str, Any]:
        at = self.world.at(item)
        told = {
            "id": item.id,
            "author": item.extra["actor"],
            "commentary": item.extra["commentary"],
            "visibility": item.extra["visibility"],
            "lifecycleState": "PUBLISHED",
            "createdAt": at,
            "publishedAt": at,
            "lastModifiedAt": at,
        }
        return {**told, "isReshareDisabledByAuthor": not item.extra.get("reshares", True)}
