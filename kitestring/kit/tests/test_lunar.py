"""The lunar calendar's day of a date, by days everybody knows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kitestring.kit.lunar import LunarDay, lunar


@pytest.mark.parametrize(
    ("day", "there"),
    [
        (date(2024, 2, 10), LunarDay(2024, 1, 1, False)),
        (date(2025, 1, 29), LunarDay(2025, 1, 1, False)),
        (date(2025, 7, 25), LunarDay(2025, 6, 1, True)),
        (date(2025, 10, 6), LunarDay(2025, 8, 15, False)),
        (date(2026, 2, 17), LunarDay(2026, 1, 1, False)),
        (date(2033, 12, 22), LunarDay(2033, 11, 1, True)),
        (date(1900, 1, 31), LunarDay(1900, 1, 1, False)),
        (date(2101, 1, 28), LunarDay(2100, 12, 29, False)),
    ],
)
def test_known_days(day: date, there: LunarDay) -> None:
    assert lunar(day) == there


@pytest.mark.parametrize("day", [date(1900, 1, 30), date(2101, 1, 29), date(1, 1, 1)])
def test_outside_the_table_there_is_none(day: date) -> None:
    assert lunar(day) is None


def test_days_follow_each_other_without_a_gap() -> None:
    day, before = date(2000, 1, 1), lunar(date(1999, 12, 31))
    for _ in range(366 * 60):
        here = lunar(day)
        assert here is not None
        assert before is not None
        first = here.day == 1 and before.day in (29, 30)
        assert first or (here.day, here.month, here.leap) == (before.day + 1, before.month, before.leap)
        day, before = day + timedelta(days=1), here
