"""Numbers are read on the ladder, kept with their lineage; a channel in trouble leaves everything as it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from kitestring.connectorkit.contract import Reading
from kitestring.connectorkit.errors import RetryLater
from kitestring.domains.analytics.actions import read_numbers as action
from kitestring.domains.analytics.actions.watch import watch
from kitestring.domains.analytics.models import Sample, Watch
from kitestring.kit.clock import now

Move = Callable[[timedelta], None]


def answering(monkeypatch: pytest.MonkeyPatch, readings: Sequence[Reading] | Exception) -> None:
    """What the channel says when it is asked next."""

    def talk(_account: object, _ask: object) -> Sequence[Reading]:
        if isinstance(readings, Exception):
            raise readings
        return readings

    monkeypatch.setattr(action, "talk", talk)


def test_a_reading_is_kept_with_its_field_and_moment(record: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    post = record.post(age=0.01)
    watch([post])
    watch([post, post])
    at = now()
    readings = [
        Reading(post.remote_id, "likes", 7, "likeCount", at),
        Reading(post.remote_id, "views", None, "viewCount", at, why="not_given"),
        Reading("of somebody else", "likes", 1, "likeCount", at),
    ]
    answering(monkeypatch, readings)
    assert action.read_numbers(record.account) == 2
    kept = Sample.objects.get(metric="likes")
    assert (kept.value, kept.field, kept.at) == (7, "likeCount", at)
    assert Sample.objects.get(metric="views").why == "not_given"
    following = Watch.objects.get()
    assert following.next_at is not None
    assert following.next_at > now()
    assert action.read_numbers(record.account) == 0


def test_a_channel_that_is_down_leaves_everything(record: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    post = record.post(5, age=0.2)
    watch([post])
    rung = Watch.objects.get().rung
    answering(monkeypatch, RetryLater("unreachable", after=600))
    assert action.read_numbers(record.account) == 0
    assert Sample.objects.count() == 1
    waiting = Watch.objects.get()
    assert (waiting.rung, waiting.problem) == (rung, "unreachable")
    assert now() + timedelta(seconds=500) < waiting.next_at < now() + timedelta(seconds=700)


@pytest.mark.parametrize(
    "odd", [float("nan"), float("inf"), 10**400, -(10**16), "12", True, [3]], ids=lambda odd: str(odd)[:8]
)
def test_an_odd_number_is_none_and_keeps_no_other_out(
    record: Any, monkeypatch: pytest.MonkeyPatch, odd: Any
) -> None:
    post = record.post(age=0.01)
    watch([post])
    far = now() + timedelta(days=9000)
    answering(
        monkeypatch,
        [
            Reading(post.remote_id, "views", odd, "view\x00Count", far),
            Reading(post.remote_id, "likes", 7, "likeCount", now()),
        ],
    )
    assert action.read_numbers(record.account) == 2
    views = Sample.objects.get(metric="views")
    assert (views.value, views.why, views.field) == (None, "not_given", "viewCount")
    assert views.at <= now()
    assert Sample.objects.get(metric="likes").value == 7
    assert action.read_numbers(record.account) == 0, "it is read, and asked for again in its turn"


def test_a_connector_that_breaks_waits_for_its_turn(record: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    post = record.post(5, age=0.2)
    watch([post])
    answering(monkeypatch, KeyError("likeCount"))
    assert action.read_numbers(record.account) == 0
    waiting = Watch.objects.get()
    assert waiting.problem == "connector_broke"
    assert waiting.next_at > now()


def test_the_ladder_ends(record: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    old = record.post(5, age=31)
    watch([old])
    assert Watch.objects.get().next_at is not None
    answering(monkeypatch, [])
    action.read_numbers(record.account)
    assert Watch.objects.get().next_at is None
