"""A lunar day as its readers write it: "廿三" and "农历十月十七", "17/10 âm lịch", "lunar 17/10"."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kitestring.kit.lunar import LunarDay
from kitestring.web.days.key import Country, lunar_of

DIGITS: Final = "一二三四五六七八九十"
MONTHS: Final = (*(f"{n}月" for n in "正二三四五六七八九十"), "冬月", "腊月")


def lunar_words(there: LunarDay) -> str:
    """The whole lunar date in the reader's language."""
    if (get_language() or "").startswith("zh"):
        return f"农历{_month(there)}{_day(there.day)}"
    if there.leap:
        return _("lunar %(day)s/%(month)s (leap month)") % {"day": there.day, "month": there.month}
    return _("lunar %(day)s/%(month)s") % {"day": there.day, "month": there.month}


@cache
def lunar_day(day: date, country: Country = "cn", *, chinese: bool = True) -> str:
    """For a calendar's cell: "廿三", a month's first by its name ("十月", "闰六月"); to others "17", "1/10"; "" for none."""
    there = lunar_of(day, country)
    if there is None:
        return ""
    if not chinese:
        return f"{there.day}/{there.month}" if there.day == 1 else str(there.day)
    return _month(there) if there.day == 1 else _day(there.day)


def _month(there: LunarDay) -> str:
    name = MONTHS[there.month - 1]
    return f"闰{name}" if there.leap else name


def _day(number: int) -> str:
    if number <= 10:
        return f"初{DIGITS[number - 1]}"
    if number < 20:
        return f"十{DIGITS[number - 11]}"
    if number == 20:
        return "二十"
    return f"廿{DIGITS[number - 21]}" if number < 30 else "三十"
