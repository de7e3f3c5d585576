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
    begin, end = (date.fromisoformat(str(asked[name])) for name in ("begin_date", "end_date"))
    now = world.now()
    yesterday = now.date() - timedelta(days=1)
    if end > yesterday or begin > end or (end - begin).days >= WEEK:
        raise Refused(61501, "date range error")
    counted = yesterday if now.hour >= 8 else yesterday - timedelta(days=1)
    number = world.platform.numbers(f"wx{world.who.encode().hex()}").get("followers")
    days = [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
    rows = [{"ref_date": day.isoformat(), "cumulate_user": number} for day in days if day <= counted]
    return {"list": rows if number is not None else []}


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
