"""The Chinese lunar calendar: which lunar day a date is, from a table of its years 1900 to 2100.

Facts of the calendar (GB/T 33661-2017), worked out day by day with the MIT-licensed package lunar-python 1.4.8.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from typing import Final

FIRST: Final = date(1900, 1, 31)
FIRST_YEAR: Final = 1900
# One number a year, in hexadecimal: the lowest four bits name the month that is followed by its leap twin (0: none); each further
# bit, from the lowest, is a month in order: 1 for 30 days, 0 for 29.
YEARS_IN_HEX: Final = """
16D28 07520 0EA50 164A5 064B0 0A9B0 15564 056A0 0B590 17522 07520 1B256 0B250 0A4B0 14AB5 02AD0
056B0 0B692 0DA90 1D927 0E920 0D250 1A4D5 0A560 02B60 15B54 06D40 0EA90 1E922 0E920 0D266 052B0
0A570 12B65 0B5A0 06D40 0EC93 07490 16937 0A930 052B0 0A5B6 0AAD0 056A0 1B554 0BA40 0B490 1A932
0A950 152D7 05360 0AAD0 15AA5 05B20 0DA50 1D4A3 0D4A0 0A958 0A970 05560 0AB56 0AD50 06D20 0EA54
0EA50 064A0 0C973 0A9B0 155A7 056A0 0B690 17525 0B520 0B250 164B4 0A4B0 14AB8 02AD0 056D0 0B696
0DA90 0D920 1D254 0D250 1A4DA 0A560 02B60 05B56 06D50 0EA90 1E925 0E920 0D260 0A563 0A570 14D68
035A0 06D50 16C95 07490 06930 152B4 052B0 0A5B0 155A2 056A0 1B557 0BA40 0B490 1A935 0A950 052D0
0AAD4 0AB50 15AA9 05D20 0DA50 1D4A6 0D4A0 0C950 152E4 05560 0AB50 15B22 06D20 0EA56 07250 064B0
0C975 0CAB0 055A0 0AD63 0B690 1752B 0B520 0B250 1A4B6 0A4B0 04AB0 055B5 05AD0 0B6A0 1B522 0D920
1D257 0D250 0A550 14AD5 04B60 05B50 0DAA3 0EC90 1E928 0E920 0D260 0A566 0A570 04D60 06D54 07550
07490 0E933 06930 152B7 052B0 0A5B0 155A5 056A0 0B650 174A4 0B4A0 1A958 0A950 052D0 0AAD6 0AB50
05AA0 0BA54 0DA50 0D4A0 1C953 0C960 194E7 05560 0AB50 15B25 06D20 0EA50 0E4A4 068B0 0C978 04AB0
055B0 0AD66 0B6A0 07520 17254 0B450 0A8B0 149B2 04AB0
"""
YEARS: Final = tuple(int(word, 16) for word in YEARS_IN_HEX.split())


@dataclass(frozen=True)
class LunarDay:
    """A day of the lunar calendar: month 1 to 12, day 1 to 30; `leap` for the month that comes twice."""

    year: int
    month: int
    day: int
    leap: bool


def lunar(day: date) -> LunarDay | None:
    """The lunar day of a date; None outside the table (31 January 1900 to 28 January 2101)."""
    starts = _new_years()
    place = bisect_right(starts, day) - 1
    if place < 0 or place >= len(YEARS):
        return None
    left = (day - starts[place]).days
    for month, leap, length in _months(YEARS[place]):
        if left < length:
            return LunarDay(FIRST_YEAR + place, month, left + 1, leap)
        left -= length
    return None


def _months(year: int) -> list[tuple[int, bool, int]]:
    """(month, leap, days) in order."""
    twin = year & 0xF
    order = [
        (month, leap) for month in range(1, 13) for leap in ((False, True) if month == twin else (False,))
    ]
    return [(month, leap, 29 + (year >> (4 + at) & 1)) for at, (month, leap) in enumerate(order)]


@cache
def _new_years() -> list[date]:
    """The first day of every lunar year of the table, and of the one after it."""
    lengths = (sum(days for _, _, days in _months(year)) for year in YEARS)
    return [FIRST + timedelta(days=days) for days in accumulate(lengths, initial=0)]
