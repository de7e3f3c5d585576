"""Time zones as people choose them: common ones first, old names made new, sought by city in the reader's language.

And the markets a brand has by its zone and language."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global

from kitestring.kit.text import clean
from kitestring.rulepacks import laws, members

COMMON: Final = (
    "Asia/Ho_Chi_Minh", "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Bangkok",
    "Asia/Tokyo", "Asia/Seoul", "Asia/Kolkata", "Australia/Sydney", "Europe/London", "Europe/Berlin",
    "Europe/Paris", "America/New_York", "America/Chicago", "America/Los_Angeles", "UTC",
)  # fmt: skip
# Browsers and old systems still say these (IANA "backward" file).
RENAMED: Final = {
    "Asia/Saigon": "Asia/Ho_Chi_Minh", "Asia/Calcutta": "Asia/Kolkata", "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon", "Asia/Chongqing": "Asia/Shanghai", "Asia/Chungking": "Asia/Shanghai",
    "Asia/Harbin": "Asia/Shanghai", "PRC": "Asia/Shanghai", "Europe/Kiev": "Europe/Kyiv",
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires", "Etc/UTC": "UTC", "GMT": "UTC", "Etc/GMT": "UTC",
}  # fmt: skip
# CLDR, which knows the cities' names in all languages, still keeps some under the old name.
OLD_NAMES: Final = {
    new: old
    for old, new in RENAMED.items()
    if old.startswith(("Asia/Sa", "Asia/Cal", "Asia/Kat", "Asia/R", "Europe/"))
}
# Large cities that share another one's zone and are no zone of their own: there people know their city, not the zone.
ALSO: Final = {
    "Asia/Shanghai": [
        *("北京", "Beijing", "广州", "Guangzhou", "深圳", "Shenzhen", "杭州", "Hangzhou", "成都", "Chengdu"),
        *(
            "重庆",
            "Chongqing",
            "天津",
            "Tianjin",
            "南京",
            "Nanjing",
            "武汉",
            "Wuhan",
            "西安",
            "Xi'an",
            "苏州",
        ),
        *(
            "Suzhou",
            "青岛",
            "Qingdao",
            "厦门",
            "Xiamen",
            "长沙",
            "Changsha",
            "郑州",
            "Zhengzhou",
            "沈阳",
            "Shenyang",
        ),
        *(
            "大连",
            "Dalian",
            "宁波",
            "Ningbo",
            "昆明",
            "Kunming",
            "合肥",
            "Hefei",
            "福州",
            "Fuzhou",
            "济南",
            "Jinan",
        ),
        *("哈尔滨", "Harbin", "东莞", "Dongguan", "佛山", "Foshan"),
    ],
    "Asia/Ho_Chi_Minh": [
        *(
            "Hà Nội",
            "Hanoi",
            "Ha Noi",
            "Đà Nẵng",
            "Da Nang",
            "Sài Gòn",
            "Hải Phòng",
            "Hai Phong",
            "Cần Thơ",
            "Can Tho",
        ),
        *("Huế", "Hue", "Nha Trang", "Đà Lạt", "Da Lat", "Biên Hòa", "Vũng Tàu", "Vung Tau", "河内", "岘港"),
    ],
}
AREAS: Final = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip
# What the list shows behind a city.
SHOWN_OFFSET: Final = re.compile(r"[,，]\s*UTC([+-][\d:]+)?\s*$", re.IGNORECASE)
LOCALES: Final = {"zh-hans": "zh_Hans_CN", "vi": "vi_VN"}
BY_LANGUAGE: Final = {"zh-hans": "Asia/Shanghai", "vi": "Asia/Ho_Chi_Minh"}
NOWHERE: Final = "ZZ"  # CLDR's country of zones that lie in none
LAW_OF: Final = {"zh-hans": "CN", "vi": "VN"}


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """Every zone a brand may live in: the common ones, then the rest by name; no links kept for old programs."""
    known = {z for z in available_timezones() if z.partition("/")[0] in AREAS and z not in RENAMED}
    return (*COMMON, *sorted(known - set(COMMON)))


@lru_cache(maxsize=1)
def _by_small_name() -> dict[str, str]:
    """Zones by everything they are called; of two with one name the common one, and English before the others."""
    names = {_small(name): zone for zone, called in ALSO.items() for name in called}
    names |= {_small(city(z, language)): z for language in LOCALES for z in reversed(zones())}
    names |= {_small(city(z, "en")): z for z in reversed(zones())}
    names |= {_small(z.rpartition("/")[2]): z for z in reversed(zones())}
    return names | {_small(old): new for old, new in RENAMED.items()} | {_small(z): z for z in zones()}


def _small(text: str) -> str:
    """One spelling for all ways to type a name: composed letters, no capitals, one space for a space or a low line."""
    return " ".join(clean(text).replace("_", " ").lower().split())


def zone_named(text: str) -> str | None:
    """The zone a person means by its name or its city, as the list shows it in any of our languages; None if unknown.

    Any letters do: "asia/saigon", "ho chi minh", "Thượng Hải", "上海", and the list's whole line "上海, UTC+8".
    """
    return _by_small_name().get(_small(SHOWN_OFFSET.sub("", text)))


def usual_zone(language: str) -> str:
    """The zone to propose while the browser says nothing."""
    return BY_LANGUAGE.get(language, "UTC")


def offset_text(zone: str, at: datetime) -> str:
    """The zone's distance from UTC at a moment: "UTC+7", "UTC-3:30"."""
    delta = at.astimezone(ZoneInfo(zone)).utcoffset()
    minutes = int(delta.total_seconds() // 60) if delta else 0
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{hours}:{rest:02}" if rest else f"UTC{sign}{hours}"


@lru_cache(maxsize=4096)
def city(zone: str, language: str) -> str:
    """The zone's city as the reader calls it."""
    known = Locale.parse(LOCALES.get(language, "en")).time_zones.get(OLD_NAMES.get(zone, zone), {})
    return str(known.get("city") or zone.rpartition("/")[2].replace("_", " "))


def market_choices(language: str) -> list[tuple[str, str]]:
    """(code, name) of every country, or union of countries, that the rules speak of; by name as the reader calls it."""
    names = Locale.parse(LOCALES.get(language, "en")).territories
    return sorted(((code, str(names.get(code, code))) for code in laws()), key=lambda pair: pair[1])


def usual_markets(language: str, zone: str) -> list[str]:
    """Where a brand's posts are read as long as nobody says: the country its zone lies in, else that of its language.

    None where the rules say nothing of that country.
    """
    country = get_global("zone_territories").get(zone, NOWHERE)
    if country == NOWHERE:
        return [LAW_OF[language]] if language in LAW_OF else []
    return [law for law in laws() if law == country or country in members(law)]
