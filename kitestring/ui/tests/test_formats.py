"""Dates, spans and figures as people of each language write them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from kitestring.ui import formats, locales, numbers

NOON = dt.datetime(2026, 11, 25, 5, 0, tzinfo=dt.UTC)  # 12:00 in Ho Chi Minh City
SAIGON = "Asia/Ho_Chi_Minh"


@pytest.mark.parametrize(
    ("language", "style", "said"),
    [
        ("en", "long", "Wednesday 25 November"),
        ("en", "short", "25 Nov"),
        ("en", "month", "November 2026"),
        ("zh-hans", "long", "11月25日 星期三"),
        ("zh-hans", "medium", "2026年11月25日"),
        ("vi", "long", "Thứ Tư 25/11"),
        ("vi", "weekday", "T4 25/11"),
        ("vi", "month", "Tháng 11, 2026"),
    ],
)
def test_days_follow_the_language(language: str, style: str, said: str) -> None:
    with translation.override(language):
        assert formats.date(NOON, style, SAIGON) == said


@pytest.mark.parametrize(
    ("language", "within", "across"),
    [
        ("en", "30 Nov – 6 Dec 2026", "28 Dec 2026 – 3 Jan 2027"),
        ("zh-hans", "2026年11月30日 – 12月6日", "2026年12月28日 – 2027年1月3日"),
        ("vi", "30/11 – 6/12/2026", "28/12/2026 – 3/1/2027"),
    ],
)
def test_a_span_of_days_says_its_year_once(language: str, within: str, across: str) -> None:
    with translation.override(language):
        assert formats.days(dt.date(2026, 11, 30), dt.date(2026, 12, 6)) == within
        assert formats.days(dt.date(2026, 12, 28), dt.date(2027, 1, 3)) == across


def test_the_zone_decides_the_day() -> None:
    late = dt.datetime(2026, 11, 25, 18, 30, tzinfo=dt.UTC)
    assert formats.date(late, "short", SAIGON) == "26 Nov"
    assert formats.date(late, "short", "UTC") == "25 Nov"
    assert formats.time(late, SAIGON) == "01:30"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (20, "in 20 min"),
        (-12, "12 min ago"),
        (0, "just now"),
        (126, "in 2 h 6 min"),
        (-60 * 20, "yesterday 16:00"),
        (60 * 24 * 9, "4 Dec, 12:00"),
    ],
)
def test_near_times_are_said_as_people_say_them(minutes: int, said: str) -> None:
    moment = NOON + dt.timedelta(minutes=minutes)
    assert formats.relative(moment, SAIGON, now=NOON) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (40, "40 s"),
        (130, "2 min"),
        (7560, "2 h 6 min"),
        (3600, "1 h"),
        (273_600, "3 d 4 h"),
        (86400, "1 day"),
    ],
)
def test_spans_have_two_units(seconds: int, said: str) -> None:
    assert formats.duration(seconds) == said


@pytest.mark.parametrize(
    ("language", "full", "short", "share"),
    [
        ("en", "12,345", "12.3k", "4.9%"),
        ("zh-hans", "12,345", "1.2万", "4.9%"),
        ("vi", "12.345", "12,3k", "4,9%"),
    ],
)
def test_figures_follow_the_language(language: str, full: str, short: str, share: str) -> None:
    with translation.override(language):
        assert (numbers.number(12345), numbers.compact(12345), numbers.percent(0.049, 1)) == (
            full,
            short,
            share,
        )


def test_small_figures_stay_whole_and_none_is_shown_as_missing() -> None:
    assert numbers.compact(6200) == "6,200"
    assert [numbers.number(None), formats.date(None), formats.relative(None), formats.duration(None)] == [
        "–"
    ] * 4


def test_weeks_start_on_the_readers_day() -> None:
    with translation.override("zh-hans"):
        assert locales.weekdays()[0] == "周一"
    with translation.override("vi"):
        assert locales.weekdays()[-1] == "CN"


def test_languages_are_named_in_themselves() -> None:
    named = [locales.language_name(code) for code in ("vi", "zh-hans", "en", "fr", "not a code")]
    assert named == ["Tiếng Việt", "中文", "English", "Français", "not a code"]
    assert locales.language_name("und") == "Other"


def test_time_left_turns_hot() -> None:
    assert [formats.left_tone(s) for s in (60, 1800, 7200)] == ["hot", "mid", ""]
