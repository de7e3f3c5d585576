"""What comes round keeps the account's own distance from any other post; what a person plans goes out at its hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.actions.fill_slots import slots_ahead
from kitestring.domains.publishing.actions.keep_evergreen import keep_evergreen
from kitestring.domains.publishing.actions.reschedule import reschedule
from kitestring.domains.publishing.actions.set_apart import set_apart
from kitestring.domains.publishing.actions.set_slots import set_slots
from kitestring.domains.publishing.actions.start_series import start_series
from kitestring.domains.publishing.models import Delivery, Series
from kitestring.domains.publishing.rules.recurrence import Rule
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.rounds import at_eight, repeating, rows
from kitestring.domains.publishing.tests.rounds import daily as every_day
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock
from kitestring.kit.refusals import Refusal


@pytest.fixture
def daily(harbour: Harbour) -> Series:
    """Every day at nine from tomorrow on, on one account."""
    variant = harbour.variant(harbour.account())
    start = clock.now().astimezone(harbour.world.brand.zone).date() + timedelta(days=1)
    return start_series(harbour.world.editor, variant.post, Rule("day", time(9), start))


def first(daily: Series) -> Delivery:
    return Delivery.objects.filter(series=daily).order_by("due_at").select_related("account")[0]


def run_at(harbour: Harbour, moment: datetime) -> None:
    harbour.pass_((moment - clock.now()).total_seconds())
    harbour.work()


def planned(harbour: Harbour, daily: Series, due: datetime) -> Delivery:
    return harbour.delivery(account=first(daily).account, text="Planned by hand", due=due)


@pytest.mark.parametrize(("minutes", "state"), [(0, "published"), (60, "cancelled")])
def test_after_a_planned_post(harbour: Harbour, daily: Series, minutes: int, state: str) -> None:
    one = first(daily)
    set_apart(harbour.world.editor, one.account_id, minutes)
    before = planned(harbour, daily, one.due_at - timedelta(minutes=30))
    run_at(harbour, before.due_at + timedelta(seconds=1))
    run_at(harbour, one.due_at + timedelta(seconds=1))
    before.refresh_from_db()
    one.refresh_from_db()
    assert (before.state, one.state) == ("published", state)
    assert one.reason == ("too_close" if minutes else "")


@pytest.mark.parametrize(("ahead", "state"), [(30, "cancelled"), (90, "published")])
def test_before_a_planned_post(harbour: Harbour, daily: Series, ahead: int, state: str) -> None:
    one = first(daily)
    set_apart(harbour.world.editor, one.account_id, 60)
    after = planned(harbour, daily, one.due_at + timedelta(minutes=ahead))
    run_at(harbour, one.due_at + timedelta(seconds=1))
    run_at(harbour, after.due_at + timedelta(seconds=1))
    after.refresh_from_db()
    one.refresh_from_db()
    assert (one.state, after.state) == (state, "published"), "the planned one goes out in any case"


def test_on_another_account_nothing_is_near(harbour: Harbour, daily: Series) -> None:
    one = first(daily)
    set_apart(harbour.world.editor, one.account_id, 60)
    harbour.delivery(account=harbour.account(name="another"), due=one.due_at - timedelta(minutes=5))
    run_at(harbour, one.due_at + timedelta(seconds=1))
    one.refresh_from_db()
    assert one.state == "published"


def test_moved_by_hand_it_keeps_the_distance_too(harbour: Harbour, daily: Series) -> None:
    one = first(daily)
    set_apart(harbour.world.editor, one.account_id, 60)
    one = first(daily)
    other = planned(harbour, daily, one.due_at + timedelta(hours=5))
    with pytest.raises(Refusal, match="keeps 1 h from any other post"):
        reschedule(harbour.world.editor, one, other.due_at + timedelta(minutes=59))
    moved = reschedule(harbour.world.editor, one, other.due_at + timedelta(minutes=61))
    assert moved.due_at == other.due_at + timedelta(minutes=61)


def test_it_is_set_on_the_page_and_told_in_the_record(
    harbour: Harbour, door: Callable[[Member], Client]
) -> None:
    account, client = harbour.account(), door(harbour.world.editor)
    at = f"/evergreen/{account.pk}/apart/"
    page = client.post(at, {"minutes_apart": "45"}, follow=True).content.decode()
    account.refresh_from_db()
    assert account.apart == 45 * 60
    assert '<details class="mt8"><summary class="s13">At least 45 minutes to any other post' in page, "folded"
    assert 'value="45"' in page
    for wrong in ({"minutes_apart": "soon"}, {"minutes_apart": "1441"}, {}):
        answer: Any = client.post(at, wrong)
        assert answer.status_code == 422
        assert "Nothing was changed" in answer.content.decode()
        assert '<details class="mt8" open>' in answer.content.decode()
    account.refresh_from_db()
    assert account.apart == 45 * 60
    told = door(harbour.world.owner).get("/settings/record/").content.decode()
    assert "changed how far apart an account’s posts lie" in told
    reader = door(harbour.world.analyst).get("/evergreen/").content.decode()
    assert "at least 45 minutes from any other post" in reader
    assert door(harbour.world.analyst).post(at, {"minutes_apart": "5"}).status_code == 403


def test_an_evergreen_slot_too_near_to_a_planned_post_takes_nothing_and_says_why(
    harbour: Harbour, door: Callable[[Member], Client]
) -> None:
    """It would only be left out at its hour; and it takes again when the planned post is gone."""
    at_eight(harbour)
    account, editor = harbour.account(), harbour.world.editor
    for text in ("One", "Two"):
        keep_evergreen(editor, harbour.variant(account, text).post, None)
    series = set_slots(editor, account.pk, [(0, time(12)), (3, time(12))], 30)
    assert series is not None
    (nearest, *_rest) = slots_ahead(series)
    by_hand = harbour.delivery(account=account, text="By hand", due=nearest.moment + timedelta(minutes=20))
    assert Delivery.objects.filter(series=series, state="scheduled").count() == 2
    set_apart(editor, account.pk, 60)
    harbour.work()
    found = Delivery.objects.filter(series=series, state="scheduled")
    assert nearest.name not in {one.occurrence for one in found}
    assert len(found) == 2, "its post goes to the next slot that is free"
    page = door(editor).get("/evergreen/").content.decode()
    assert "“By hand” lies 20 min after it; at least 1 h must lie between them." in page
    cancel(editor, by_hand)
    keep_evergreen(editor, harbour.variant(account, "Three").post, None)
    harbour.work()
    assert Delivery.objects.filter(series=series, occurrence=nearest.name, state="scheduled").exists()


@pytest.mark.parametrize("handle", ["", "container-1"])
def test_what_is_too_near_never_stands_in_the_way_of_its_account(harbour: Harbour, handle: str) -> None:
    """One with a container made is not simply left out: a person is asked, and the account goes on."""
    at_eight(harbour)
    series = repeating(harbour, every_day(harbour))
    account = rows(series)[0].account
    set_apart(harbour.world.editor, account.pk, 60)
    harbour.pass_(3500)
    near = harbour.delivery(account=account, text="Near")
    harbour.work(5)
    assert harbour.copies(near) == 1
    one = rows(series, "scheduled")[0]
    Delivery.objects.filter(pk=one.pk).update(
        attempts=1, handle=handle
    )  # as a look that found nothing leaves it
    harbour.pass_(120)
    later = harbour.delivery(account=account, text="Later")
    harbour.work(5)
    one.refresh_from_db()
    assert (one.state, one.reason) == ("needs_attention" if handle else "cancelled", "too_close")
    assert (harbour.copies(later), harbour.copies(one)) == (1, 0)
