"""What comes round: each time once, with its own key; a long stop ends in at most one; what is out stays as it is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kitestring.connectorkit.faults import Fault
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.models import Post
from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.actions.change_series import change_series
from kitestring.domains.publishing.actions.make_ahead import make_due, make_for
from kitestring.domains.publishing.actions.pause import pause, resume
from kitestring.domains.publishing.actions.pause_series import pause_series, resume_series
from kitestring.domains.publishing.actions.reschedule import reschedule
from kitestring.domains.publishing.actions.schedule import publish_now, schedule_post
from kitestring.domains.publishing.actions.settle_by_person import give_up, say_not_live
from kitestring.domains.publishing.actions.start_series import start_series
from kitestring.domains.publishing.actions.stop_series import stop_series
from kitestring.domains.publishing.actions.sweep import sweep
from kitestring.domains.publishing.actions.take_off import take_off
from kitestring.domains.publishing.models import Delivery, Series
from kitestring.domains.publishing.queries.deliveries import needing
from kitestring.domains.publishing.rules.recurrence import Rule
from kitestring.domains.publishing.tests.conftest import Harbour, tries
from kitestring.domains.workspaces.models import AuditEntry
from kitestring.kit import clock
from kitestring.kit.ids import uuid7
from kitestring.kit.refusals import Conflict, Refusal

DAY = timedelta(days=1).total_seconds()
WEEK = 7 * DAY


def today(harbour: Harbour) -> date:
    return clock.now().astimezone(harbour.world.brand.zone).date()


def in_(harbour: Harbour, minutes: float) -> time:
    """The brand's time of day in so many minutes; tests start so that it does not cross midnight."""
    return (clock.now() + timedelta(minutes=minutes)).astimezone(harbour.world.brand.zone).time().replace(
        second=0, microsecond=0
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _at_eight(harbour: Harbour) -> None:
    """Eight in the morning there, on a Tuesday: what is due in some minutes is due today."""
    zone = harbour.world.brand.zone
    there = clock.now().astimezone(zone)
    ahead = (1 - there.weekday()) % 7 or 7
    eight = datetime.combine(there.date() + timedelta(days=ahead), time(8), tzinfo=zone)
    harbour.pass_((eight - clock.now()).total_seconds())


def daily(harbour: Harbour, **more: Any) -> Rule:
    return Rule("day", in_(harbour, 60), today(harbour), **more)


def weekly(harbour: Harbour, **more: Any) -> Rule:
    return Rule("week", in_(harbour, 60), today(harbour), weekdays=(today(harbour).weekday(),), **more)


def repeating(harbour: Harbour, rule: Rule, way: str = "native_key", text: str = "A warm cup") -> Series:
    variant = harbour.variant(harbour.account(way), text)
    return start_series(harbour.world.editor, variant.post, rule)


def rows(series: Series, *states: str) -> list[Delivery]:
    found = Delivery.objects.filter(series=series).order_by("due_at", "account_id")
    return list(found.filter(state__in=states) if states else found)


def test_each_time_is_a_delivery_of_its_own_as_far_as_the_calendar_looks(harbour: Harbour) -> None:
    series = repeating(harbour, daily(harbour))
    made = rows(series)
    assert len(made) == 35
    assert len({d.key for d in made}) == 35
    assert {d.state for d in made} == {"scheduled"}
    assert made[0].occurrence == f"{today(harbour)}T09:00"
    assert [d.due_at for d in made] == [made[0].due_at + timedelta(days=n) for n in range(35)]
    entry = AuditEntry.objects.get(verb="series.start")
    assert entry.after["every"] == "day"


def test_all_accounts_of_the_post_come_round(harbour: Harbour) -> None:
    variant = harbour.variant(harbour.account("native_key"))
    add_variant(harbour.world.editor, variant.post_id, harbour.account("read_back"))
    series = start_series(harbour.world.editor, variant.post, weekly(harbour, times=2))
    assert len(rows(series)) == 4


def test_it_goes_out_again_and_again_each_with_its_own_link_and_ends(harbour: Harbour) -> None:
    series = repeating(harbour, weekly(harbour, times=3))
    for _ in range(3):
        harbour.pass_(3600 + 1)
        harbour.work(1)
        harbour.pass_(WEEK - 3600)
    harbour.work(1)
    done = rows(series, "published")
    assert len(done) == 3 == len(harbour.platform.posts())
    assert len({d.remote_url for d in done}) == 3
    assert all(len(tries(d)) == 1 for d in done)
    series.refresh_from_db()
    assert (series.state, series.look_at) == ("ended", None)


def test_the_worker_goes_on_making_and_making_twice_makes_none(harbour: Harbour) -> None:
    series = repeating(harbour, daily(harbour))
    assert make_due() == 0
    harbour.pass_(10 * DAY)
    sweep()
    assert len(rows(series)) == 45
    sweep()
    assert len(rows(series)) == 45
    Series.objects.filter(pk=series.pk).update(look_at=clock.now(), made_to=series.made_at)
    make_for(series.pk)
    assert len(rows(series)) == 45


def test_eighteen_weeks_of_silence_end_in_one_post_at_most_and_one_notice(harbour: Harbour) -> None:
    """What a peer did: eighteen weekly posts at once after a restart."""
    series = repeating(harbour, weekly(harbour))
    harbour.pass_(18 * WEEK + 3600 + 600)  # ten minutes after the hour of the newest
    harbour.work(120, step=60)
    assert len(harbour.platform.posts()) == 1
    (out,) = rows(series, "published")
    assert out.occurrence[:10] == today(harbour).isoformat()
    assert [d.reason for d in rows(series, "cancelled")] == ["missed"] * 17
    (notice,) = rows(series, "needs_attention")
    assert (notice.reason, notice.reason_params) == ("missed", {"n": 18})
    assert [d.pk for d in needing(harbour.world.manager)] == [notice.pk]
    assert len({d.occurrence for d in rows(series)}) == len(rows(series))


def test_eighteen_weeks_of_silence_and_too_late_for_the_newest_is_no_post(harbour: Harbour) -> None:
    series = repeating(harbour, weekly(harbour))
    harbour.pass_(18 * WEEK + DAY)
    harbour.work(60, step=30)
    assert harbour.platform.posts() == []
    assert len(needing(harbour.world.manager)) == 1
    harbour.pass_(6 * DAY)
    harbour.work(4000, step=600)
    assert len(harbour.platform.posts()) == 1
    assert len(rows(series, "published")) == 1


def test_a_stop_is_counted_in_one_notice_until_somebody_has_read_it(harbour: Harbour) -> None:
    series = repeating(harbour, daily(harbour))
    harbour.pass_(2 * DAY + 4 * 3600)
    harbour.work(1)
    harbour.pass_(DAY)
    harbour.work(1)
    (notice,) = rows(series, "needs_attention")
    assert notice.reason_params == {"n": 4}
    give_up(harbour.world.editor, notice)
    assert needing(harbour.world.manager).count() == 0
    harbour.pass_(DAY)
    harbour.work(1)
    assert rows(series, "needs_attention")[0].reason_params == {"n": 1}


def test_a_pause_of_three_days_does_not_release_three(harbour: Harbour) -> None:
    series = repeating(harbour, daily(harbour))
    pause(harbour.world.manager, "workspace", harbour.world.workspace.pk)
    for _ in range(3):
        harbour.pass_(DAY)
        harbour.work(1)
    harbour.pass_(3600 + 600)
    resume(harbour.world.manager, "workspace", harbour.world.workspace.pk, "send")
    harbour.work(60, step=30)
    assert len(harbour.platform.posts()) == 1
    assert len(rows(series, "cancelled")) == 2
    assert rows(series, "needs_attention")[0].reason_params == {"n": 3}


def test_what_lies_too_near_is_left_out_when_its_hour_comes(harbour: Harbour) -> None:
    """The desk's refusal is passed by: the claim itself must not let a second one out."""
    series = repeating(harbour, daily(harbour))
    first, second = rows(series)[:2]
    Delivery.objects.filter(pk=second.pk).update(due_at=first.due_at + timedelta(minutes=30))
    harbour.pass_(3600 + 1)
    harbour.work(2400, step=300)
    assert len(harbour.platform.posts()) == 1
    second.refresh_from_db()
    assert (second.state, second.reason) == ("cancelled", "too_close")


def test_of_two_due_at_once_only_one_leaves_even_without_a_sweep(harbour: Harbour) -> None:
    series = repeating(harbour, daily(harbour))
    first, second = rows(series)[:2]
    Delivery.objects.filter(pk=second.pk).update(due_at=first.due_at + timedelta(seconds=1))
    harbour.pass_(3600 + 2)
    harbour.send()
    harbour.send()
    assert len(harbour.platform.posts()) == 1


def test_the_same_post_sent_by_hand_just_before_counts_too(harbour: Harbour) -> None:
    series = repeating(harbour, daily(harbour))
    post = Post.objects.get(pk=series.post_id)
    publish_now(harbour.world.editor, post)
    harbour.work(1)
    harbour.pass_(3600 + 1)
    harbour.work(30, step=15)
    assert len(harbour.platform.posts()) == 1
    assert rows(series)[0].reason == "too_close"


def test_an_unclear_answer_is_looked_up_and_never_doubled_though_the_next_comes(harbour: Harbour) -> None:
    series = repeating(harbour, weekly(harbour), way="read_back")
    harbour.pass_(3600 + 1)
    harbour.faults.next(Fault("drop_after", at="store"))
    harbour.work(600, step=60)
    assert rows(series)[0].state == "published"
    assert harbour.copies(rows(series)[0]) == 1


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
