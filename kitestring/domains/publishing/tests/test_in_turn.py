"""A person's word on one time of a series, said while another changes, pauses, stops or fills it, is kept or refused: never
answered with yes and then lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace as but
from datetime import time, timedelta
from functools import partial
from typing import Any

import pytest

from kitestring.domains.composing.models import Variant
from kitestring.domains.composing.queries import post_for
from kitestring.domains.publishing.actions import change_series as changing
from kitestring.domains.publishing.actions import fill_slots as filling
from kitestring.domains.publishing.actions import pause_series as pausing
from kitestring.domains.publishing.actions import put_back as putting
from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.actions.change_series import change_series
from kitestring.domains.publishing.actions.hold import hold, release
from kitestring.domains.publishing.actions.keep_evergreen import drop_evergreen, keep_evergreen
from kitestring.domains.publishing.actions.pause_series import pause_series, resume_series
from kitestring.domains.publishing.actions.put_back import put_back
from kitestring.domains.publishing.actions.reschedule import reschedule, reschedule_together
from kitestring.domains.publishing.actions.set_slots import set_slots
from kitestring.domains.publishing.actions.stop_series import stop_series
from kitestring.domains.publishing.actions.sweep import sweep
from kitestring.domains.publishing.actions.take_off import take_off
from kitestring.domains.publishing.models import Delivery, Series
from kitestring.domains.publishing.tests.at_once import at_once
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.rounds import at_eight, daily, in_, repeating, rows
from kitestring.kit import clock
from kitestring.kit.refusals import Conflict, Refusal

pytestmark = pytest.mark.django_db(transaction=True)

EVER = [(day, time(18)) for day in range(7)]
LATER = timedelta(minutes=10)


@dataclass
class Between:
    """`first` stands still where it has read what it acts on; `second` comes then, and has half a second for itself."""

    harbour: Harbour
    monkeypatch: pytest.MonkeyPatch

    def run(
        self, module: Any, reads: str, first: Callable[[], Any], second: Callable[[], Any]
    ) -> tuple[Any, Any]:
        real, has_read, answered = getattr(module, reads), threading.Event(), threading.Event()

        def read(*args: Any, **more: Any) -> Any:
            found = real(*args, **more)
            self.monkeypatch.setattr(module, reads, real)
            has_read.set()
            answered.wait(0.5)
            return found

        def then() -> Any:
            assert has_read.wait(10)
            try:
                return second()
            finally:
                answered.set()

        self.monkeypatch.setattr(module, reads, read)
        one, two = at_once(*clocked(self.harbour, first, then))
        if isinstance(one, Exception):
            raise one
        return one, two


@pytest.fixture
def between(harbour: Harbour, monkeypatch: pytest.MonkeyPatch) -> Between:
    return Between(harbour, monkeypatch)


def clocked(harbour: Harbour, *works: Callable[[], Any]) -> list[Callable[[], Any]]:
    """Each on its own connection has the test's clock."""

    def with_clock(work: Callable[[], Any]) -> Any:
        harbour.move_clock(harbour.moved)
        return work()

    return [partial(with_clock, work) for work in works]


def said(harbour: Harbour, word: str, one: Delivery) -> Delivery:
    here, editor = Delivery.objects.get(pk=one.pk), harbour.world.editor
    if word == "move":
        return reschedule(editor, here, here.due_at + LATER)
    return {"hold": hold, "skip": cancel}[word](editor, here)


def stands(series: Series, one: Delivery) -> list[tuple[str, str]]:
    """State and reason of whatever its day has by now."""
    return [(d.state, d.reason) for d in rows(series) if d.occurrence[:10] == one.occurrence[:10]]


SAID = {"hold": [("held", "held_by_person")], "skip": [("cancelled", "skipped")], "move": [("scheduled", "")]}


@pytest.mark.parametrize("word", ["hold", "skip", "move"])
@pytest.mark.parametrize("hour", [60, 120])
def test_a_word_while_another_changes_the_rule(
    harbour: Harbour, between: Between, word: str, hour: int
) -> None:
    at_eight(harbour)
    series = repeating(harbour, daily(harbour))
    one = rows(series)[1]
    editor, rule = harbour.world.editor, but(daily(harbour), at=in_(harbour, hour))
    _changed, answer = between.run(
        changing, "said_of", lambda: change_series(editor, series.pk, rule), lambda: said(harbour, word, one)
    )
    if hour == 60:  # its hour stays, and so does the row
        assert isinstance(answer, Delivery)
        assert stands(series, one) == SAID[word]
        assert rows(series)[1].due_at == one.due_at + (LATER if word == "move" else timedelta())
    else:
        assert isinstance(answer, Conflict)
        assert "taken back" in str(answer)
        assert stands(series, one) == [("scheduled", "")]


