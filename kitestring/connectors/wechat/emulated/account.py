"""What the emulated WeChat grants an account: its interfaces, calls a day, the servers it takes calls from, its followers.

`platform.memory["wechat"]` may hold `"without"` (beginnings of paths this account has no right to), `"daily"` (calls a day by
path, 1,000 where none is named: assumed) and `"ip_list"` (addresses allowed to fetch a token; without it all are).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from kitestring.connectors.wechat.emulated.world import Refused, World

A_DAY = 1000
# The only call that is not counted here, so that asking changes no answer.
QUOTA = "/cgi-bin/openapi/quota/get"
WEEK = 7


def admit(world: World, path: str) -> None:
    """Count a call of the day. Raises Refused 48001 for an interface not granted, 45009 when the day's calls are used up."""
    if any(path.startswith(beginning) for beginning in world.setting("without", ())):
        raise Refused(48001, "api unauthorized rid: 5f3ded7d-22929d02-4ba1f5f6")
    if path == QUOTA:
        return
    calls = _calls(world)
    if calls.get(path, 0) >= _limit(world, path):
        raise Refused(45009, "reach max api daily quota limit rid: 65d56251-31349bbf-5f45a190")
    calls[path] = calls.get(path, 0) + 1


def admit_address(world: World, address: str) -> None:
    """Raises Refused 40164 for a server that is not on the account's list, naming its address as WeChat does."""
    listed = world.setting("ip_list", None)
    if listed is not None and address not in listed:
        said = f"invalid ip {address} ipv6 ::ffff:{address}, not in whitelist rid: 6792f178-0c5b09a3-12eeecac"
        raise Refused(40164, said)


def quota(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    path = str(asked.get("cgi_path", ""))
    if not path.startswith(("/cgi-bin/", "/datacube/")):
        raise Refused(76003, "invalid cgi_path")
    limit, used = _limit(world, path), _calls(world).get(path, 0)
    told = {"daily_limit": limit, "used": used, "remain": max(0, limit - used)}
    return {"quota": told, "rate_limit": {"call_count": 60, "refresh_second": 60}}


def followers(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Their number on each day of at most seven, up to yesterday; that of yesterday from 08:00."""
    number = _numbers(world).get("followers")
    rows = [{"ref_date": day, "cumulate_user": number} for day in _counted(world, asked)]
    return {"list": rows if number is not None else []}


def changes(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Who came and who went on each of those days, in a row for each way of finding the account (0: other, 30: a code)."""
    came, went = (_numbers(world).get(key) for key in ("followers_gained", "followers_lost"))
    days = _counted(world, asked)
    if came is None and went is None:
        return {"list": []}
    some = (came or 0) // 3
    return {
        "list": [
            {"ref_date": day, "user_source": source, "new_user": new, "cancel_user": gone}
            for day in days
            for source, new, gone in ((0, some, went or 0), (30, (came or 0) - some, 0))
        ]
    }


def _numbers(world: World) -> dict[str, int]:
    return world.platform.numbers(f"wx{world.who.encode().hex()}")


def _counted(world: World, asked: Mapping[str, Any]) -> list[str]:
    """Of the days asked for those that are counted by now."""
    begin, end = (date.fromisoformat(str(asked[name])) for name in ("begin_date", "end_date"))
    now = world.now()
    yesterday = now.date() - timedelta(days=1)
    if end > yesterday or begin > end or (end - begin).days >= WEEK:
        raise Refused(61501, "date range error")
    counted = yesterday if now.hour >= 8 else yesterday - timedelta(days=1)
    days = [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
    return [day.isoformat() for day in days if day <= counted]


def _limit(world: World, path: str) -> int:
    return int(world.setting("daily", {}).get(path, A_DAY))


def _calls(world: World) -> dict[str, int]:
    """Those of the running day in Beijing, by path."""
    kept, day = world.part("calls"), world.now().date().isoformat()
    if set(kept) != {day}:
        kept.clear()
        kept[day] = {}
    every: dict[str, Any] = kept[day]
    mine: dict[str, int] = every.setdefault(world.who, {})
    return mine
