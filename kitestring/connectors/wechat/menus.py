"""The custom menu (自定义菜单) below the conversation: everybody's, and another for the followers with one tag.

`menu/create` replaces the whole menu, so what an entry does that is none of ours (scan, photo, article) goes back as it came.
A tap that answers with words sends us its key; the words stand in the account's settings and `hooks` gives them back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.menus import Menu, MenuItem, check_menu
from kitestring.connectors.wechat.client import MANIFEST, App, app

# "There is no menu", and "there is no such menu of some": what removing wants.
NONE: Final = 46003
NO_SUCH: Final = 65301
# The account's setting that holds the words of taps, by key, and how many: phones keep an old menu for a while.
REPLIES: Final = "menu_replies"
MOST: Final = 100
# Of those that no live menu names so many stay in any case: those of two menus.
NEWEST: Final = 30
OURS: Final = "ks-"
# Our action by WeChat's type, and which of its fields hold what.
TYPES: Final = {"view": "link", "miniprogram": "app"}
FIELDS: Final = {"link": {"url": "url"}, "app": {"app_id": "appid", "page": "pagepath", "url": "url"}}


async def read(session: Session) -> Sequence[Menu]:
    """By interface made menus; where there is none, the one that was made on mp.weixin.qq.com, if that is open.

    Menus of some by anything but one tag (a language, a kind of phone) are told of, and left alone.
    """
    caller = app(session)
    told = await _told(caller)
    words = kept_words(session.settings)
    found: list[Menu] = []
    if (default := told.get("menu") or {}).get("button"):
        found.append(Menu(_items(default["button"], words)))
    elif (theirs := await _made_there(caller)) is not None:
        found.append(Menu(_items(theirs, words, there=True), elsewhere=True))
    seen: set[str] = set()
    # The one made last is the one that people see.
    for row in reversed(told.get("conditionalmenu") or ()):
        items = _items(row.get("button") or (), words)
        if not (tag := _tag(row)):
            found.append(Menu(items, f"rule-{row.get('menuid', '')}", whom=_rule(row)))
        elif tag not in seen:
            seen.add(tag)
            found.append(Menu(items, tag))
    return found


def keeps(session: Session, menu: Menu, live: Sequence[Menu]) -> Mapping[str, Any]:
    """The words of its taps, of those of live menus, and the newest of the rest: of a menu that another puts live now, too."""
    words = kept_words(session.settings)
    for one in menu.items:
        _button(one, words)
    needed = {key for one in (*live, menu) for key in keys(one)} & words.keys()
    rest = [key for key in words if key not in needed]
    gone = set(rest[: max(0, len(rest) - max(NEWEST, MOST - len(needed)))])
    return {REPLIES: [[key, text] for key, text in words.items() if key not in gone]}


async def put(session: Session, menu: Menu) -> None:
    """Live at once; phones ask for it when the conversation is opened and five minutes have passed."""
    check_menu(MANIFEST, menu, session.account_type)
    caller = app(session)
    buttons = [_button(one, {}) for one in menu.items]
    if not menu.audience:
        await caller.call("/cgi-bin/menu/create", {"button": buttons}, write=True)
    else:
        # First the new one, then the old ones away: nobody is without a menu in between.
        before = _numbers(await _told(caller), menu.audience)
        rule = {"tag_id": menu.audience}
        await caller.call("/cgi-bin/menu/addconditional", {"button": buttons, "matchrule": rule}, write=True)
        await _drop(caller, before)


async def remove(session: Session, audience: str) -> None:
    """Everybody's takes all others with it: WeChat deletes them together."""
    caller = app(session)
    if audience:
        await _drop(caller, _numbers(await _told(caller), audience))
    else:
        await caller.call("/cgi-bin/menu/delete", write=True, accept=(NONE,))


async def _told(caller: App) -> dict[str, Any]:
    return await caller.call("/cgi-bin/menu/get", accept=(NONE,))


