"""A series is moved, skipped, changed, paused and stopped from now on; what is out stays as it is."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.models import Post
from kitestring.domains.planning.actions.start_campaign import start_campaign
from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.actions.change_series import change_series
from kitestring.domains.publishing.actions.pause_series import pause_series, resume_series
from kitestring.domains.publishing.actions.reschedule import reschedule
from kitestring.domains.publishing.actions.schedule import schedule_post
from kitestring.domains.publishing.actions.settle_by_person import say_not_live
from kitestring.domains.publishing.actions.shift import shift_campaign
from kitestring.domains.publishing.actions.start_series import start_series
from kitestring.domains.publishing.actions.stop_series import stop_series
from kitestring.domains.publishing.actions.sweep import sweep
from kitestring.domains.publishing.actions.take_off import take_off
from kitestring.domains.publishing.models import Delivery, Series
from kitestring.domains.publishing.queries.deliveries import needing
from kitestring.domains.publishing.queries.shifting import waiting_of
from kitestring.domains.publishing.rules.recurrence import Rule
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.rounds import (
    DAY,
    at_eight,
    daily,
    in_,
    repeating,
    rows,
    today,
    weekly,
)
from kitestring.domains.workspaces.models import AuditEntry
from kitestring.kit import clock
from kitestring.kit.ids import uuid7
from kitestring.kit.refusals import Conflict, Refusal


@pytest.fixture(autouse=True)
def _at_eight(harbour: Harbour) -> None:
    at_eight(harbour)


def test_moving_one_moves_only_it_and_not_too_near_to_another(harbour: Harbour) -> None:
    series = repeating(harbour, daily(harbour))
    first, second, third = rows(series)[:3]
    with pytest.raises(Refusal, match="Too near") as refused:
        reschedule(harbour.world.editor, first, second.due_at - timedelta(hours=3))
    assert refused.value.field == "due_at"
    moved = reschedule(harbour.world.editor, first, first.due_at + timedelta(hours=4))
    assert moved.occurrence == first.occurrence
    assert [d.due_at for d in (second, third)] == [d.due_at for d in rows(series)[1:3]]
    Series.objects.filter(pk=series.pk).update(look_at=clock.now(), made_to=series.made_at)
    sweep()
    assert len(rows(series)) == 35


def test_skipping_one_skips_it_for_good(harbour: Harbour) -> None:
    series = repeating(harbour, daily(harbour, times=2))
    cancel(harbour.world.editor, rows(series)[0])
    change_series(harbour.world.editor, series.pk, daily(harbour, times=2))
    harbour.work(3700, step=900)
    assert harbour.platform.posts() == []
    assert rows(series)[0].reason == "skipped"


def test_another_rule_from_now_on_leaves_what_is_out(harbour: Harbour) -> None:
    series = repeating(harbour, daily(harbour))
    harbour.pass_(3601)
    harbour.work(1)
    (out,) = rows(series, "published")
    skipped = rows(series, "scheduled")[0]
    cancel(harbour.world.editor, skipped)
    rule = Rule("week", in_(harbour, 240), today(harbour), weekdays=(0, 3), interval=1)
    change_series(harbour.world.editor, series.pk, rule)
    out.refresh_from_db()
    assert (out.state, out.remote_url != "") == ("published", True)
    coming = rows(series, "scheduled")
    assert {d.due_at.astimezone(series.zone).weekday() for d in coming} == {0, 3}
    assert {d.due_at.astimezone(series.zone).time() for d in coming} == {rule.at}
    skipped.refresh_from_db()
    assert skipped.state == "cancelled"
    entry = AuditEntry.objects.get(verb="series.change")
    assert (entry.before["every"], entry.after["every"]) == ("day", "week")


def test_a_new_rule_does_not_begin_too_near_to_the_last_one(harbour: Harbour) -> None:
    series = repeating(harbour, daily(harbour))
    harbour.pass_(3601)
    harbour.work(1)
    change_series(harbour.world.editor, series.pk, Rule("day", in_(harbour, 30), today(harbour)))
    first = rows(series, "scheduled")[0]
    assert first.due_at.astimezone(series.zone).date() == today(harbour) + timedelta(days=1)


def test_a_change_brings_the_words_as_they_stand_now(harbour: Harbour) -> None:
    rule = daily(harbour)
    series = repeating(harbour, rule)
    post = Post.objects.get(pk=series.post_id)
    save_post(harbour.world.editor, post.pk, {"text": "A warmer cup"}, post.version)
    assert rows(series)[0].payload["text"] == "A warm cup"
    change_series(harbour.world.editor, series.pk, rule)
    assert {d.payload["text"] for d in rows(series)} == {"A warmer cup"}
    assert len(rows(series)) == 35


def test_after_one_is_out_the_words_may_change_for_those_to_come(harbour: Harbour) -> None:
    rule = daily(harbour)
    series = repeating(harbour, rule)
    harbour.pass_(3601)
    harbour.work(1)
    post = Post.objects.get(pk=series.post_id)
    save_post(harbour.world.editor, post.pk, {"text": "A warmer cup"}, post.version)
    change_series(harbour.world.editor, series.pk, rule)
    harbour.pass_(DAY)
    harbour.work(1)
    assert [i.text for i in harbour.platform.posts()] == ["A warm cup", "A warmer cup"]
    assert [d.payload["text"] for d in rows(series, "published")] == ["A warm cup", "A warmer cup"]


def test_paused_it_stands_still_and_resumed_it_goes_on_from_then(harbour: Harbour) -> None:
    series = repeating(harbour, daily(harbour))
    pause_series(harbour.world.editor, series.pk)
    assert rows(series) == []
    harbour.pass_(3 * DAY + 3600 + 600)
    harbour.work(1)
    resume_series(harbour.world.editor, series.pk)
    harbour.work(60, step=30)
    assert harbour.platform.posts() == []
    assert needing(harbour.world.manager).count() == 0
    assert rows(series)[0].occurrence[:10] == (today(harbour) + timedelta(days=1)).isoformat()


def test_stopped_nothing_leaves_any_more_and_the_past_stays(harbour: Harbour) -> None:
    series = repeating(harbour, daily(harbour))
    harbour.pass_(3601)
    harbour.work(1)
    stop_series(harbour.world.editor, series.pk)
    harbour.pass_(2 * DAY)
    harbour.work(1)
    assert [d.state for d in rows(series)] == ["published"]
    with pytest.raises(Conflict, match="ended"):
        stop_series(harbour.world.editor, series.pk)
    again = start_series(harbour.world.editor, Post.objects.get(pk=series.post_id), daily(harbour))
    assert again.pk != series.pk


def test_stopped_in_its_very_second_it_is_cancelled_with_its_reason(harbour: Harbour) -> None:
    series = repeating(harbour, daily(harbour))
    harbour.pass_(3600)
    stop_series(harbour.world.editor, series.pk)
    harbour.work(10, step=10)
    assert harbour.platform.posts() == []
    assert [(d.state, d.reason) for d in rows(series)] == [("cancelled", "series_stopped")]


def test_what_a_worker_has_in_its_hands_is_not_taken_back(harbour: Harbour) -> None:
    series = repeating(harbour, daily(harbour))
    first = rows(series)[0]
    Delivery.objects.filter(pk=first.pk).update(state="sending", attempts=1)
    stop_series(harbour.world.editor, series.pk)
    assert [d.state for d in rows(series)] == ["sending"]


def test_scheduling_once_is_still_one_row_beside_a_series(harbour: Harbour) -> None:
    series = repeating(harbour, daily(harbour))
    post = Post.objects.get(pk=series.post_id)
    due = clock.now() + timedelta(days=100)
    (once,) = schedule_post(harbour.world.editor, post, due)
    (twice,) = schedule_post(harbour.world.editor, post, due)
    assert once.pk == twice.pk
    once.pk, once.key, once.occurrence = uuid7(), uuid7(), "2"
    with pytest.raises(IntegrityError, match="delivery_stands_once"), transaction.atomic():
        once.save(force_insert=True)


def test_the_same_hour_of_a_series_is_one_row_whatever_the_post(harbour: Harbour) -> None:
    series = repeating(harbour, daily(harbour))
    twin = rows(series)[0]
    twin.pk, twin.key, twin.subject_id = uuid7(), uuid7(), uuid7()
    with pytest.raises(IntegrityError, match="delivery_series_once"), transaction.atomic():
        twin.save(force_insert=True)


def test_a_post_recurs_by_one_series_only(harbour: Harbour) -> None:
    series = repeating(harbour, daily(harbour))
    with pytest.raises(Conflict, match="recurring already"):
        start_series(harbour.world.editor, Post.objects.get(pk=series.post_id), daily(harbour))


def test_an_account_taken_off_the_post_loses_what_was_made_for_it(harbour: Harbour) -> None:
    variant = harbour.variant(harbour.account("native_key"))
    other = add_variant(harbour.world.editor, variant.post_id, harbour.account("read_back"))
    series = start_series(harbour.world.editor, variant.post, daily(harbour))
    take_off(harbour.world.editor, other.pk)
    assert {d.account_id for d in rows(series)} == {variant.account_id}
    harbour.pass_(5 * DAY)
    sweep()
    assert {d.account_id for d in rows(series)} == {variant.account_id}


def test_of_an_archived_brand_nothing_more_is_made(harbour: Harbour) -> None:
    series = repeating(harbour, daily(harbour))
    harbour.world.brand.archived_at = clock.now()
    harbour.world.brand.save()
    harbour.pass_(10 * DAY)
    sweep()
    assert len(rows(series)) == 35
    harbour.send()
    assert harbour.platform.posts() == []


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (Rule("week", time(9), date(2030, 1, 1)), "weekdays"),
        (Rule("week", time(9), date(2030, 1, 1), weekdays=(1,), interval=0), "interval"),
        (Rule("month", time(9), date(2030, 1, 1), month_day=32), "month_day"),
        (Rule("day", time(9), date(2030, 1, 1), times=0), "times"),
        (Rule("day", time(9), date(2030, 1, 2), until=date(2030, 1, 1)), "until"),
        (Rule("day", time(9), date(2020, 1, 1), times=3), "times"),
        (Rule("fortnight", time(9), date(2030, 1, 1)), "every"),
        (Rule("day", time(9), date(2090, 1, 1)), "starts"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_beside_its_field(
    harbour: Harbour, rule: Rule, field: str
) -> None:
    variant = harbour.variant(harbour.account())
    with pytest.raises(Refusal) as refused:
        start_series(harbour.world.editor, variant.post, rule)
    assert refused.value.field == field
    assert not Series.objects.exists()


def test_who_may_not_is_told_and_strangers_find_nothing(harbour: Harbour, stranger: Any) -> None:
    series = repeating(harbour, daily(harbour))
    for verb in (pause_series, resume_series, stop_series):
        with pytest.raises(Refusal) as refused:
            verb(harbour.world.analyst, series.pk)
        assert refused.value.reason == "not_permitted"
        with pytest.raises(Refusal) as refused:
            verb(stranger.editor, series.pk)
        assert refused.value.reason == "not_found"


def test_sent_after_all_is_refused_where_another_is_too_near(harbour: Harbour) -> None:
    series = repeating(harbour, daily(harbour))
    harbour.pass_(DAY + 3600 + 60)
    harbour.work(10, step=10)
    (notice,) = rows(series, "needs_attention")
    assert len(rows(series, "published")) == 1
    with pytest.raises(Refusal, match="Too near"):
        say_not_live(harbour.world.editor, notice)


def test_what_was_missed_may_be_sent_after_all_where_it_is_far_enough(harbour: Harbour) -> None:
    series = repeating(harbour, weekly(harbour, times=1))
    harbour.pass_(DAY)
    harbour.work(10, step=10)
    (notice,) = rows(series, "needs_attention")
    say_not_live(harbour.world.editor, notice)
    harbour.work(10, step=10)
    assert [d.state for d in rows(series)] == ["published"]


def test_a_campaign_that_slips_leaves_what_recurs_to_its_rule(harbour: Harbour) -> None:
    series = repeating(harbour, daily(harbour, times=3))
    campaign = start_campaign(harbour.world.manager, harbour.world.brand, "Launch")
    Post.objects.filter(pk=series.post_id).update(campaign=campaign)
    before = [d.due_at for d in rows(series)]
    assert waiting_of(harbour.world.editor, campaign) is None
    with pytest.raises(Refusal, match="No post of this campaign"):
        shift_campaign(harbour.world.editor, campaign, 7)
    assert [d.due_at for d in rows(series)] == before
