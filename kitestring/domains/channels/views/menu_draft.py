"""A menu as its form holds it: every place there may be an entry, with what was typed there and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from django.core import signing

from kitestring.connectorkit.menu_facts import MenuFacts
from kitestring.connectorkit.menus import Menu, MenuItem, shown_of
from kitestring.connectorkit.problem import Problem

# What an entry may do beside the channel's own actions: open the list below it, stay as it is.
LIST: Final = "list"
KEPT: Final = "kept"
SALT: Final = "kitestring.menu"


@dataclass
class Slot:
    """One place: `place` "0" or "0.2". `values` by action and field ("link-url"), those of actions not chosen too.

    `kept`: the channel's own form of an entry, signed for its account, as the form carries it; `opened` what it holds.
    """

    place: str
    label: str = ""
    does: str = ""
    values: dict[str, str] = field(default_factory=dict)
    kept: str = ""
    opened: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    below: list[Slot] = field(default_factory=list)
    problems: dict[str, Problem] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What its fields' names begin with."""
        return f"e{self.place.replace('.', '_')}"

    @property
    def filled(self) -> bool:
        if self.label.strip() or self.does not in ("", LIST):
            return True
        return self.does == LIST and any(one.filled for one in self.below)

    @property
    def wrong(self) -> bool:
        return bool(self.problems) or any(one.wrong for one in self.below)

    def error(self, part: str) -> str:
        found = self.problems.get(part)
        return found.sentence if found else ""


MOST: Final = 20  # entries in a row that a form may hold


def _row(place: int, below: int) -> Slot:
    return Slot(str(place), below=[Slot(f"{place}.{number}") for number in range(below)])


def of_menu(facts: MenuFacts, menu: Menu | None, account_id: UUID) -> list[Slot]:
    """The form of what is live. Entries beyond what the channel takes have places too: nothing is dropped unseen."""
    items = menu.items if menu else ()
    slots = []
    for place in range(max(facts.items, len(items))):
        entries = items[place].items if place < len(items) else ()
        slots.append(_row(place, max(facts.below, len(entries))))
        if place < len(items):
            _fill(slots[place], items[place], account_id)
        for slot, entry in zip(slots[place].below, entries, strict=False):
            _fill(slot, entry, account_id)
    return slots


def _fill(slot: Slot, item: MenuItem, account_id: UUID) -> None:
    slot.label, slot.note = item.label, item.note
    slot.values = {f"{item.action}-{key}": value for key, value in item.values.items()}
    slot.does = LIST if item.items else KEPT if item.kept else item.action
    slot.opened = {"kept": dict(item.kept), "note": item.note} if item.kept else {}
    slot.kept = signing.dumps(slot.opened, salt=_salt(account_id)) if item.kept else ""


def typed(facts: MenuFacts, given: Mapping[str, str], account_id: UUID) -> list[Slot]:
    """What the form sent."""
    slots = []
    for place in range(MOST):
        here = [number for number in range(MOST) if f"e{place}_{number}-label" in given]
        if place < facts.items or f"e{place}-label" in given:
            slots.append(_row(place, max([facts.below, *(number + 1 for number in here)])))
    fields = [f"{action.key}-{one.key}" for action in facts.actions for one in action.fields]
    for slot in _all(slots):
        slot.label = given.get(f"{slot.name}-label", "")[:500]
        slot.does = given.get(f"{slot.name}-does", "")
        sent = {key: given.get(f"{slot.name}-{key}", "")[:5000] for key in fields}
        slot.values = {key: value for key, value in sent.items() if value}
        slot.kept = given.get(f"{slot.name}-kept", "")
        slot.opened = _opened(slot.kept, account_id)
        slot.note = str(slot.opened.get("note", ""))
    return slots


def _all(slots: Iterable[Slot]) -> Iterator[Slot]:
    for slot in slots:
        yield slot
        yield from slot.below


def _salt(account_id: UUID) -> str:
    """Another for each account: what one menu holds is no entry of another's."""
    return f"{SALT}:{account_id}"


def _opened(kept: str, account_id: UUID) -> dict[str, Any]:
    """What we signed for this account; nothing of what we did not."""
    try:
        found = signing.loads(kept, salt=_salt(account_id)) if kept else {}
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def menu_of(facts: MenuFacts, slots: Sequence[Slot], audience: str) -> tuple[Menu, dict[str, str]]:
    """The menu they make, empty places left out; and which place each of its entries stands at ("0.1": "0.3")."""
    items: list[MenuItem] = []
    places: dict[str, str] = {}
    for slot in (one for one in slots if one.filled):
        number, below = len(items), list[MenuItem]()
        places[str(number)] = slot.place
        if slot.does == LIST:
            for entry in (one for one in slot.below if one.filled):
                places[f"{number}.{len(below)}"] = entry.place
                below.append(_item(facts, entry))
        items.append(replace(_item(facts, slot), items=tuple(below)))
    return Menu(tuple(items), audience), places


def _item(facts: MenuFacts, slot: Slot) -> MenuItem:
    if slot.does == KEPT:
        kept, note = slot.opened.get("kept", {}), str(slot.opened.get("note", ""))
        return MenuItem(slot.label.strip(), kept=kept, note=note)
    action = facts.action(slot.does)
    values = (
        {one.key: slot.values.get(f"{action.key}-{one.key}", "").strip() for one in action.fields}
        if action
        else {}
    )
    return MenuItem(slot.label.strip(), slot.does if action else "", values)


def mark(slots: Sequence[Slot], problems: Iterable[Problem], places: Mapping[str, str]) -> list[Problem]:
    """Put each problem beside its field; those of the whole menu are given back."""
    by_place = {slot.place: slot for slot in _all(slots)}
    whole = []
    for problem in problems:
        where, _dot, part = problem.field.rpartition(".")
        if problem.field in places:
            where, part = problem.field, ""
        slot = by_place.get(places.get(where, ""))
        if slot is None:
            whole.append(problem)
        else:
            slot.problems.setdefault(part, problem)
    return whole


def moved(slots: list[Slot], place: str, by: int) -> list[Slot]:
    """The entry at `place` changed with its neighbour; at the end of its row nothing happens."""
    top, _dot, below = place.partition(".")
    row = slots[int(top)].below if below and top.isdigit() and int(top) < len(slots) else slots
    number = int(below or top) if (below or top).isdigit() else -1
    other = number + by
    if 0 <= number < len(row) and 0 <= other < len(row):
        row[number], row[other] = row[other], row[number]
    for i, slot in enumerate(slots):
        slot.place = str(i)
        for j, entry in enumerate(slot.below):
            entry.place = f"{i}.{j}"
    return slots


def preview(facts: MenuFacts, menu: Menu) -> list[dict[str, Any]]:
    """As a phone shows it: names cut where the channel cuts them."""
    return [
        {
            "label": shown_of(one.label, facts.shown),
            "below": [shown_of(entry.label, facts.shown_below) for entry in one.items],
        }
        for one in menu.items
    ]