async def _made_there(caller: App) -> Sequence[Mapping[str, Any]] | None:
    told = await caller.call("/cgi-bin/get_current_selfmenu_info")
    buttons = (told.get("selfmenu_info") or {}).get("button")
    return buttons if told.get("is_menu_open") and buttons else None


async def _drop(caller: App, numbers: Sequence[str]) -> None:
    for number in numbers:
        payload = {"menuid": number}
        await caller.call("/cgi-bin/menu/delconditional", payload, write=True, accept=(NO_SUCH,))


def _numbers(told: Mapping[str, Any], tag: str) -> list[str]:
    return [str(row["menuid"]) for row in told.get("conditionalmenu") or () if _tag(row) == tag]


def _tag(row: Mapping[str, Any]) -> str:
    """The one tag it is for; "" where it is for anybody else. Old answers call the tag a group."""
    rule = {key: value for key, value in (row.get("matchrule") or {}).items() if value not in ("", None)}
    tag = rule.pop("tag_id", None) or rule.pop("group_id", None)
    return str(tag) if tag and not rule else ""


def _rule(row: Mapping[str, Any]) -> str:
    """For whom, as WeChat tells it: "client_platform_type=2, tag_id=100"."""
    rule = row.get("matchrule") or {}
    return ", ".join(f"{key}={value}" for key, value in sorted(rule.items()) if value not in ("", None))


def kept_words(settings: Mapping[str, Any]) -> dict[str, str]:
    """By key, the oldest first. Pairs in a list: the database keeps no order of a mapping, as older settings have it."""
    kept = settings.get(REPLIES)
    pairs = kept.items() if isinstance(kept, Mapping) else kept if isinstance(kept, list | tuple) else ()
    return {str(key): str(text) for key, text in pairs}


def _items(
    buttons: Sequence[Mapping[str, Any]], words: Mapping[str, str], *, there: bool = False
) -> tuple[MenuItem, ...]:
    return tuple(_item(one, words, there) for one in buttons)


def _item(button: Mapping[str, Any], words: Mapping[str, str], there: bool) -> MenuItem:
    label, sort = str(button.get("name", "")), str(button.get("type", ""))
    below = button.get("sub_button") or ()
    # The page's own menu wraps its lists, and calls its types by other names.
    if isinstance(below, Mapping):
        below = below.get("list") or ()
    if below:
        return MenuItem(label, items=_items(below, words, there=there))
    if action := TYPES.get(sort):
        told = {mine: str(button.get(theirs, "")) for mine, theirs in FIELDS[action].items()}
        return MenuItem(label, action, told)
    if sort == "click" and (text := words.get(str(button.get("key", "")))) is not None:
        return MenuItem(label, "reply", {"text": text})
    if there and sort == "text":
        return MenuItem(label, "reply", {"text": str(button.get("value", ""))})
    # What was made there cannot be handed back in this form: a person says anew what it does.
    # Its name is the label, and an empty list says nothing: without them what was put and what is read are equal.
    kept = {key: value for key, value in button.items() if key != "name" and (key != "sub_button" or value)}
    return MenuItem(label, kept={} if there else kept, note=sort)


def _button(item: MenuItem, words: dict[str, str]) -> dict[str, Any]:
    """WeChat's form of an entry; the words of a tap are put into `words`."""
    if item.items:
        return {"name": item.label, "sub_button": [_button(one, words) for one in item.items]}
    if item.action == "reply":
        text = item.values["text"]
        key = OURS + sha256(text.encode()).hexdigest()[:24]
        words.pop(key, None)
        words[key] = text
        return {"type": "click", "name": item.label, "key": key}
    for sort, action in TYPES.items():
        if item.action == action:
            told = {theirs: item.values[mine] for mine, theirs in FIELDS[action].items()}
            return {"type": sort, "name": item.label, **told}
    if not item.kept:
        raise Rejected("", "menu_action_missing")
    return {**item.kept, "name": item.label}


def keys(menu: Menu) -> Iterator[str]:
    """The keys that taps on this menu send."""
    for item in menu.items:
        for one in item.items or (item,):
            if one.action == "reply":
                yield str(_button(one, {})["key"])
