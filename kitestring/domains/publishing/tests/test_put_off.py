"""A time that a person moved past its own day stays, whatever is changed of its series before its new hour."""

from __future__ import annotations

from dataclasses import replace as but
from datetime import time, timedelta

import pytest

from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.publishing.actions.change_series import change_series
from kitestring.domains.publishing.actions.hold import hold
from kitestring.domains.publishing.actions.keep_evergreen import keep_evergreen
from kitestring.domains.publishing.actions.pause_series import pause_series, resume_series
from kitestring.domains.publishing.actions.reschedule import reschedule
from kitestring.domains.publishing.actions.set_slots import set_slots
from kitestring.domains.publishing.models import Delivery, Series
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.rounds import DAY, at_eight, in_, repeating, rows, weekly
from kitestring.domains.workspaces.models import Member

TWO_DAYS = timedelta(days=2)


@pytest.fixture
def series(harbour: Harbour) -> Series:
    """On Tuesdays at nine."""
    at_eight(harbour)
    return repeating(harbour, weekly(harbour))


@pytest.fixture
def editor(harbour: Harbour) -> Member:
    return harbour.world.editor


@pytest.fixture
def put_off(harbour: Harbour, editor: Member, series: Series) -> Delivery:
    """This Tuesday's, moved to Thursday at nine; it is Wednesday."""
    moved = reschedule(editor, rows(series)[0], rows(series)[0].due_at + TWO_DAYS)
    harbour.pass_(DAY)
    return moved


def same(series: Series, editor: Member) -> Series:
    return change_series(editor, series.pk, Series.objects.get(pk=series.pk).rule)


def test_the_same_rule_saved_again_and_new_words_go_out_once_at_its_new_hour(
    harbour: Harbour, editor: Member, series: Series, put_off: Delivery
) -> None:
    post = post_for(editor, put_off.subject_id)
    save_post(editor, post.pk, {"text": "Warmer"}, post.version)
    same(series, editor)
    put_off.refresh_from_db()
    assert (put_off.state, put_off.payload["text"]) == ("scheduled", "Warmer")
    harbour.pass_(DAY + 3660)
    harbour.work(10)
    assert [one.text for one in harbour.platform.posts()] == ["Warmer"]
    assert harbour.copies(put_off) == 1


def test_another_rule_takes_nothing_from_it(
    harbour: Harbour, editor: Member, series: Series, put_off: Delivery
) -> None:
    due = put_off.due_at
    change_series(editor, series.pk, but(weekly(harbour), weekdays=(0,), at=in_(harbour, 200)))
    put_off.refresh_from_db()
    assert (put_off.state, put_off.due_at) == ("scheduled", due)
    assert {one.due_at.astimezone(series.zone).weekday() for one in rows(series) if one.pk != put_off.pk} == {
        0
    }


def test_held_it_stays_held_also_where_the_series_is_paused(
    harbour: Harbour, editor: Member, series: Series, put_off: Delivery
) -> None:
    hold(editor, put_off)
    pause_series(editor, series.pk)
    same(series, editor)
    resume_series(editor, series.pk)
    harbour.work()
    put_off.refresh_from_db()
    assert (put_off.state, put_off.reason) == ("held", "held_by_person")


def test_another_slot_takes_nothing_from_what_was_put_off_out_of_one(
    harbour: Harbour, editor: Member
) -> None:
    at_eight(harbour)
    account = harbour.account()
    for n in range(20):
        keep_evergreen(editor, harbour.variant(account, f"Ever {n}").post, None)
    series = set_slots(editor, account.pk, [(1, time(9))], 1)
    assert series is not None
    one = reschedule(editor, rows(series)[0], rows(series)[0].due_at + TWO_DAYS)
    harbour.pass_(DAY)
    harbour.work()
    set_slots(editor, account.pk, [(1, time(9)), (6, time(9))], 1)
    one.refresh_from_db()
    assert one.state == "scheduled"
    harbour.pass_(DAY + 3660)
    harbour.work(10)
    assert harbour.copies(one) == 1
