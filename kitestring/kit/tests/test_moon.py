"""The sky's calendar: the same as the published table by China's clock, and Vietnam's own days where they differ."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kitestring.kit.lunar import LunarDay, lunar
from kitestring.kit.moon import CHINA, VIETNAM, lunar_at, solar_term


def test_by_chinas_clock_it_is_the_table_day_by_day() -> None:
    day = date(2015, 1, 1)
    while day.year < 2045:
        assert lunar_at(day, CHINA) == lunar(day), day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(1985, 1, 21), VIETNAM),  # a month before China's
        (date(1985, 2, 20), CHINA),
        (date(2007, 2, 17), VIETNAM),
        (date(2007, 2, 18), CHINA),
        (date(2026, 2, 17), VIETNAM),
        (date(2030, 2, 2), VIETNAM),
        (date(2030, 2, 3), CHINA),
    ],
)
def test_new_years_of_both_countries(day: date, hours: int) -> None:
    assert lunar_at(day, hours) == LunarDay(day.year, 1, 1, False)


@pytest.mark.parametrize("day", [date(1967, 12, 31), date(2081, 1, 1)])
def test_outside_the_years_checked_there_is_none(day: date) -> None:
    assert lunar_at(day, VIETNAM) is None


@pytest.mark.parametrize(
    ("day", "term"),
    [
        (date(2026, 2, 4), 21),
        (date(2026, 4, 5), 1),
        (date(2026, 11, 7), 15),
        (date(2026, 11, 22), 16),
        (date(2026, 12, 22), 18),
        (date(2026, 11, 23), None),
    ],
)
def test_solar_terms(day: date, term: int | None) -> None:
    assert solar_term(day, CHINA) == term


def test_a_year_has_every_term_once() -> None:
    found = [solar_term(date(2027, 1, 1) + timedelta(days=n), CHINA) for n in range(365)]
    assert sorted(t for t in found if t is not None) == list(range(24))
