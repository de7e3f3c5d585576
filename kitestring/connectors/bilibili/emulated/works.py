"""What is the same for videos and articles: submitted, reviewed, open or returned.

The review is through at the second look, or at the first after half a minute.

`platform.memory["review"] = "by_hand"` leaves every review to `confirm`. `memory["refusing"] = "..."` returns whatever is
submitted with that reason. `memory["no_limits"]` takes the limits of how often away; `memory["new_member"]` is an account
that may submit five videos a day.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kitestring.connectorkit.emulation import Item, Platform
from kitestring.connectors.bilibili.emulated.answers import Refusal

OPEN, RETURNED, WAITING = 0, -2, -30
REVIEW = timedelta(seconds=30)
APART, REPEATED = timedelta(seconds=30), timedelta(minutes=10)
A_DAY = 5


class Works:
    """The works of one sort, by id, in the platform's memory; open ones are its items too."""

    def __init__(self, platform: Platform, sort: str) -> None:
        self.platform, self.sort = platform, sort

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = self.platform.memory.setdefault(self.sort, {})
        return found

    def admit(self, account: str, title: str) -> None:
        """Not too often, and no title twice within a short time."""
        if self.platform.memory.get("no_limits"):
            return
        now = self.platform.clock()
        own = [row for row in self.rows.values() if row["account"] == account]
        ages = [now - datetime.fromisoformat(row["at"]) for row in own]
        if any(
            row["fields"]["title"] == title and age < REPEATED for row, age in zip(own, ages, strict=True)
        ):
            raise Refusal(123015)
        if any(age < APART for age in ages):
            raise Refusal(123026)
        if self.platform.memory.get("new_member") and sum(age < timedelta(days=1) for age in ages) >= A_DAY:
            raise Refusal(123036)

    def submit(self, work: str, account: str, fields: dict[str, Any], words: str) -> None:
        self.rows[work] = {
            "account": account,
            "fields": fields,
            "words": words,
            "at": self.platform.clock().isoformat(),
            "state": WAITING,
            "looks": 0,
            "reason": "",
            "told": False,
        }

    def look(self, work: str) -> dict[str, Any]:
        """The work as the review has it now."""
        row = self.rows[work]
        row["looks"] += 1
        age = self.platform.clock() - datetime.fromisoformat(row["at"])
        through = row["looks"] >= 2 or age >= REVIEW
        if row["state"] == WAITING and through and self.platform.memory.get("review") != "by_hand":
            self.decide(work)
        return row

    def decide(self, work: str) -> None:
        """The reviewer's word."""
        row = self.rows[work]
        if row["state"] != WAITING:
            return
        row["reason"] = str(self.platform.memory.get("refusing", ""))
        row["state"] = RETURNED if row["reason"] else OPEN
        if row["state"] == OPEN:
            self._show(work)

    def change(self, work: str, fields: dict[str, Any], words: str) -> None:
        row = self.rows[work]
        row |= {"fields": {**row["fields"], **fields}, "words": words}
        if work in self.platform.items:
            self._show(work)

    def remove(self, work: str) -> None:
        self.rows.pop(work, None)
        self.platform.remove(work)

    def own(self, account: str) -> list[tuple[str, dict[str, Any]]]:
        """The newest first."""
        return [(work, row) for work, row in reversed(self.rows.items()) if row["account"] == account]

    def _show(self, work: str) -> None:
        row = self.rows[work]
        item = self.platform.items.get(work)
        if item is not None:
            item.text, item.title = row["words"], row["fields"]["title"]
            return
        at = self.platform.clock().isoformat()
        self.platform.add(Item(work, row["account"], row["words"], at, title=row["fields"]["title"]))


def numbers(platform: Platform, work: str) -> dict[str, int] | None:
    """The counts of a work that is open; None where there is none."""
    item = platform.items.get(work)
    if item is None:
        return None
    counts = item.counts
    return {
        "view": counts.get("views", 0),
        "like": counts.get("likes", 0),
        "reply": platform.replies(work),
        "favorite": counts.get("saves", 0),
        "share": counts.get("shares", 0),
        "coin": 0,
    }