def test_a_hold_while_another_pauses_and_it_goes_on(harbour: Harbour, between: Between) -> None:
    at_eight(harbour)
    series, editor = repeating(harbour, daily(harbour)), harbour.world.editor
    one = rows(series)[1]
    _paused, answer = between.run(
        pausing, "said_of", lambda: pause_series(editor, series.pk), lambda: said(harbour, "hold", one)
    )
    resume_series(editor, series.pk)
    harbour.work()
    assert isinstance(answer, Conflict)
    assert stands(series, one) == [("scheduled", "")]


@pytest.mark.parametrize("word", ["hold", "skip", "move"])
def test_a_word_while_the_slots_are_filled(harbour: Harbour, between: Between, word: str) -> None:
    at_eight(harbour)
    editor, account = harbour.world.editor, harbour.account()
    for n in range(20):
        keep_evergreen(editor, harbour.variant(account, f"Ever {n}").post, None)
    series = set_slots(editor, account.pk, EVER, 1)
    assert series is not None
    one = rows(series)[2]
    _dropped, answer = between.run(
        filling,
        "planned_of",
        lambda: drop_evergreen(editor, post_for(editor, one.subject_id)),
        lambda: said(harbour, word, one),
    )
    assert isinstance(answer, Conflict)
    assert stands(series, one) == [("scheduled", "")]
    assert one.subject_id not in {d.subject_id for d in rows(series)}


def test_a_time_put_back_while_another_stops_the_series_does_not_go_out(
    harbour: Harbour, between: Between
) -> None:
    at_eight(harbour)
    series, editor = repeating(harbour, daily(harbour)), harbour.world.editor
    one = cancel(editor, rows(series)[0])
    between.run(putting, "refuse_full", lambda: put_back(editor, one), lambda: stop_series(editor, series.pk))
    assert "scheduled" not in {d.state for d in rows(series)}
    harbour.pass_(3700)
    harbour.work(15)
    assert harbour.platform.posts() == []


def test_many_words_and_changes_at_the_same_instant_stand_in_nobodys_way(harbour: Harbour) -> None:
    """Series first, then places, then rows: whoever comes in whichever order, none waits for another that waits for it."""
    at_eight(harbour)
    editor, account = harbour.world.editor, harbour.account(name="ever")
    first = repeating(harbour, daily(harbour))
    second = repeating(harbour, daily(harbour), way="read_back")
    for n in range(6):
        keep_evergreen(editor, harbour.variant(account, f"Ever {n}").post, None)
    slots = set_slots(editor, account.pk, EVER, 1)
    assert slots is not None
    Series.objects.update(look_at=clock.now())
    a, b, c, d = rows(first)[1], rows(second)[1], rows(slots)[1], rows(slots)[2]
    post, due = post_for(editor, c.subject_id), a.due_at + LATER
    carried = Variant.objects.get(post=d.subject_id, account=account)
    rule = but(daily(harbour), at=in_(harbour, 90))
    works: list[Callable[[], Any]] = [
        lambda: reschedule_together(editor, [a, b, c], due),
        lambda: reschedule_together(editor, list(Delivery.objects.filter(pk__in=[d.pk, b.pk, a.pk])), due),
        lambda: change_series(editor, first.pk, rule),
        lambda: drop_evergreen(editor, post),
        lambda: release(editor, hold(editor, Delivery.objects.get(pk=d.pk))),
        lambda: [change_series(editor, second.pk, rule), pause_series(editor, second.pk)],
        sweep,
        lambda: take_off(editor, carried.pk),
        lambda: set_slots(editor, account.pk, EVER[:5], 1),
    ]
    came = at_once(*clocked(harbour, *works))
    gone = (Refusal, Delivery.DoesNotExist)
    assert [one for one in came if isinstance(one, Exception) and not isinstance(one, gone)] == []


def test_dropped_while_a_worker_fills_the_slots_it_leaves_them(harbour: Harbour, between: Between) -> None:
    at_eight(harbour)
    editor, account = harbour.world.editor, harbour.account()
    for n in range(5):
        keep_evergreen(editor, harbour.variant(account, f"Ever {n}").post, None)
    series = set_slots(editor, account.pk, EVER, 1)
    assert series is not None
    one = rows(series)[0]
    post = post_for(editor, one.subject_id)
    Series.objects.update(look_at=clock.now())
    between.run(filling, "planned_of", sweep, lambda: drop_evergreen(editor, post))
    assert one.subject_id not in {d.subject_id for d in rows(series)}
