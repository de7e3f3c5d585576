"""When a series comes round: the same hour on the brand's clock whatever the clocks do, and an end that is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kitestring.domains.publishing.rules.recurrence import (
    Occurrence,
    Rule,
    Slots,
    moment_of,
    next_ones,
    occurrences,
)

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
ZONES = [BERLIN, NEW_YORK, *map(ZoneInfo, ("Asia/Ho_Chi_Minh", "Australia/Lord_Howe", "Africa/Casablanca"))]
BEFORE = datetime(2025, 12, 1, tzinfo=UTC)
NINE = time(9)


def names(rule: Rule | Slots, most: int = 6) -> list[str]:
    return [one.name for one in next_ones(rule, BERLIN, BEFORE, most)]


@pytest.mark.parametrize(
    ("zone", "first", "clocks"),
    [
        (BERLIN, date(2027, 3, 26), [8, 8, 7, 7]),
        (BERLIN, date(2027, 10, 29), [7, 7, 8, 8]),
        (NEW_YORK, date(2027, 3, 12), [14, 14, 13, 13]),
        (NEW_YORK, date(2027, 11, 5), [13, 13, 14, 14]),
    ],
)
def test_nine_stays_nine_when_the_clocks_change(zone: ZoneInfo, first: date, clocks: list[int]) -> None:
    found = next_ones(Rule("day", NINE, first), zone, BEFORE, 4)
    assert [one.moment.hour for one in found] == clocks
    assert {one.moment.astimezone(zone).time() for one in found} == {NINE}


@pytest.mark.parametrize(
    ("zone", "hour", "moment"),
    [
        (BERLIN, datetime.fromisoformat("2027-03-28T02:30"), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (BERLIN, datetime.fromisoformat("2027-03-28T02:00"), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (NEW_YORK, datetime.fromisoformat("2027-03-14T02:45"), datetime(2027, 3, 14, 7, 0, tzinfo=UTC)),
        (ZoneInfo("Australia/Lord_Howe"), datetime.fromisoformat("2027-10-03T02:15"), datetime(2027, 10, 2, 15, 30, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_an_hour_that_the_clocks_jump_over_is_the_first_after_it(
    zone: ZoneInfo, hour: datetime, moment: datetime
) -> None:
    assert moment_of(hour, zone) == moment


@pytest.mark.parametrize(
    ("zone", "hour", "moment"),
    [
        (BERLIN, datetime.fromisoformat("2027-10-31T02:30"), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        (NEW_YORK, datetime.fromisoformat("2027-11-07T01:30"), datetime(2027, 11, 7, 5, 30, tzinfo=UTC)),
    ],
)
def test_an_hour_that_comes_twice_is_its_first_and_comes_once(
    zone: ZoneInfo, hour: datetime, moment: datetime
) -> None:
    rule = Rule("day", hour.time(), hour.date() - timedelta(days=1))
    found = next_ones(rule, zone, BEFORE, 3)
    assert found[1] == Occurrence(hour, moment)
    assert found[2].moment - found[1].moment == timedelta(hours=25)


def test_a_month_without_that_day_takes_its_last() -> None:
    rule = Rule("month", NINE, date(2028, 1, 1), month_day=31)
    assert [name[:10] for name in names(rule, most=4)] == [
        "2028-01-31",
        "2028-02-29",
        "2028-03-31",
        "2028-04-30",
    ]
    assert rule.last_days()
    thirtieth = Rule("month", NINE, date(2027, 1, 31), month_day=30)
    assert [name[:10] for name in names(thirtieth, most=2)] == ["2027-02-28", "2027-03-30"]
    assert not Rule("month", NINE, date(2028, 1, 1), month_day=28).last_days()


def test_every_second_week_counts_from_the_week_it_starts_in() -> None:
    rule = Rule("week", NINE, date(2026, 12, 2), weekdays=(0, 3), interval=2)  # a Wednesday
    assert [name[:10] for name in names(rule, most=4)] == [
        "2026-12-03",
        "2026-12-14",
        "2026-12-17",
        "2026-12-28",
    ]
    mondays = Rule("week", NINE, date(2026, 12, 2), weekdays=(0,), interval=2)
    assert [name[:10] for name in names(mondays, most=2)] == ["2026-12-07", "2026-12-21"]


def test_the_last_day_counts_itself_in_and_so_does_the_first() -> None:
    week = Rule("day", NINE, date(2026, 12, 1), until=date(2026, 12, 3))
    assert len(names(week)) == 3
    assert names(Rule("day", NINE, date(2026, 12, 1), until=date(2026, 11, 30))) == []
    assert len(names(Rule("day", NINE, date(2026, 12, 1), times=2))) == 2
    assert len(names(Rule("day", NINE, date(2026, 12, 1), times=5, until=date(2026, 12, 2)))) == 2


def test_times_count_from_the_first_however_late_somebody_looks() -> None:
    rule = Rule("day", NINE, date(2026, 12, 1), times=5)
    later = datetime(2026, 12, 4, tzinfo=UTC)
    assert [one.name[8:10] for one in next_ones(rule, BERLIN, later, 9)] == ["04", "05"]


def test_a_day_that_a_zone_never_had_has_none() -> None:
    apia = ZoneInfo("Pacific/Apia")  # no 30 December 2011 there
    found = next_ones(Rule("day", NINE, date(2011, 12, 28)), apia, datetime(2011, 12, 1, tzinfo=UTC), 3)
    assert [one.name[8:10] for one in found] == ["28", "29", "31"]


def test_a_weeks_slots_come_in_order_from_the_day_they_start() -> None:
    slots = Slots([(3, time(18)), (0, NINE), (3, NINE)], date(2026, 12, 1))  # a Tuesday
    assert names(slots, most=4) == [
        "2026-12-03T09:00",
        "2026-12-03T18:00",
        "2026-12-07T09:00",
        "2026-12-10T09:00",
    ]
    assert names(Slots([], date(2026, 12, 1))) == []


def rules() -> st.SearchStrategy[Rule]:
    days = st.dates(date(2026, 1, 1), date(2031, 1, 1))
    return st.builds(
        Rule,
        every=st.sampled_from(["day", "week", "month"]),
        at=st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0, tzinfo=None)),
        starts=days,
        weekdays=st.lists(st.integers(0, 6), max_size=7).map(tuple),
        interval=st.integers(1, 5),
        month_day=st.integers(1, 31),
        until=st.one_of(st.none(), days),
        times=st.one_of(st.none(), st.integers(1, 40)),
    )


@settings(max_examples=300, deadline=None)
@given(rules(), st.sampled_from(ZONES))
def test_whatever_the_rule_its_hours_rise_never_two_a_day_and_end_in_time(rule: Rule, zone: ZoneInfo) -> None:
    found = next_ones(rule, zone, BEFORE, 60)
    assert found or (rule.until and rule.until < rule.starts + timedelta(days=62))
    assert all(a.moment < b.moment and a.hour < b.hour for a, b in pairwise(found))
    local = [one.moment.astimezone(zone) for one in found]
    assert len({at.date() for at in local}) == len(local)
    assert all(at.date() >= rule.starts for at in local)
    if rule.until:
        assert all(at.date() <= rule.until for at in local)
    if rule.times:
        assert len(found) <= rule.times
    for one, at in zip(found, local, strict=True):
        # At its hour, or right after a jump of the clocks that took the hour away.
        assert at.replace(tzinfo=None) == one.hour or timedelta(0) < at.replace(
            tzinfo=None
        ) - one.hour <= timedelta(hours=1)
    # An hour is lost at most to the clocks between two of them.
    assert all(b.moment - a.moment >= rule.shortest() - timedelta(hours=2) for a, b in pairwise(found))


@settings(max_examples=200, deadline=None)
@given(rules(), st.sampled_from(ZONES), st.lists(st.integers(1, 4000), min_size=1, max_size=8))
def test_made_piece_by_piece_they_are_the_same_as_at_once(
    rule: Rule, zone: ZoneInfo, pieces: list[int]
) -> None:
    """What the worker makes from where it stopped is what it would have made in one go: none lost, none twice."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    at, found = start, []
    for hours in pieces:
        found += list(occurrences(rule, zone, at, at + timedelta(hours=hours)))
        at += timedelta(hours=hours)
    assert found == list(occurrences(rule, zone, start, at))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 365), st.times(), st.sampled_from([BERLIN, NEW_YORK]))
def test_the_last_day_of_a_daily_rule_is_always_among_them(days: int, at: time, zone: ZoneInfo) -> None:
    first = date(2027, 1, 1)
    rule = Rule("day", at.replace(microsecond=0), first, until=first + timedelta(days=days))
    found = next_ones(rule, zone, BEFORE, 400)
    assert found[-1].hour.date() == rule.until
    assert len(found) == days + 1
