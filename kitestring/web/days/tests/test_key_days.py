"""Key dates by country, and the line that says today's date."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from kitestring.web.days.key import Country, country_of, key_days, next_key_day
from kitestring.web.days.line import date_line
from kitestring.web.days.lunar import lunar_day


@pytest.mark.parametrize(
    ("day", "country", "name"),
    [
        (date(2026, 11, 27), "", "Black Friday"),
        (date(2026, 11, 30), "vn", "Cyber Monday"),
        (date(2026, 5, 10), "", "Mother’s Day"),
        (date(2026, 2, 17), "cn", "Spring Festival"),
        (date(2026, 2, 16), "vn", "Lunar New Year’s Eve"),
        (date(2026, 4, 26), "vn", "Hùng Kings’ Day"),
        (date(2026, 9, 25), "cn", "Mid-Autumn Festival"),
        (date(2026, 11, 22), "cn", "Minor Snow"),
        (date(2026, 11, 23), "cn", "Xiayuan Festival"),
        (date(2026, 11, 20), "vn", "Vietnamese Teachers’ Day"),
    ],
)
def test_a_day_has_its_name(day: date, country: Country, name: str) -> None:
    assert name in [str(one.name) for one in key_days(day, country)]


@pytest.mark.parametrize(
    ("day", "country"), [(date(2026, 11, 20), "cn"), (date(2026, 9, 10), "vn"), (date(2026, 2, 17), "")]
)
def test_another_countrys_day_is_not_shown(day: date, country: Country) -> None:
    assert key_days(day, country) == ()


def test_a_solar_term_is_told_on_its_day_only() -> None:
    before = next_key_day(date(2026, 2, 3), "cn")
    assert before is not None
    assert str(before[0].name) == "Little New Year"
    here = next_key_day(date(2026, 2, 4), "cn")
    assert here is not None
    assert (str(here[0].name), here[1]) == ("Start of Spring", 0)


def test_whose_days_count() -> None:
    assert country_of("en", "Asia/Ho_Chi_Minh") == "vn"
    assert country_of("vi", "Asia/Shanghai") == "cn"
    assert country_of("zh-hans", "Europe/Berlin") == "cn"
    assert country_of("en", "Europe/Berlin") == ""


@pytest.mark.parametrize(
    ("day", "zone", "said"),
    [
        (
            date(2026, 11, 25),
            "Asia/Ho_Chi_Minh",
            "Wednesday 25 November, lunar 17/10. Black Friday is in 2 days.",
        ),
        (date(2026, 11, 26), "Europe/Berlin", "Thursday 26 November. Today is Thanksgiving."),
        (date(2026, 11, 29), "Europe/Berlin", "Sunday 29 November. Tomorrow is Cyber Monday."),
        (date(2026, 11, 17), "Europe/Berlin", "Tuesday 17 November"),
    ],
)
def test_the_line_under_the_greeting(day: date, zone: str, said: str) -> None:
    with translation.override("en"):
        assert date_line(day, zone) == said


def test_in_a_cell_each_reader_finds_their_own_way_of_writing() -> None:
    assert lunar_day(date(2026, 11, 9), "cn") == "十月"
    assert lunar_day(date(2026, 11, 9), "vn", chinese=False) == "1/10"
    assert lunar_day(date(2026, 11, 25), "vn", chinese=False) == "17"
    assert lunar_day(date(2026, 11, 25), "vn") == "十七"
    assert lunar_day(date(2026, 11, 25), "") == ""
