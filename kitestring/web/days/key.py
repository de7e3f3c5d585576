"""Which key dates a day has, for the country a brand or its reader lives by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal

from django.utils.functional import Promise

from kitestring.kit import moon
from kitestring.kit.lunar import LunarDay, lunar
from kitestring.web.days import names

Country = Literal["cn", "vn", ""]
CHINESE: Final = frozenset(
    {"Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Macau", "PRC"}
)
VIETNAMESE: Final = frozenset({"Asia/Ho_Chi_Minh", "Asia/Saigon"})
AHEAD: Final = 7
_FIXED: Final = {"cn": names.CHINA, "vn": names.VIETNAM, "": {}}
_LUNAR: Final = {"cn": names.LUNAR_CHINA, "vn": names.LUNAR_VIETNAM, "": {}}


@dataclass(frozen=True)
class KeyDay:
    """A day with a name. `great`: people plan for it days ahead; a solar term is only said on its day."""

    name: Promise | str
    great: bool


def country_of(language: str, timezone: str) -> Country:
    """By where the brand lives; a brand that lives elsewhere, by what its reader reads."""
    if timezone in VIETNAMESE:
        return "vn"
    if timezone in CHINESE:
        return "cn"
    return "cn" if language.startswith("zh") else "vn" if language.startswith("vi") else ""


def lunar_of(day: date, country: Country) -> LunarDay | None:
    """The lunar day there; None where no lunar calendar is kept, and outside its years."""
    if country == "vn":
        return moon.lunar_at(day, moon.VIETNAM)
    return lunar(day) if country == "cn" else None


@lru_cache(maxsize=2000)
def key_days(day: date, country: Country) -> tuple[KeyDay, ...]:
    """The day's key dates, great ones first."""
    found: list[Promise | str] = []
    there = lunar_of(day, country)
    if there is not None and not there.leap and (there.month, there.day) in _LUNAR[country]:
        found.append(_LUNAR[country][there.month, there.day])
    following = lunar_of(day + timedelta(days=1), country)
    if following is not None and (following.month, following.day, following.leap) == (1, 1, False):
        found.append(names.EVE)
    found += [fixed[day.month, day.day] for fixed in (_FIXED[country], names.EVERYWHERE) if _has(fixed, day)]
    days = [KeyDay(name, True) for name in found]
    days += [KeyDay(n, rule not in names.QUIET) for rule, n in names.MOVING.items() if _moving(day, *rule)]
    term = moon.solar_term(day, moon.CHINA) if country == "cn" else None
    return (*days, KeyDay(names.TERMS[term], False)) if term is not None else tuple(days)


def next_key_day(today: date, country: Country) -> tuple[KeyDay, int] | None:
    """The first great day from today on and how many days away it is; today's solar term when there is no great one today."""
    here = key_days(today, country)
    if here:
        return here[0], 0
    for away in range(1, AHEAD + 1):
        found = key_days(today + timedelta(days=away), country)
        if found and found[0].great:
            return found[0], away
    return None


def _has(fixed: Mapping[tuple[int, int], object], day: date) -> bool:
    return (day.month, day.day) in fixed


def _moving(day: date, month: int, week: int, weekday: int, after: int) -> bool:
    first = date(day.year, month, 1)
    nth = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (week - 1))
    return day == nth + timedelta(days=after)
