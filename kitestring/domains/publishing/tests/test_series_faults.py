"""What comes round under faults: two makers at once, a change against a claim, clocks that change, words nobody approved."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest

from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.models import Post
from kitestring.domains.publishing.actions.adopt_revision import adopt_stale
from kitestring.domains.publishing.actions.claim import claim_due
from kitestring.domains.publishing.actions.make_ahead import make_due, make_for
from kitestring.domains.publishing.actions.start_series import start_series
from kitestring.domains.publishing.actions.stop_series import stop_series
from kitestring.domains.publishing.models import Delivery, Series
from kitestring.domains.publishing.queries.deliveries import needing
from kitestring.domains.publishing.rules.recurrence import Rule
from kitestring.domains.publishing.tests.at_once import at_once
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.reviewing.actions.ask_approval import ask_approval
from kitestring.domains.reviewing.actions.decide_approval import approve
from kitestring.domains.reviewing.actions.void_stale import void_stale
from kitestring.kit import clock
from kitestring.kit.ids import uuid7


def daily(harbour: Harbour, at: time = time(9)) -> Rule:
    return Rule("day", at, clock.now().astimezone(harbour.world.brand.zone).date() + timedelta(days=1))


def repeating(harbour: Harbour, at: time = time(9)) -> Series:
    variant = harbour.variant(harbour.account())
    return start_series(harbour.world.editor, variant.post, daily(harbour, at))


def rows(series: Series, *states: str) -> list[Delivery]:
    found = Delivery.objects.filter(series=series).order_by("due_at")
    return list(found.filter(state__in=states) if states else found)


def to(harbour: Harbour, moment: datetime) -> None:
    harbour.pass_((moment - clock.now()).total_seconds())


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """On connections of their own, as two workers have them."""

    def test_two_makers_make_each_once(self, harbour: Harbour) -> None:
        series = []
        for n in range(4):
            variant = harbour.variant(harbour.account("native_key", f"n{n}"))
            series.append(start_series(harbour.world.editor, variant.post, daily(harbour)))
        before = Delivery.objects.count()
        Delivery.objects.all().delete()
        Series.objects.update(made_to=clock.now(), look_at=clock.now())
        said = at_once(*[make_due] * 4)
        assert all(isinstance(one, int) for one in said), said
        assert sum(said) == before == Delivery.objects.count()
        for one in series:
            names = [d.occurrence for d in rows(one)]
            assert len(names) == len(set(names))

    def test_a_stop_at_the_instant_of_the_claim_is_one_or_the_other(self, harbour: Harbour) -> None:
        for n in range(6):
            variant = harbour.variant(harbour.account("native_key", f"c{n}"))
            series = start_series(harbour.world.editor, variant.post, daily(harbour))
            first = rows(series)[0]
            Delivery.objects.filter(pk=first.pk).update(due_at=clock.now() - timedelta(seconds=1))
            stopped, claimed = at_once(
                lambda s=series: stop_series(harbour.world.editor, s.pk),
                lambda: claim_due(uuid7(), 1),
            )
            assert isinstance(stopped, Series), stopped
            left = rows(series)
            if claimed:
                assert [(d.pk, d.state) for d in left] == [(first.pk, "sending")]
                Delivery.objects.filter(pk=first.pk).update(state="published")
            else:
                assert [(d.pk, d.state) for d in left] == [(first.pk, "cancelled")]


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Berlin", datetime(2027, 3, 28, 0, 0, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2027, 10, 31, 0, 0, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 3, 14, 6, 0, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 11, 7, 5, 0, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("at", [time(9), time(2, 30), time(1, 30)])
def test_over_the_change_of_the_clocks_it_goes_out_once_a_day(
    harbour: Harbour, zone: str, day: datetime, at: time
) -> None:
    """In the gap it leaves at the first moment after it; of an hour that comes twice it takes the first."""
    harbour.world.brand.timezone = zone
    harbour.world.brand.save()
    to(harbour, day - timedelta(days=2))
    series = repeating(harbour, at)
    made = rows(series)
    local = [d.due_at.astimezone(harbour.world.brand.zone) for d in made]
    assert len({moment.date() for moment in local}) == len(local)
    assert all(a.due_at < b.due_at for a, b in pairwise(made))
    for moment in local:
        assert moment.time() == at or (moment.time() == time(3) and at == time(2, 30))
    for delivery in made[:3]:
        to(harbour, delivery.due_at + timedelta(seconds=1))
        harbour.work(0)
    sent = [d for d in rows(series) if d.state == "published"]
    assert [d.pk for d in sent] == [d.pk for d in made[:3]]
    assert len(harbour.platform.posts()) == 3


@pytest.fixture
def asking(harbour: Harbour) -> Harbour:
    """The brand wants a yes before anything leaves."""
    harbour.world.brand.needs_approval = True
    harbour.world.brand.save()
    return harbour


def yes(harbour: Harbour, post_id: object) -> None:
    approve(harbour.world.approver, ask_approval(harbour.world.editor, post_id).pk)


def test_without_a_yes_none_leaves_and_one_line_says_so(asking: Harbour) -> None:
    series = repeating(asking)
    for _ in range(3):
        to(asking, rows(series, "scheduled")[0].due_at + timedelta(seconds=1))
        asking.work(0)
    assert asking.platform.posts() == []
    (line,) = needing(asking.world.manager)
    assert line.reason == "not_approved"
    assert [d.reason for d in rows(series, "cancelled")] == ["missed", "missed"]


def test_a_voided_yes_holds_them_all_in_one_line_and_a_new_one_brings_its_words(asking: Harbour) -> None:
    series = repeating(asking)
    post = Post.objects.get(pk=series.post_id)
    yes(asking, post.pk)
    save_post(asking.world.editor, post.pk, {"text": "A warmer cup"}, post.version)
    post.refresh_from_db()
    void_stale(post, asking.world.editor)
    adopt_stale(post.pk)
    assert {d.state for d in rows(series)} == {"held"}
    assert needing(asking.world.manager).count() == 1
    yes(asking, post.pk)
    adopt_stale(post.pk)
    assert {(d.state, d.payload["text"]) for d in rows(series)} == {("scheduled", "A warmer cup")}
    to(asking, rows(series)[0].due_at + timedelta(seconds=1))
    asking.work(0)
    assert [i.text for i in asking.platform.posts()] == ["A warmer cup"]


def test_what_is_made_later_carries_what_was_approved_last(asking: Harbour) -> None:
    series = repeating(asking)
    post = Post.objects.get(pk=series.post_id)
    yes(asking, post.pk)
    save_post(asking.world.editor, post.pk, {"text": "A warmer cup"}, post.version)
    yes(asking, post.pk)
    asking.pass_(timedelta(days=20).total_seconds())
    make_for(series.pk)
    assert rows(series)[-1].payload["text"] == "A warmer cup"
