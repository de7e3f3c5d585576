"""The emulated WeChat's custom menus: one for everybody, further ones by tag, and what the account's own page made.

`platform.memory["wechat"]["page_menu"]` is the menu made on mp.weixin.qq.com, in the form that `get_current_selfmenu_info` tells
it. Documented are requests, answers and the codes of the error list; the order of the checks, the words beside most codes and
that a tag nobody made is refused with 45159 are assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from kitestring.connectors.wechat.emulated.bulk import TAGS
from kitestring.connectors.wechat.emulated.world import Refused, World

NEEDS = {
    "view": ("url",), "miniprogram": ("url", "appid", "pagepath"), "click": ("key",), "media_id": ("media_id",),
    "view_limited": ("media_id",), "article_id": ("article_id",), "article_view_limited": ("article_id",),
}  # fmt: skip
WITH_KEY = (
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
)
MOST_DOMAINS = 3
# What a rule may not ask about people any more.
PRIVATE = ("sex", "country", "province", "city", "language")


def create(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    """In the place of the one before; those by tag stay."""
    buttons = _checked(asked)
    _mine(world)["menu"] = {"button": buttons, "menuid": int(world.next())}
    return {}


def get(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    mine = _mine(world)
    if not mine.get("menu"):
        raise Refused(46003, "menu no exist")
    some = {"conditionalmenu": mine["some"]} if mine.get("some") else {}
    return {"menu": mine["menu"], **some}


def current(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Whoever made it: the page's own menu only where none was made by interface."""
    made, page = _mine(world).get("menu"), world.setting("page_menu", None)
    if made:
        return {"is_menu_open": 1, "selfmenu_info": {"button": [_wrapped(one) for one in made["button"]]}}
    return {"is_menu_open": 1, "selfmenu_info": page} if page else {"is_menu_open": 0}


def delete(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    """All of them, those by tag too."""
    _mine(world).clear()
    return {}


def add_some(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    mine, rule = _mine(world), asked.get("matchrule") or {}
    if not mine.get("menu"):
        raise Refused(65303, "there is no selfmenu, please create selfmenu first")
    if any(rule.get(name) for name in PRIVATE):
        raise Refused(65320, "matchrule with private information")
    if not any(rule.values()):
        raise Refused(65304, "match rule empty")
    if rule.get("tag_id") and int(rule["tag_id"]) not in {one["id"] for one in world.setting("tags", TAGS)}:
        raise Refused(45159, "invalid tag_id")
    buttons = _checked(asked)
    if len({urlsplit(url).hostname for url in _addresses(buttons)}) > MOST_DOMAINS:
        raise Refused(65316, "conditionalmenu url domain limit")
    number = int(world.next())
    mine.setdefault("some", []).append({"button": buttons, "matchrule": dict(rule), "menuid": number})
    return {"menuid": str(number)}


def drop_some(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    mine, number = _mine(world), str(asked.get("menuid", ""))
    left = [one for one in mine.get("some", ()) if str(one["menuid"]) != number]
    if len(left) == len(mine.get("some", ())):
        raise Refused(65301, "there is no conditional menu")
    mine["some"] = left
    return {}


def _mine(world: World) -> dict[str, Any]:
    found: dict[str, Any] = world.part("menus").setdefault(world.who, {})
    return found


def _checked(asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Raises Refused as the error list has it for what is no menu."""
    buttons = asked.get("button") or []
    if not 1 <= len(buttons) <= 3:
        raise Refused(40016, "invalid button size")
    for one in buttons:
        _named(one, 16, 40018, "invalid button name size")
        below = one.get("sub_button") or []
        if len(below) > 5:
            raise Refused(40023, "invalid sub button size")
        for entry in below:
            _named(entry, 60, 40025, "invalid sub button name size")
            if entry.get("sub_button"):
                raise Refused(40022, "invalid sub button level")
            _does(entry, sub=True)
        if not below:
            _does(one, sub=False)
    return [dict(one) if one.get("sub_button") else {**one, "sub_button": []} for one in buttons]


def _named(button: Mapping[str, Any], most: int, code: int, said: str) -> None:
    if not 1 <= len(str(button.get("name", "")).encode()) <= most:
        raise Refused(code, said)


def _does(button: Mapping[str, Any], *, sub: bool) -> None:
    sort, word = str(button.get("type", "")), "sub button" if sub else "button"
    if sort not in NEEDS and sort not in WITH_KEY:
        raise Refused(40024 if sub else 40017, f"invalid {word} type")
    for name in NEEDS.get(sort, ("key",)):
        value = str(button.get(name, ""))
        if name == "key" and not 1 <= len(value.encode()) <= 128:
            raise Refused(40026 if sub else 40019, f"invalid {word} key size")
        if name == "url":
            if not 1 <= len(value.encode()) <= 1024:
                raise Refused(40027 if sub else 40020, f"invalid {word} url size")
            parts = urlsplit(value)
            if parts.scheme not in ("http", "https") or "." not in (parts.hostname or ""):
                raise Refused(40054 if sub else 40055, f"invalid {word} url domain")
        elif not value:
            raise Refused(40007 if name == "media_id" else 40035, f"invalid {name}")


def _addresses(buttons: list[dict[str, Any]]) -> list[str]:
    every = [entry for one in buttons for entry in (one.get("sub_button") or [one])]
    return [str(one["url"]) for one in every if one.get("url")]


def _wrapped(button: Mapping[str, Any]) -> dict[str, Any]:
    below = button.get("sub_button")
    if below:
        return {"name": button["name"], "sub_button": {"list": list(below)}}
    return {key: value for key, value in button.items() if key != "sub_button"}
