"""An account's menu, whatever the channel calls it: entries with names, what a tap on each does, and what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Any

from kitestring.connectorkit.counting import count, measure
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.facts import TextLimit
from kitestring.connectorkit.manifest import Manifest
from kitestring.connectorkit.menu_facts import MenuAction, MenuFacts, MenuField
from kitestring.connectorkit.problem import Params, Problem
from kitestring.connectorkit.sentences import sentence


@dataclass(frozen=True)
class MenuItem:
    """One entry. With `items` it only opens those; else `action` is what a tap does, told by `values`.

    `kept`: the channel's own form of an entry that does something no action here stands for; it goes back as it is.
    `note`: the channel's word for what such an entry does.
    """

    label: str
    action: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    items: tuple[MenuItem, ...] = ()
    kept: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Menu:
    """The menu of everybody (`audience` ""), or of those whom `MenuFacts.audience_from` calls so.

    `elsewhere`: made on the channel's own page; putting one from here takes its place. `whom`: of those whom no menu from
    here is for, in the channel's own words (its `audience` is a name of ours): such a menu is told of, never changed.
    """

    items: tuple[MenuItem, ...] = ()
    audience: str = ""
    elsewhere: bool = False
    whom: str = ""

    def digest(self) -> str:
        """Whether it is the menu somebody looked at: of what people see and tap, whoever made it."""
        told = json.dumps([asdict(one) for one in self.items], sort_keys=True, ensure_ascii=False)
        return sha256(told.encode()).hexdigest()[:32]


def check_menu(manifest: Manifest, menu: Menu, account_type: str = "") -> None:
    """Raise Rejected for the first thing that the channel would not take. Makes no call."""
    for problem in menu_problems(manifest, menu, account_type):
        if problem.severity == "error":
            raise Rejected(problem.field, problem.reason, params=problem.params)


def menu_problems(
    manifest: Manifest, menu: Menu, account_type: str = "", language: str = "en"
) -> list[Problem]:
    """All of them, worded. Fields are "" (the menu), "0" (its first entry), "0.2.label", "0.2.url" (a field of its action)."""
    facts = manifest.menu
    if facts is None:
        return [Problem("", "menu_not_here", sentence=sentence("menu_not_here", {}, language, manifest))]
    found = list(_of_menu(facts, menu, account_type, language))
    return [replace(one, sentence=sentence(one.reason, one.params, language, manifest)) for one in found]


def _of_menu(facts: MenuFacts, menu: Menu, account_type: str, language: str) -> Iterator[Problem]:
    if not menu.items:
        yield Problem("", "menu_empty")
    if (over := len(menu.items) - facts.items) > 0:
        yield Problem("", "menu_too_many", {"limit": facts.items, "over": over})
    for place, item in enumerate(menu.items):
        yield from _of_name(facts, item, str(place), below=False)
        if not item.items:
            yield from _of_action(facts, item, str(place), account_type, language)
            continue
        if (over := len(item.items) - facts.below) > 0:
            yield Problem(str(place), "menu_too_many_below", {"limit": facts.below, "over": over})
        for number, entry in enumerate(item.items):
            where = f"{place}.{number}"
            if entry.items:
                yield Problem(where, "menu_too_deep")
            yield from _of_name(facts, entry, where, below=True)
            yield from _of_action(facts, entry, where, account_type, language)


def _of_name(facts: MenuFacts, item: MenuItem, place: str, *, below: bool) -> Iterator[Problem]:
    where, shown = f"{place}.label", facts.shown_below if below else facts.shown
    if not item.label.strip():
        yield Problem(where, "menu_label_missing")
    elif too_long := _over(item.label, facts.named(below)):
        yield Problem(where, f"menu_label_{_sort(facts.named(below))}", too_long)
    elif shown is not None and count(item.label, "cjk_half") > shown:
        seen = shown_of(item.label, shown)
        yield Problem(where, "menu_label_cut", {"seen": seen}, "warning")


def shown_of(label: str, shown: int | None) -> str:
    """What people see of a name of which so many Chinese characters (a Latin letter is half of one) are shown."""
    if shown is None or count(label, "cjk_half") <= shown:
        return label
    seen = label
    while seen and count(seen, "cjk_half") > shown:
        seen = seen[:-1]
    return f"{seen}…"


def _over(text: str, limit: TextLimit) -> Params | None:
    found = measure(text, limit)
    if found.fits:
        return None
    if found.over:
        return {"count": found.count, "limit": found.limit, "over": found.over}
    return {"count": found.bytes, "limit": found.bytes_limit or 0, "over": found.bytes_over}


def _sort(limit: TextLimit) -> str:
    return "bytes" if limit.unit == "utf8" else "long"


def _of_action(
    facts: MenuFacts, item: MenuItem, place: str, account_type: str, language: str
) -> Iterator[Problem]:
    if item.kept and not item.action:
        return
    action = facts.action(item.action)
    if action is None:
        yield Problem(f"{place}.action", "menu_action_missing")
        return
    if action.account_types and account_type and account_type not in action.account_types:
        yield Problem(f"{place}.action", "menu_action_not_here", {"action": action.label.in_(language)})
    for one in action.fields:
        yield from _of_field(one, item.values.get(one.key, ""), f"{place}.{one.key}", language)


def _of_field(one: MenuField, value: str, where: str, language: str) -> Iterator[Problem]:
    name = one.label.in_(language)
    if not value.strip():
        yield Problem(where, "menu_field_missing", {"field": name})
    elif one.kind == "url" and not value.startswith(("http://", "https://")):
        yield Problem(where, "menu_address", {"field": name})
    elif too_long := _over(value, one.limit):
        sort = "bytes" if one.limit.unit == "utf8" or measure(value, one.limit).bytes_over else "long"
        yield Problem(where, f"menu_field_{sort}", {**too_long, "field": name})


def needs_hook(facts: MenuFacts, menu: Menu) -> Iterator[tuple[str, MenuAction]]:
    """(place, action) of the entries that do something only while the channel calls the account's address."""
    for place, item in enumerate(menu.items):
        for number, entry in enumerate(item.items or (item,)):
            action = facts.action(entry.action)
            if action is not None and action.needs_hook:
                yield (f"{place}.{number}" if item.items else str(place)), action
