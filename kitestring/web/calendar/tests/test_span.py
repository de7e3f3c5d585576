"""Spans begin and end where the reader's week does; days are the brand's own, summer time and all."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from kitestring.web.calendar.span import midnight, span_of, week_of
from kitestring.web.days.lunar import lunar_day


@pytest.mark.parametrize("start", [0, 6])
@pytest.mark.parametrize("day", [date(2026, 2, 1), date(2026, 11, 22), date(2024, 2, 29), date(2027, 8, 31)])
def test_a_month_is_whole_weeks_that_hold_all_its_days(day: date, start: int) -> None:
    span = span_of("month", day, start)
    assert len(span.days) % 7 == 0
    assert all(week[0].weekday() == start for week in span.weeks)
    first = day.replace(day=1)
    assert span.first <= first < span.first + timedelta(days=7)
    assert span.last >= (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    assert span.after.month == first.month % 12 + 1
    assert span.before < first


def test_a_week_holds_its_day_wherever_it_begins() -> None:
    for start in (0, 6):
        span = span_of("week", date(2026, 11, 22), start)
        assert span.first.weekday() == start
        assert date(2026, 11, 22) in span.days
        assert len(span.days) == 7


def test_the_day_the_clocks_change_is_as_long_as_it_is() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert midnight(date(2026, 3, 30), berlin) - midnight(date(2026, 3, 29), berlin) == timedelta(hours=23)
    assert midnight(date(2026, 10, 26), berlin) - midnight(date(2026, 10, 25), berlin) == timedelta(hours=25)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 1), "廿三"),
        (date(2026, 11, 8), "三十"),
        (date(2026, 11, 9), "十月"),
        (date(2026, 11, 10), "初二"),
        (date(2026, 11, 18), "初十"),
        (date(2026, 11, 19), "十一"),
        (date(2026, 11, 28), "二十"),
        (date(2026, 2, 17), "正月"),
        (date(2025, 7, 25), "闰六月"),
        (date(1900, 1, 31), "正月"),
        (date(1900, 1, 30), ""),
        (date(2101, 1, 29), ""),
        (date(2099, 12, 31), "二十"),
    ],
)
def test_the_lunar_day_as_it_is_written(day: date, said: str) -> None:
    assert lunar_day(day) == said


def test_a_day_alone_goes_back_and_forth_by_a_day() -> None:
    span = span_of("day", date(2026, 11, 30), 0)
    assert span.days == [date(2026, 11, 30)]
    assert (span.before, span.after) == (date(2026, 11, 29), date(2026, 12, 1))


@pytest.mark.parametrize(("first", "begins"), [(0, date(2026, 11, 23)), (6, date(2026, 11, 22))])
def test_the_strip_is_the_readers_week(first: int, begins: date) -> None:
    week = week_of(date(2026, 11, 25), first)
    assert week[0] == begins
    assert len(week) == 7
