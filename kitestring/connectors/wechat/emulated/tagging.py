"""The emulated WeChat's tags: made, renamed, dropped, put on people who wrote. The codes are documented, their words assumed.

The list is `platform.memory["wechat"]["tags"]`, as the tests set it; who has which is kept beside it.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from kitestring.connectors.wechat.emulated import talks
from kitestring.connectors.wechat.emulated.bulk import TAGS
from kitestring.connectors.wechat.emulated.world import Refused, World

LONGEST = 30
MOST = 100
EACH = 20
TOO_MANY_PEOPLE = 100_000


def create(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    tags, name = _all(world), _named(world, asked)
    if len(tags) >= MOST:
        raise Refused(45056, "too many tag now, no need to add new")
    made = {"id": max(99, *(one["id"] for one in tags)) + 1, "name": name, "count": 0}
    tags.append(made)
    return {"tag": {"id": made["id"], "name": name}}


def update(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    found = _one(world, (asked.get("tag") or {}).get("id"), change=True)
    found["name"] = _named(world, asked)
    return {}


def delete(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    found = _one(world, (asked.get("tag") or {}).get("id"), change=True)
    if found["count"] > TOO_MANY_PEOPLE:
        raise Refused(45057, "can't delete the tag that has too many fans")
    _all(world).remove(found)
    for has in _people(world).values():
        if found["id"] in has:
            has.remove(found["id"])
    return {}


def of(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"tagid_list": list(_has(world, str(asked.get("openid", ""))))}


def put_on(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    found = _one(world, asked.get("tagid"))
    for who in _listed(asked):
        has = _has(world, who)
        if found["id"] not in has:
            if len(has) >= EACH:
                raise Refused(45059, "can't add this tag to the fan, too many tags")
            has.append(found["id"])
            found["count"] += 1
    return {}


def take_off(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    found = _one(world, asked.get("tagid"))
    for who in _listed(asked):
        has = _has(world, who)
        if found["id"] in has:
            has.remove(found["id"])
            found["count"] -= 1
    return {}


def _all(world: World) -> list[dict[str, Any]]:
    memory: dict[str, Any] = world.platform.memory.setdefault("wechat", {})
    found: list[dict[str, Any]] = memory.setdefault("tags", copy.deepcopy(TAGS))
    return found


def _people(world: World) -> dict[str, list[int]]:
    return world.part("tagged")


def _has(world: World, who: str) -> list[int]:
    """Raises Refused 40003 for somebody the account never heard of: whoever wrote or commented follows it."""
    if not any(talks.openid(one.author) == who for one in world.platform.items.values()):
        raise Refused(40003, f"invalid openid {talks.RID}")
    return _people(world).setdefault(who, [])


def _one(world: World, number: Any, *, change: bool = False) -> dict[str, Any]:
    if change and number in (0, 1, 2):
        raise Refused(45058, "can't modify sys tag")
    for one in _all(world):
        if one["id"] == number:
            return one
    raise Refused(45159, "invalid tag_id")


def _named(world: World, asked: Mapping[str, Any]) -> str:
    told = asked.get("tag") or {}
    name = str(told.get("name", ""))
    if len(name.encode()) > LONGEST:
        raise Refused(45158, "tag name too long")
    if not name or any(one["name"] == name for one in _all(world)):
        raise Refused(45157, "invalid tag name")
    return name


def _listed(asked: Mapping[str, Any]) -> list[str]:
    people = asked.get("openid_list") or []
    if not 1 <= len(people) <= 50:
        raise Refused(40032, "invalid openid list size")
    return [str(one) for one in people]
