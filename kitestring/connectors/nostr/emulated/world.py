"""What an emulated relay keeps: events people sent, and those made from what the platform's audience said and did."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from kitestring.connectorkit.emulation import Item, Platform
from kitestring.connectors.nostr.events import (
    ARTICLE,
    COMMENT,
    DELETION,
    FOLLOWS,
    NOTE,
    PROFILE,
    REACTION,
    REPOST,
    Event,
    Key,
)
from kitestring.connectors.nostr.threads import parent_of
from kitestring.kit import clock

CONTENT, MESSAGE, PAGE = 60_000, 262_144, 500
AHEAD = 900  # seconds an event may be dated ahead
SHOWN = (NOTE, COMMENT, ARTICLE)
DEEDS = {"likes": (REACTION, "e"), "reposts": (REPOST, "e"), "quotes": (NOTE, "q")}


def key_for(name: str) -> Key:
    """The key of an account or of somebody in the audience."""
    return Key(hashlib.sha256(f"sandbox:{name}".encode()).hexdigest())


class World:
    """Events over the platform: a note, a comment or an article is an item, all else lies in its memory."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.others: dict[str, Any] = platform.memory.setdefault("events", {})
        self.deleted: list[str] = platform.memory.setdefault("deleted", [])
        self._made: dict[tuple[str, ...], Event] = {}

    def store(self, event: Event) -> tuple[bool, str]:
        """As the relay answers: taken or not, and a word why. Signatures were looked at before."""
        if event.created_at > clock.now().timestamp() + AHEAD:
            return False, "invalid: event creation date is too far off from the current time"
        if len(event.content) > CONTENT:
            return False, f"invalid: content is longer than {CONTENT}"
        if event.id in self.platform.items or event.id in self.others:
            return True, "duplicate: already have this event"
        if event.id in self.deleted:
            return False, "blocked: this event was deleted by its author"
        if event.kind in SHOWN:
            self._show(event)
        else:
            self.others[event.id] = event.body()
            self._do(event)
        return True, ""

    def found(self, wanted: Mapping[str, Any]) -> list[Event]:
        """The stored events that a filter matches, the newest first, a page of them at most."""
        kept = [event for event in self._events(wanted) if matches(wanted, event)]
        kept.sort(key=lambda event: (-event.created_at, event.id))
        return kept[: min(int(wanted.get("limit", PAGE)), PAGE)]

    def count(self, wanted: Mapping[str, Any]) -> int:
        """How many there are, pages or not."""
        if wanted.get("kinds") == [FOLLOWS] and "#p" in wanted:
            return sum(self.platform.numbers(one).get("followers", 0) for one in wanted["#p"])
        number = sum(matches(wanted, event) for event in self._events({**wanted, "likes": 0}, deeds=False))
        for name, (kind, letter) in DEEDS.items():
            if kind in wanted.get("kinds", ()):
                number += sum(item.counts.get(name, 0) for item in self._named(wanted.get(f"#{letter}", ())))
        return number

    def event_of(self, item: Item) -> Event:
        """The event behind an item; what the audience wrote is signed here."""
        if body := item.extra.get("event"):
            found = Event.read(body)
            if found is None:
                raise ValueError(item.id)
            return found
        made = self._made.get((item.id,))
        if made is None:
            kind, tags = self._above(item)
            made = key_for(item.author).sign(kind, item.text, tags, _second(item.at))
            self._made[item.id,] = made
        return made

    def item_behind(self, event_id: str) -> Item | None:
        found = self.platform.items.get(event_id)
        return found or next((i for i in self._items() if self.event_of(i).id == event_id), None)

    def _items(self) -> list[Item]:
        return [item for item in self.platform.items.values() if item.visible and item.kind != "message"]

    def _named(self, ids: Any) -> Iterator[Item]:
        for one in ids:
            if item := self.item_behind(str(one)):
                yield item

    def _events(self, wanted: Mapping[str, Any], *, deeds: bool = True) -> Iterator[Event]:
        kinds = wanted.get("kinds")
        for item in self._items():
            yield self.event_of(item)
        for body in self.others.values():
            if event := Event.read(body):
                yield event
        if kinds is None or PROFILE in kinds:
            yield from self._profiles()
        for name, (kind, letter) in DEEDS.items():
            if deeds and kinds is not None and kind in kinds and f"#{letter}" in wanted:
                for item in self._named(wanted[f"#{letter}"]):
                    yield from self._deeds(item, name, kind, letter)

    def _profiles(self) -> Iterator[Event]:
        names = {item.author: item.author_name for item in self._items() if "event" not in item.extra}
        for author, name in names.items():
            place = ("profile", author, name)
            if place not in self._made:
                content = json.dumps({"name": author, "display_name": name or author}, ensure_ascii=False)
                self._made[place] = key_for(author).sign(PROFILE, content, [], 1_700_000_000)
            yield self._made[place]

    def _deeds(self, item: Item, name: str, kind: int, letter: str) -> Iterator[Event]:
        """What so many strangers did with an item; of thousands only a page is made."""
        about = self.event_of(item)
        content = "+" if kind == REACTION else "Xem này" if kind == NOTE else ""
        for number in range(min(item.counts.get(name, 0), PAGE)):
            place = (name, item.id, str(number))
            if place not in self._made:
                tags = [[letter, about.id], ["p", about.pubkey]]
                fan = key_for(f"fan-{number}")
                self._made[place] = fan.sign(kind, content, tags, about.created_at + 1 + number)
            yield self._made[place]

    def _above(self, item: Item) -> tuple[int, list[list[str]]]:
        """The kind and tags of what somebody of the audience wrote."""
        tags = [["serial", item.id]]
        if item.kind == "mention":
            return NOTE, [["p", str(item.extra.get("of", ""))], *tags]
        root, parent = (self.platform.items.get(one) for one in (item.root, item.parent))
        if root is None or parent is None:
            return NOTE, tags
        top, above = self.event_of(root), self.event_of(parent)
        if top.kind == ARTICLE:
            scope = [["A", top.address], ["K", str(top.kind)], ["P", top.pubkey]]
            return COMMENT, [*scope, ["e", above.id], ["k", str(above.kind)], ["p", above.pubkey], *tags]
        marks = [["e", top.id, "", "root"]] + ([["e", above.id, "", "reply"]] if above.id != top.id else [])
        return NOTE, [*marks, ["p", above.pubkey], *tags]

    def _show(self, event: Event) -> None:
        if event.kind == ARTICLE:
            for old in [i for i in self._items() if self.event_of(i).address == event.address]:
                self.platform.remove(old.id)
        above = self.item_behind(parent_of(event)) if parent_of(event) else None
        media = [dict(part.split(" ", 1) for part in tag[1:]) for tag in event.tags if tag[0] == "imeta"]
        self.platform.add(
            Item(
                event.id,
                event.pubkey,
                event.content,
                self.platform.clock().isoformat(),
                parent=above.id if above else "",
                title=event.first("title"),
                media=[{"id": m["url"], "mime": m.get("m", ""), "alt": m.get("alt", "")} for m in media],
                extra={"event": event.body()},
            )
        )

    def _do(self, event: Event) -> None:
        """What a like or a wish for deletion changes."""
        if event.kind == REACTION:
            for item in self._named(event.values("e")):
                item.extra["liked"] = event.content != "-"
        if event.kind != DELETION:
            return
        for one in event.values("e"):
            shown, other = self.platform.items.get(one), self.others.get(one)
            if shown is not None and shown.author == event.pubkey:
                self.platform.remove(one)
                self.deleted.append(one)
            if other is not None and other["pubkey"] == event.pubkey and other["kind"] != DELETION:
                del self.others[one]
                self._undo(Event.read(other))

    def _undo(self, event: Event | None) -> None:
        if event is not None and event.kind == REACTION:
            for item in self._named(event.values("e")):
                item.extra["liked"] = False


def matches(wanted: Mapping[str, Any], event: Event) -> bool:
    """Whether an event passes a filter (NIP-01)."""
    for name, own in (("ids", event.id), ("authors", event.pubkey), ("kinds", event.kind)):
        if name in wanted and own not in wanted[name]:
            return False
    if not int(wanted.get("since", 0)) <= event.created_at <= int(wanted.get("until", 1 << 60)):
        return False
    tags = ((name[1:], values) for name, values in wanted.items() if name.startswith("#"))
    return all(set(values) & set(event.values(name)) for name, values in tags)


def _second(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())
