"""A post against its own account: at the same age, spikes left out, too few said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kitestring.domains.analytics.queries.moved import moved
from kitestring.domains.analytics.queries.samples import earlier_on_accounts
from kitestring.domains.analytics.queries.standing import stand
from kitestring.domains.analytics.rules import share_range, usual
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from tests.world import World


def test_too_few_to_tell(record: Any) -> None:
    posts = [record.post(10) for _n in range(5)]
    assert [s.verdict for s in stand(posts)] == ["too_few"] * 5
    assert stand(posts)[0].times is None
    posts.append(record.post(10))
    assert {s.verdict for s in stand(posts)} == {"usual"}


def test_compared_at_the_same_age(record: Any, world: World) -> None:
    for n in range(6):
        record.post(10 + n, 500, age=20 + n)
    young = record.post(30, age=1.5 / 24)
    one = stand([young])[0]
    assert (one.then, one.usual.median) == (30, 13)
    # It is seen while it flies, by more than luck; it is judged when the day is round.
    assert (one.verdict, one.times) == ("early", None)
    found = moved(world.owner, world.brand)
    assert found is not None
    assert found.standing.delivery == young
    assert found.times == pytest.approx(30 / 13, abs=0.1)
    judged = stand([record.post(2000, age=1.01)])[0]
    assert (judged.verdict, judged.times) == ("above", 4.0)


def test_a_few_reactions_on_the_first_day_tell_nothing(record: Any, world: World) -> None:
    """The usual of the first hour is 0 to 1: two people more are no wind, and no hit."""
    for n in range(8):
        record.post(1 if n else 0, 40, age=20 - n)
    young = record.post(3, age=1.5 / 24)
    one = stand([young])[0]
    assert (one.usual.median, one.then, one.verdict, one.times) == (1, 3, "early", None)
    assert moved(world.owner, world.brand) is None


def test_an_account_has_one_usual(record: Any) -> None:
    """Of two heaps: left out one by one, each would be held against another median."""
    posts = [record.post(v) for v in (2, 2, 2, 2, 100, 100, 100, 100)]
    assert {(s.usual.n, s.usual.median) for s in stand(posts)} == {(8, 51)}
    assert [s.times for s in stand(posts[:1])] == [stand(posts)[0].times]


def test_a_busy_account_takes_no_room_from_another(record: Any) -> None:
    busy = [record.post(5, age=n + 1) for n in range(4)]
    record.account.pk, record.account.remote_id = uuid7(), "them"
    record.account.save(force_insert=True)
    quiet = record.post(5, age=30)
    both = {busy[0].account_id, quiet.account_id}
    assert [p.pk for p in earlier_on_accounts(both, now() - timedelta(days=90), most=3)] == [
        *(one.pk for one in busy[:3]),
        quiet.pk,
    ]


def test_missing_is_not_zero(record: Any) -> None:
    for n in range(6):
        record.post(10 + n)
    silent, zero = record.post(None), record.post(0)
    assert [s.verdict for s in stand([silent, zero])] == ["missing", "below"]


def test_a_spike_widens_nothing() -> None:
    calm = [8.0, 9.0, 10.0, 11.0, 12.0, 10.5]
    assert usual([*calm, 900.0]).high == usual(calm).high


def test_nothing_moved_without_a_hit(record: Any, world: World) -> None:
    for n in range(8):
        record.post(10 + n % 3, age=1 + n / 2)
    assert moved(world.owner, world.brand) is None


def test_a_share_of_few_is_wide() -> None:
    low, high = share_range(1, 20)
    assert low < 0.02
    assert high > 0.2
    assert share_range(0, 0) == (0.0, 1.0)
