"""The sun and the moon, well enough for a calendar: the lunar day of a date in any country's clock, and the solar terms.

After Jean Meeus, Astronomical Algorithms, 2nd edition, chapters 25, 27 and 49. Compared with the table of `kit.lunar`
day by day from 1970 to 2080: no difference; with the solar terms of lunar-python 1.4.8 from 1975 to 2080: two of 2,544, both
before 2009, fall within a minute of midnight and come out a day off. China keeps the calendar by UTC+8, Vietnam by UTC+7, so
that some months of theirs begin a day apart.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from math import cos, floor, radians, sin
from typing import Final

from kitestring.kit.lunar import LunarDay

CHINA: Final = 8
VIETNAM: Final = 7
MONTH: Final = 29.530588861
# Julian day number of the noon of 1 January of the year 1, less its ordinal.
JULIAN: Final = 1721425
FIRST: Final = date(1968, 1, 1)
LAST: Final = date(2080, 12, 31)


def lunar_at(day: date, hours: int) -> LunarDay | None:
    """The lunar day of a date by a clock `hours` ahead of UTC; None before 1968 and after 2080."""
    if not FIRST <= day <= LAST:
        return None
    number = day.toordinal() + JULIAN
    first = _month_of(number, hours)
    start, year = _eleventh(day.year, hours), day.year
    if start > first:
        end, start = start, _eleventh(day.year - 1, hours)
    else:
        end, year = _eleventh(day.year + 1, hours), day.year + 1
    place = round((first - start) / MONTH)
    twin = _twin(start, hours) if end - start > 365 else 0
    leap = bool(twin) and place == twin
    month = (place + 10 - (1 if twin and place >= twin else 0)) % 12 + 1
    if month >= 11 and place < 4:
        year -= 1
    return LunarDay(year, month, number - first + 1, leap)


def solar_term(day: date, hours: int) -> int | None:
    """Which solar term begins on this date, 0 for the vernal equinox (春分), 1 for 清明 ... 23 for 惊蛰; else None."""
    before, after = (floor(_sun(_midnight(day + timedelta(n), hours)) / 15) for n in (0, 1))
    return after if before != after else None


def _midnight(day: date, hours: int) -> float:
    """The Julian day of a date's first moment by that clock."""
    return day.toordinal() + JULIAN - 0.5 - hours / 24


def _month_of(number: int, hours: int) -> int:
    """The Julian day number on which the lunar month of this day began."""
    guess = floor((number - 2451550.09766) / MONTH) + 1
    while _new_moon(guess, hours) > number:
        guess -= 1
    return _new_moon(guess, hours)


def _eleventh(year: int, hours: int) -> int:
    """The first day of the month that holds the winter solstice of this year."""
    day = date(year, 12, 19)
    while solar_term(day, hours) != 18:
        day += timedelta(days=1)
    return _month_of(day.toordinal() + JULIAN, hours)


@cache
def _twin(start: int, hours: int) -> int:
    """Of a year of thirteen months that begins with month eleven at `start`: which comes twice, the first without a mid term."""
    for place in range(1, 14):
        first = _month_of(start + round(place * MONTH) + 2, hours)
        following = _month_of(first + 32, hours)
        if _house(first, hours) == _house(following, hours):
            return place
    return 0


def _house(number: int, hours: int) -> int:
    """In which twelfth of its way the sun stands as a day begins."""
    return floor(_sun(number - 0.5 - hours / 24) / 30)


@cache
def _new_moon(k: int, hours: int) -> int:
    """The Julian day number, by that clock, of the k-th new moon since January 2000."""
    t = k / 1236.85
    e = 1 - 0.002516 * t - 0.0000074 * t * t
    sun = radians(2.5534 + 29.10535670 * k - 0.0000014 * t**2)
    moon = radians(201.5643 + 385.81693528 * k + 0.0107582 * t**2)
    far = radians(160.7108 + 390.67050284 * k - 0.0016118 * t**2)
    node = radians(124.7746 - 1.56375588 * k + 0.0020672 * t**2)
    moment = 2451550.09766 + MONTH * k + 0.00015437 * t**2
    moment += -0.40720 * sin(moon) + 0.17241 * e * sin(sun) + 0.01608 * sin(2 * moon) + 0.01039 * sin(2 * far)
    moment += 0.00739 * e * sin(moon - sun) - 0.00514 * e * sin(moon + sun) + 0.00208 * e * e * sin(2 * sun)
    moment += -0.00111 * sin(moon - 2 * far) - 0.00057 * sin(moon + 2 * far)
    moment += 0.00056 * e * sin(2 * moon + sun) - 0.00042 * sin(3 * moon) + 0.00042 * e * sin(sun + 2 * far)
    moment += 0.00038 * e * sin(sun - 2 * far) - 0.00024 * e * sin(2 * moon - sun) - 0.00017 * sin(node)
    moment += 0.000325 * sin(radians(299.77 + 0.107408 * k - 0.009173 * t**2))
    return floor(moment - _behind(t) + 0.5 + hours / 24)


def _sun(julian: float) -> float:
    """The sun's apparent longitude in degrees, 0 to 360, within a few seconds of arc."""
    t = (julian + _behind((julian - 2451545) / 36525) - 2451545) / 36525
    anomaly = radians(357.52911 + 35999.05029 * t - 0.0001537 * t * t)
    centre = (1.914602 - 0.004817 * t - 0.000014 * t * t) * sin(anomaly)
    centre += (0.019993 - 0.000101 * t) * sin(2 * anomaly) + 0.000289 * sin(3 * anomaly)
    node = radians(125.04 - 1934.136 * t)
    shown = 280.46646 + 36000.76983 * t + 0.0003032 * t * t + centre - 0.00569 - 0.00478 * sin(node)
    since = t + 1  # the pull of Venus, Jupiter and the moon is given from 1900
    shown += 0.00134 * cos(radians(153.23 + 22518.7541 * since))
    shown += 0.00154 * cos(radians(216.57 + 45037.5082 * since))
    shown += 0.00200 * cos(radians(312.69 + 32964.3577 * since))
    shown += 0.00179 * sin(radians(350.74 + 445267.1142 * since))
    shown += 0.00178 * sin(radians(231.19 + 20.20 * since))
    return shown % 360


def _behind(t: float) -> float:
    """How far the even clock of the sky runs ahead of ours, in days; `t` in centuries from 2000."""
    years = 100 * t
    if years < -14:
        return (45.45 + 1.067 * (years + 25) - (years + 25) ** 2 / 260) / 86400
    if years < 5:
        return (63.86 + 0.3345 * years - 0.060374 * years**2) / 86400 if years > -1 else 63.5 / 86400
    if years < 50:
        return (62.92 + 0.32217 * years + 0.005589 * years**2) / 86400
    return (93.0 + 0.9 * (years - 50)) / 86400
