"""Time zones as people choose them: common ones first, old names made new, sought by city in the reader's language."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale

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
AREAS: Final = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip
LOCALES: Final = {"zh-hans": "zh_Hans_CN", "vi": "vi_VN"}
BY_LANGUAGE: Final = {"zh-hans": "Asia/Shanghai", "vi": "Asia/Ho_Chi_Minh"}


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """Every zone a brand may live in: the common ones, then the rest by name; no links kept for old programs."""
    known = {z for z in available_timezones() if z.partition("/")[0] in AREAS and z not in RENAMED}
    return (*COMMON, *sorted(known - set(COMMON)))


@lru_cache(maxsize=1)
def _by_small_name() -> dict[str, str]:
    names = {z.rpartition("/")[2].replace("_", " ").lower(): z for z in reversed(zones())}
    return names | {z.lower(): z for z in zones()} | {old.lower(): new for old, new in RENAMED.items()}


def zone_named(text: str) -> str | None:
    """The zone a person means by its name or its city, in any letters ("asia/saigon", "ho chi minh"); None if unknown."""
    return _by_small_name().get(" ".join(text.split()).replace("_", " ").lower()) or _by_small_name().get(
        text.strip().replace(" ", "_").lower()
    )


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
