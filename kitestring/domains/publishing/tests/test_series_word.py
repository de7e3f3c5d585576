"""A person's word on single times of a series (held, moved, skipped) outlasts its pause and another rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.actions.change_series import change_series
from kitestring.domains.publishing.actions.hold import hold
from kitestring.domains.publishing.actions.pause_series import pause_series, resume_series
from kitestring.domains.publishing.actions.reschedule import reschedule
from kitestring.domains.publishing.models import Delivery, Series
from kitestring.domains.publishing.queries.summary import summary_of
from kitestring.domains.publishing.queries.timeline import timeline_of
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.rounds import DAY, at_eight, daily, in_, repeating, rows

MOVED = timedelta(hours=2)


@pytest.fixture
def series(harbour: Harbour) -> Series:
    """Daily; of its next times one is held, one moved by two hours and one skipped."""
    at_eight(harbour)
    series = repeating(harbour, daily(harbour))
    held, moved, skipped = rows(series)[1:4]
    hold(harbour.world.editor, held)
    reschedule(harbour.world.editor, moved, moved.due_at + MOVED)
    cancel(harbour.world.editor, skipped)
    return series


def days(series: Series) -> list[tuple[str, str, str]]:
    """(hour it stands for, state, reason) of each, in the order of their days."""
    found = Delivery.objects.filter(series=series).order_by("occurrence")
    return [(one.occurrence[11:], one.state, one.reason) for one in found]


def test_a_pause_takes_back_only_what_nobody_spoke_of(harbour: Harbour, series: Series) -> None:
    before = rows(series)
    pause_series(harbour.world.editor, series.pk)
    assert {(one.state, one.reason) for one in rows(series)} == {
        ("held", "held_by_person"), ("held", "series_paused"), ("cancelled", "skipped"),
    }  # fmt: skip
    resume_series(harbour.world.editor, series.pk)
    harbour.work()
    after = rows(series)
    assert [(one.occurrence, one.due_at, one.state, one.reason) for one in after] == [
        (one.occurrence, one.due_at, one.state, one.reason) for one in before
    ]
    assert [one.pk for one in after[1:4]] == [one.pk for one in before[1:4]], "they are the same duties"


def test_what_was_moved_into_a_pause_does_not_leave_in_it(harbour: Harbour, series: Series) -> None:
    pause_series(harbour.world.editor, series.pk)
    moved = Delivery.objects.get(series=series, reason="series_paused")
    told = summary_of(moved, timeline_of(moved))
    assert told == "Its series is paused. It goes out when you resume it, if it is still in time."
    harbour.work()
    harbour.pass_(3 * DAY + 60)
    harbour.work()
    assert harbour.platform.posts() == []


def test_released_in_a_pause_it_is_held_again_at_its_hour(harbour: Harbour, series: Series) -> None:
    pause_series(harbour.world.editor, series.pk)
    one = Delivery.objects.get(series=series, reason="held_by_person")
    Delivery.objects.filter(pk=one.pk).update(state="scheduled", reason="")
    Delivery.objects.filter(pk=one.pk).update(due_at=one.due_at - timedelta(days=1))
    harbour.pass_(3700)
    harbour.work()
    one.refresh_from_db()
    assert (one.state, one.reason) == ("held", "series_paused")
    assert harbour.platform.posts() == []


def test_another_hour_of_the_day_keeps_what_was_said_of_that_day(harbour: Harbour, series: Series) -> None:
    moved = rows(series)[2]
    later = replace(daily(harbour), at=in_(harbour, 120))
    change_series(harbour.world.editor, series.pk, later)
    told = [one for one in days(series) if one[0] == f"{later.at:%H:%M}"]
    assert [(state, reason) for _hour, state, reason in told[:5]] == [
        ("scheduled", ""), ("held", "held_by_person"), ("scheduled", ""), ("cancelled", "skipped"), ("scheduled", ""),
    ]  # fmt: skip
    one = Delivery.objects.filter(series=series, occurrence__endswith=f"{later.at:%H:%M}").order_by(
        "occurrence"
    )[2]
    assert (one.pk, one.due_at) == (moved.pk, moved.due_at), "it stays at the hour a person gave it"


def test_another_rule_during_a_pause_keeps_what_was_said_of_its_days(
    harbour: Harbour, series: Series
) -> None:
    before = rows(series)
    pause_series(harbour.world.editor, series.pk)
    later = replace(daily(harbour), at=in_(harbour, 120))
    change_series(harbour.world.editor, series.pk, later)
    resume_series(harbour.world.editor, series.pk)
    harbour.work()
    assert [(state, reason) for _hour, state, reason in days(series)[:5]] == [
        ("scheduled", ""), ("held", "held_by_person"), ("scheduled", ""), ("cancelled", "skipped"), ("scheduled", ""),
    ]  # fmt: skip
    after = rows(series)
    assert [one.pk for one in after[1:4]] == [one.pk for one in before[1:4]], "they are the same duties"
    on = [timedelta(hours=1), timedelta(0), timedelta(hours=1)]  # what was moved stays where a person put it
    assert [one.due_at for one in after[1:4]] == [
        one.due_at + by for one, by in zip(before[1:4], on, strict=True)
    ]


def test_another_time_zone_moves_nothing_that_nobody_moved(harbour: Harbour, series: Series) -> None:
    """The hours of the day stay those the person gave, of what was moved too."""
    given = datetime.combine(date.min, daily(harbour).at) + MOVED
    brand = harbour.world.brand
    brand.timezone = "Asia/Tokyo"
    brand.save()
    series.refresh_from_db()
    later = replace(series.rule, at=in_(harbour, 120))
    changed = change_series(harbour.world.editor, series.pk, later)
    hours = [one.due_at.astimezone(changed.zone).replace(tzinfo=None) for one in rows(series)]
    at = timedelta(hours=later.at.hour, minutes=later.at.minute)
    moved = [hour for hour in hours if hour - hour.replace(hour=0, minute=0) != at]
    assert [hour.time() for hour in moved] == [given.time()]


def test_a_day_whose_time_was_moved_earlier_and_is_out_is_not_sent_again_by_another_hour(
    harbour: Harbour,
) -> None:
    at_eight(harbour)
    series = repeating(harbour, daily(harbour))
    first, second = rows(series)[:2]
    harbour.pass_(3601)
    harbour.work(5)
    reschedule(harbour.world.editor, second, second.due_at - timedelta(hours=10))
    harbour.pass_(14 * 3600 + 30)
    harbour.work(5)
    change_series(harbour.world.editor, series.pk, replace(series.rule, at=in_(harbour, 13 * 60)))
    harbour.pass_(13.2 * 3600)
    harbour.work(5)
    assert [one.pk for one in rows(series, "published")] == [first.pk, second.pk]
    assert len(harbour.platform.posts()) == 2


def test_a_day_whose_skipped_hour_has_passed_is_not_sent_by_a_later_hour(harbour: Harbour) -> None:
    at_eight(harbour)
    series = repeating(harbour, daily(harbour))
    first = rows(series)[0]
    cancel(harbour.world.editor, first)
    harbour.pass_(2 * 3600)
    later = replace(series.rule, at=in_(harbour, 60))
    change_series(harbour.world.editor, series.pk, later)
    harbour.pass_(DAY / 2)
    harbour.work(5)
    assert harbour.platform.posts() == []
