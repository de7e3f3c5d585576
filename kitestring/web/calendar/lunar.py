"""The day of the Chinese lunar calendar, as Chinese readers write it. Good from 1900 to 2100 (the table's range)."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final

from kitestring.kit.lunar import lunar

DIGITS: Final = "一二三四五六七八九十"
MONTHS: Final = (
    "正月",
    "二月",
    "三月",
    "四月",
    "五月",
    "六月",
    "七月",
    "八月",
    "九月",
    "十月",
    "冬月",
    "腊月",
)


@cache
def lunar_day(day: date) -> str:
    """ "廿三"; on the first of a month the month's name ("十月", "闰六月"); "" outside the table."""
    there = lunar(day)
    if there is None:
        return ""
    if there.day == 1:
        name = MONTHS[there.month - 1]
        return f"闰{name}" if there.leap else name
    return _day(there.day)


def _day(number: int) -> str:
    if number <= 10:
        return f"初{DIGITS[number - 1]}"
    if number < 20:
        return f"十{DIGITS[number - 11]}"
    if number == 20:
        return "二十"
    return f"廿{DIGITS[number - 21]}" if number < 30 else "三十"
