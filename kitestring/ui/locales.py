"""The reader's language as Babel knows it, and the day patterns each language really uses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from babel import Locale, UnknownLocaleError
from django.utils import translation
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Tongue:
    """Patterns in CLDR letters; `days` run from Monday."""

    locale: Locale
    short: str
    medium: str
    long: str
    weekday: str
    month: str
    days: tuple[str, ...]
    week_start: int


@cache
def _tongue(code: str) -> Tongue:
    if code.startswith("zh"):
        locale, days = Locale.parse("zh_Hans_CN"), tuple(f"周{d}" for d in "一二三四五六日")
        return Tongue(locale, "M月d日", "y年M月d日", "M月d日 EEEE", "M月d日 EEE", "y年M月", days, 0)
    if code.startswith("vi"):
        locale, days = Locale.parse("vi_VN"), ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
        return Tongue(locale, "d/M", "d/M/y", "EEEE d/M", "EEE d/M", "'Tháng' M, y", days, 0)
    locale = Locale.parse("en")
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    return Tongue(
        locale, "d MMM", "d MMM y", "EEEE d MMMM", "EEE d MMM", "MMMM y", days, locale.first_week_day
    )


def tongue() -> Tongue:
    """The active language; English when none is active."""
    return _tongue((translation.get_language() or "en").lower())


def language_tag() -> str:
    """The active language as an HTML `lang` value: en, zh-Hans or vi."""
    return tag_of(translation.get_language() or "en")


def tag_of(code: object) -> str:
    """A language's code ("zh-hans") as an HTML `lang` value, by which browsers choose the font."""
    text = str(code or "").lower()
    return "zh-Hans" if text.startswith("zh") else text.partition("-")[0]


def week_start() -> int:
    """First day of the week for the reader, 0 = Monday."""
    return tongue().week_start


def weekdays() -> tuple[str, ...]:
    """Short names of the week's days, the reader's first day first."""
    t = tongue()
    return t.days[t.week_start :] + t.days[: t.week_start]


def language_name(code: str | None) -> str:
    """A language's name in itself ("中文", "Tiếng Việt"), as people look for it; the code when Babel knows none."""
    if not code or code == "und":
        return _("Other")
    try:
        locale = Locale.parse(code.partition("-")[0])
    except (UnknownLocaleError, ValueError):
        return code
    name = locale.get_display_name(locale) or code
    return name[:1].upper() + name[1:]
