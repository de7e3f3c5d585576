"""Comments and reactions. Source: learn.microsoft.com/linkedin: Comments API, Reactions API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from kitestring.connectorkit.emulation import Item
from kitestring.connectors.linkedin.emulated import problems
from kitestring.connectors.linkedin.emulated.world import World

LONGEST = 1250


class Talking:
    def __init__(self, world: World) -> None:
        self.world, self.platform = world, world.platform

    def below(self, on: str) -> list[dict[str, Any]]:
        there = self.world.target(on)
        found = [i for i in self.platform.comments(there.root or there.id) if i.parent == there.id]
        return [self.world.shown(item) for item in found]

    def write(self, account: str, actor: str, on: str, body: Mapping[str, Any]) -> Item:
        there, text = self.world.target(on), str((body.get("message") or {}).get("text") or "")
        root = self.platform.items[there.root] if there.parent else there
        if not text or len(text) > LONGEST:
            raise problems.wrong("FIELD_LENGTH_TOO_LONG", "message.text has 1 to 1250 characters", "/message")
        if body.get("object") not in (root.id, self.world.thread(root)):
            raise problems.wrong("INVALID_URN_ID", "object does not match", "/object")
        if there.parent and there.parent != there.root:
            raise problems.wrong("INVALID_URN_ID", "answers to answers are not nested", "/parentComment")
        if bool(there.parent) != bool(body.get("parentComment")):
            raise problems.wrong("MISSING_FIELD", "parentComment does not match the path", "/parentComment")
        name = f"urn:li:comment:({self.world.thread(root)},{self.platform.next_id()})"
        at = self.platform.clock().isoformat()
        return self.platform.add(
            Item(
                name, account, text, at, there.id, root.id, self.world.title(account), extra={"actor": actor}
            )
        )

    def change(self, item: Item, body: Mapping[str, Any]) -> None:
        told = ((body.get("patch") or {}).get("message") or {}).get("$set") or {}
        if not told.get("text"):
            raise problems.wrong("MISSING_FIELD", "message.text is required", "/message")
        item.text = str(told["text"])

    def react(self, body: Mapping[str, Any]) -> None:
        item = self.world.target(str(body.get("root")))
        if body.get("reactionType") != "LIKE":
            raise problems.wrong("INVALID_VALUE_FOR_FIELD", "reactionType is not valid", "/reactionType")
        if item.extra.get("liked"):
            raise problems.Refusal(409, "The reaction exists already", "CONFLICT")
        item.extra["liked"] = True

    def unreact(self, page: str, key: str) -> None:
        actor, _, entity = unquote(key).removeprefix("(actor:").removesuffix(")").partition(",entity:")
        if actor != page:
            raise problems.denied("reactions.DELETE")
        item = self.world.target(entity)
        if not item.extra.get("liked"):
            raise problems.missing("reaction")
        item.extra["liked"] = False
