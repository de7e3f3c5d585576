"""The evergreen stock: each slot takes what was longest not out; never the same too soon, never what is over or voided."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.models import Post
from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.actions.fill_slots import empty_slots
from kitestring.domains.publishing.actions.keep_evergreen import drop_evergreen, keep_evergreen
from kitestring.domains.publishing.actions.make_ahead import make_for, make_for_post
from kitestring.domains.publishing.actions.schedule import publish_now
from kitestring.domains.publishing.actions.set_slots import set_slots
from kitestring.domains.publishing.models import Delivery, Series
from kitestring.domains.publishing.queries.deliveries import needing
from kitestring.domains.publishing.rules.rotation import Item, choose, why_not
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.reviewing.actions.ask_approval import ask_approval
from kitestring.domains.reviewing.actions.decide_approval import approve
from kitestring.domains.reviewing.actions.void_stale import void_stale
from kitestring.kit import clock
from kitestring.kit.ids import uuid7
from kitestring.kit.refusals import Refusal

DAY = timedelta(days=1)
MON_THU = [(0, time(9)), (3, time(18))]
NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _sunday_noon(harbour: Harbour) -> None:
    zone = harbour.world.brand.zone
    there = clock.now().astimezone(zone)
    sunday = there.date() + timedelta(days=(6 - there.weekday()) % 7 or 7)
    harbour.pass_((datetime.combine(sunday, time(12), tzinfo=zone) - clock.now()).total_seconds())


def stock(harbour: Harbour, account: Account, *texts: str, **more: Any) -> list[Post]:
    posts = [harbour.variant(account, text).post for text in texts]
    for post in posts:
        keep_evergreen(harbour.world.editor, post, more.get("good_until"))
    return posts


def plan(series: Series) -> list[tuple[str, UUID]]:
    found = Delivery.objects.filter(series=series, state="scheduled").order_by("due_at")
    return [(one.occurrence[5:10], one.subject_id) for one in found]


def slots(harbour: Harbour, account: Account, week: Any = MON_THU, days: int = 30) -> Series:
    made = set_slots(harbour.world.editor, account.pk, week, days)
    assert made is not None
    return made


def to(harbour: Harbour, moment: datetime) -> None:
    harbour.pass_((moment - clock.now()).total_seconds())


def test_the_stock_goes_round_each_once_and_then_the_slot_stays_empty(harbour: Harbour) -> None:
    account = harbour.account()
    posts = stock(harbour, account, "One", "Two", "Three")
    series = slots(harbour, account)
    assert [post for _day, post in plan(series)] == [post.pk for post in posts]
    (empty,) = empty_slots(series)
    assert empty.whys == {"too_soon": 3}


def test_after_the_distance_the_one_longest_not_out_comes_again(harbour: Harbour) -> None:
    account = harbour.account()
    posts = stock(harbour, account, "One", "Two", "Three")
    series = slots(harbour, account, [(0, time(12)), (3, time(12))], days=10)
    harbour.pass_(60)
    for _ in range(21):
        harbour.pass_(DAY.total_seconds())
        harbour.work(0)
    said = [item.text for item in harbour.platform.posts()]
    assert said[:3] == ["One", "Two", "Three"]
    assert set(said) == {"One", "Two", "Three"}
    assert all(said[n] != said[n + 1] for n in range(len(said) - 1))
    for post in posts:
        out = sorted(
            Delivery.objects.filter(subject_id=post.pk, state="published").values_list(
                "published_at", flat=True
            )
        )
        assert all(b - a >= 10 * DAY for a, b in pairwise(out))
    assert len(said) >= 5
    assert (
        len({d.key for d in Delivery.objects.filter(series=series)})
        == Delivery.objects.filter(series=series).count()
    )


def test_what_went_out_by_hand_counts_too_and_so_do_the_same_words(harbour: Harbour) -> None:
    account = harbour.account()
    first, _twin, other = stock(harbour, account, "One", "One", "Other")
    publish_now(harbour.world.editor, first)
    harbour.work(0)
    series = slots(harbour, account)
    assert [post for _day, post in plan(series)] == [other.pk]
    assert all(one.whys == {"too_soon": 3} for one in empty_slots(series))


def test_never_past_its_last_day(harbour: Harbour) -> None:
    account = harbour.account()
    monday = clock.now().astimezone(harbour.world.brand.zone).date() + DAY
    stock(harbour, account, "One", "Two", good_until=monday)
    series = slots(harbour, account)
    assert len(plan(series)) == 1
    assert empty_slots(series)[0].whys == {"too_soon": 1, "over": 1} or empty_slots(series)[0].whys == {
        "over": 2
    }
    with pytest.raises(Refusal) as refused:
        keep_evergreen(harbour.world.editor, stock(harbour, account, "Three")[0], monday - 2 * DAY)
    assert refused.value.field == "good_until"


def test_a_new_end_takes_back_what_was_planned_after_it(harbour: Harbour) -> None:
    account = harbour.account()
    (post,) = stock(harbour, account, "One")
    series = slots(harbour, account, [(3, time(18))])
    assert len(plan(series)) == 1
    keep_evergreen(harbour.world.editor, post, clock.now().astimezone(harbour.world.brand.zone).date() + DAY)
    assert plan(series) == []
    keep_evergreen(harbour.world.editor, post)
    assert len(plan(series)) == 1


def test_out_of_the_stock_it_leaves_its_slot_to_another(harbour: Harbour) -> None:
    account = harbour.account()
    one, two = stock(harbour, account, "One", "Two")
    series = slots(harbour, account, [(0, time(9))])
    assert [post for _day, post in plan(series)] == [one.pk, two.pk]
    drop_evergreen(harbour.world.editor, one)
    assert [post for _day, post in plan(series)] == [two.pk]


def test_other_words_take_the_place_of_the_old_ones(harbour: Harbour) -> None:
    account = harbour.account()
    (post,) = stock(harbour, account, "One")
    series = slots(harbour, account)
    save_post(harbour.world.editor, post.pk, {"text": "One, warmer"}, post.version)
    make_for(series.pk)
    (planned,) = Delivery.objects.filter(series=series)
    assert planned.payload["text"] == "One, warmer"


def test_what_nobody_approved_or_was_voided_is_never_taken(harbour: Harbour) -> None:
    harbour.world.brand.needs_approval = True
    harbour.world.brand.save()
    account = harbour.account()
    (post,) = stock(harbour, account, "One")
    series = slots(harbour, account)
    assert plan(series) == []
    assert empty_slots(series)[0].whys == {"not_approved": 1}
    approve(harbour.world.approver, ask_approval(harbour.world.editor, post.pk).pk)
    make_for_post(post.pk)
    assert len(plan(series)) == 1
    save_post(harbour.world.editor, post.pk, {"text": "Two"}, post.version)
    post.refresh_from_db()
    void_stale(post, harbour.world.editor)
    make_for_post(post.pk)
    assert plan(series) == []


def test_only_what_has_a_version_for_the_account(harbour: Harbour) -> None:
    here, there = harbour.account(), harbour.account("read_back")
    (post,) = stock(harbour, here, "One")
    series = slots(harbour, there)
    assert empty_slots(series)[0].whys == {"elsewhere": 1}
    add_variant(harbour.world.editor, post.pk, there)
    make_for(series.pk)
    assert len(plan(series)) == 1


def test_a_skipped_slot_stays_skipped_and_other_slots_replace_these(harbour: Harbour) -> None:
    account = harbour.account()
    stock(harbour, account, "One", "Two", "Three")
    series = slots(harbour, account)
    first = Delivery.objects.filter(series=series).order_by("due_at")[0]
    cancel(harbour.world.editor, first)
    make_for(series.pk)
    first.refresh_from_db()
    assert first.state == "cancelled"
    assert first.occurrence[5:10] not in {day for day, _post in plan(series)}
    slots(harbour, account, [(5, time(10))])
    found = Delivery.objects.filter(series=series, state="scheduled")
    assert {one.due_at.astimezone(series.zone).weekday() for one in found} == {5}


def test_without_slots_nothing_more_comes(harbour: Harbour) -> None:
    account = harbour.account()
    stock(harbour, account, "One")
    series = slots(harbour, account)
    assert set_slots(harbour.world.editor, account.pk, []) is None
    assert plan(series) == []
    series.refresh_from_db()
    assert series.state == "ended"
    assert slots(harbour, account).pk != series.pk


def test_of_empty_slots_those_are_said_to_be_filled_that_will_be(harbour: Harbour) -> None:
    account = harbour.account()
    stock(harbour, account, "One")
    series = slots(harbour, account, [(day, time(18)) for day in range(7)])
    cancel(harbour.world.editor, Delivery.objects.get(series=series))
    ahead = empty_slots(series)
    assert len(ahead) > 10
    promised = [one.slot.name for one in ahead if one.fits]
    assert {tuple(one.whys.items()) for one in ahead if not one.fits} == {(("too_soon", 1),)}
    make_for(series.pk)
    filled = Delivery.objects.filter(series=series, state="scheduled").order_by("due_at")
    assert promised == [one.occurrence for one in filled]
    assert len(promised) == 1


def test_a_long_stop_releases_one_at_most(harbour: Harbour) -> None:
    account = harbour.account()
    stock(harbour, account, "One", "Two", "Three", "Four")
    series = slots(harbour, account)
    last = Delivery.objects.filter(series=series).order_by("due_at").last()
    to(harbour, last.due_at + timedelta(minutes=5))
    harbour.work(30, step=15)
    assert len(harbour.platform.posts()) == 1
    assert needing(harbour.world.manager).count() == 1


def test_a_recurring_post_and_a_wrong_wish_are_refused(harbour: Harbour) -> None:
    account, editor = harbour.account(), harbour.world.editor
    for week, days, field in (
        ([(0, time(9)), (0, time(9, 30))], 30, "time"),
        (MON_THU, 0, "days_apart"),
        ([(day, time(hour)) for day in range(7) for hour in (6, 10, 14, 18)], 30, "time"),
    ):
        with pytest.raises(Refusal) as refused:
            set_slots(editor, account.pk, week, days)
        assert refused.value.field == field
    empty = Post.objects.create(brand=harbour.world.brand, text="nobody carries it")
    with pytest.raises(Refusal):
        keep_evergreen(editor, empty)
    with pytest.raises(Refusal) as refused:
        set_slots(harbour.world.analyst, account.pk, MON_THU)
    assert refused.value.reason == "not_permitted"
    assert not Series.objects.exists()


MOSTLY = st.sampled_from([True, True, True, False])
items = st.lists(
    st.builds(
        Item,
        post=st.builds(uuid7),
        carried=MOSTLY,
        ready=MOSTLY,
        good_until=st.one_of(st.none(), st.none(), st.dates(date(2026, 12, 1), date(2027, 2, 1))),
        used=st.lists(
            st.one_of(st.integers(-120, -30), st.integers(-120, 40)).map(
                lambda days: NOON + timedelta(days=days)
            ),
            max_size=2,
        ).map(tuple),
    ),
    min_size=2,
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(items, st.integers(1, 40))
def test_whatever_the_stock_the_choice_fits_and_none_fits_that_was_longer_not_out(
    found: list[Item], days: int
) -> None:
    apart = timedelta(days=days)
    choice = choose(found, NOON, NOON.date(), apart)
    fits = [item for item in found if not why_not(item, NOON, NOON.date(), apart)]
    if choice.post is None:
        assert not fits
        assert choice.whys.total() == len(found)
        return
    (taken,) = [item for item in found if item.post == choice.post]
    assert taken in fits
    assert all(abs(used - NOON) >= apart for used in taken.used)

    def last(item: Item) -> datetime:
        return max((used for used in item.used if used < NOON), default=datetime.min.replace(tzinfo=UTC))

    assert last(taken) == min(map(last, fits))
