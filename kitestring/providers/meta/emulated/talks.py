"""Conversations of a Page, in Messenger or Instagram, over the platform's messages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kitestring.connectorkit.emulation import Item, Platform
from kitestring.providers.meta.emulated.desk import number
from kitestring.providers.meta.emulated.fields import Wanted, paged
from kitestring.providers.meta.emulated.refusals import Refusal

OPEN_FOR = timedelta(hours=24)
LONGEST = 2000


def written(moment: str) -> str:
    """A moment as the API writes it: whole seconds, +0000."""
    return datetime.fromisoformat(moment).strftime("%Y-%m-%dT%H:%M:%S+0000")


class Talks:
    """`me`: our id among the participants, for an account's remote id."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def all(self, account: str) -> list[dict[str, Any]]:
        """The newest first."""
        threads = {
            item.root for item in self.platform.items.values()
            if item.kind == "message" and item.extra.get("of") == account
        }  # fmt: skip
        found = [self.entity(account, thread) for thread in threads]
        return sorted(found, key=lambda row: str(row["updated_time"]), reverse=True)

    def thread(self, account: str, talk: str) -> str | None:
        """Whose talk it is; None when there is none of that id."""
        for item in self.platform.items.values():
            if item.kind == "message" and item.extra.get("of") == account and talk_id(item.root) == talk:
                return item.root
        return None

    def entity(self, account: str, thread: str) -> dict[str, Any]:
        rows = sorted(self.platform.talk(thread), key=lambda item: item.at, reverse=True)
        rows = [item for item in rows if item.extra.get("of") == account]
        them = {"id": number("person", thread), "name": _name(rows, thread)}

        def messages(wanted: Wanted) -> dict[str, Any]:
            return paged([self._message(account, item) for item in rows], wanted.args.get("limit", "25"))

        return {
            "id": talk_id(thread),
            "updated_time": written(rows[0].at),
            "participants": {"data": [them, {"id": account, "name": "Page"}]},
            "message_count": len(rows),
            "can_reply": True,
            "messages": messages,
        }

    def _message(self, account: str, item: Item) -> dict[str, Any]:
        ours = item.author != item.root
        them = {"id": number("person", item.root), "name": item.author_name or item.root}
        us = {"id": account, "name": "Page"}
        return {
            "id": item.id,
            "message": item.text,
            "created_time": written(item.at),
            "from": us if ours else them,
            "to": {"data": [them if ours else us]},
        }

    def send(self, account: str, author: str, recipient: str, text: str) -> Item:
        """Refuses what is too long, and what comes later than a day after their last word."""
        thread = next((t for t in self._threads(account) if number("person", t) == recipient), None)
        if thread is None:
            raise Refusal(100, "(#100) No matching user found", subcode=2018001)
        if not text or len(text) > LONGEST:
            raise Refusal(
                100, f"(#100) Length of param message[text] must be less than or equal to {LONGEST}"
            )
        theirs = [item for item in self.platform.talk(thread) if item.author == thread]
        last = max(datetime.fromisoformat(item.at) for item in theirs)
        if self.platform.clock() - last > OPEN_FOR:
            message = "(#10) This message is sent outside of allowed window."
            raise Refusal(10, message, subcode=2018278, status=403)
        made = Item(
            f"m_{self.platform.next_id()}", author, text, self.platform.clock().isoformat(), "", thread
        )
        made.kind, made.extra = "message", {"of": account}
        return self.platform.add(made)

    def _threads(self, account: str) -> set[str]:
        items = self.platform.items.values()
        return {i.root for i in items if i.kind == "message" and i.extra.get("of") == account}


def talk_id(thread: str) -> str:
    return f"t_{number('talk', thread)}"


def _name(rows: list[Item], thread: str) -> str:
    return next((item.author_name for item in rows if item.author == thread and item.author_name), thread)
