"""What comes round: each time once, with its own key; a long stop ends in at most one; nothing leaves too near to another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kitestring.connectorkit.faults import Fault
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.models import Post
from kitestring.domains.publishing.actions.claim import claim_due
from kitestring.domains.publishing.actions.make_ahead import make_due, make_for
from kitestring.domains.publishing.actions.pause import pause, resume
from kitestring.domains.publishing.actions.schedule import publish_now
from kitestring.domains.publishing.actions.settle_by_person import give_up
from kitestring.domains.publishing.actions.start_series import start_series
from kitestring.domains.publishing.actions.sweep import sweep
from kitestring.domains.publishing.models import Delivery, Lane, Series
from kitestring.domains.publishing.queries.deliveries import needing
from kitestring.domains.publishing.tests.conftest import Harbour, tries
from kitestring.domains.publishing.tests.rounds import (
    DAY,
    WEEK,
    at_eight,
    daily,
    repeating,
    rows,
    today,
    weekly,
)
from kitestring.domains.workspaces.models import AuditEntry
from kitestring.kit import clock
from kitestring.kit.ids import uuid7


@pytest.fixture(autouse=True)
def _at_eight(harbour: Harbour) -> None:
    at_eight(harbour)


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
    assert (notice.reason, notice.reason_params) == ("missed_last", {"n": 18})
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


def test_the_claim_itself_lets_no_second_one_out(harbour: Harbour) -> None:
    """Between the first answer and the second claim nobody sweeps: what was counted a moment ago is enough."""
    series = repeating(harbour, daily(harbour))
    first, second = rows(series)[:2]
    Delivery.objects.filter(pk=second.pk).update(due_at=first.due_at + timedelta(seconds=1))
    harbour.pass_(3600 + 2)
    assert [one.id for one in claim_due(uuid7(), 5)] == [first.pk]
    Delivery.objects.filter(pk=first.pk).update(state="published", owner=None, lease_until=None)
    Lane.objects.update(owner=None, lease_until=None)
    assert claim_due(uuid7(), 5) == []
    Series.objects.update(apart=0, same_apart=0)
    assert [one.id for one in claim_due(uuid7(), 5)] == [second.pk]


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


def test_one_series_that_cannot_be_made_stops_neither_the_others_nor_the_sweep(
    harbour: Harbour, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = (repeating_on(harbour, f"n{n}") for n in range(2))
    Series.objects.filter(pk=broken.pk).update(zone_key="No/Where")
    harbour.pass_(3 * 86400)
    sweep()
    assert len(rows(sound)) == 38
    assert len(rows(broken)) == 35
    assert "could not be made ahead" in caplog.text
    caplog.clear()
    sweep()
    assert not caplog.text, "it is not tried every ten seconds"


def repeating_on(harbour: Harbour, name: str) -> Series:
    variant = harbour.variant(harbour.account("native_key", name))
    return start_series(harbour.world.editor, variant.post, daily(harbour))
