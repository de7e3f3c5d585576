"""Which post stood too near to a time that is left out, how far away, and what distance is asked: before and after the fact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from kitestring.domains.publishing.actions.set_apart import set_apart
from kitestring.domains.publishing.actions.start_series import start_series
from kitestring.domains.publishing.models import Delivery, Series
from kitestring.domains.publishing.rules.recurrence import Rule
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.test_series_pages import typed
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock

Door = Callable[[Member], Client]


@pytest.fixture
def daily(harbour: Harbour) -> Series:
    """Every day at nine from tomorrow on, on one account that asks for an hour to any other post."""
    variant = harbour.variant(harbour.account())
    start = clock.now().astimezone(harbour.world.brand.zone).date() + timedelta(days=1)
    series = start_series(harbour.world.editor, variant.post, Rule("day", time(9), start))
    set_apart(harbour.world.editor, variant.account_id, 60)
    return series


def first(series: Series) -> Delivery:
    return Delivery.objects.filter(series=series).order_by("due_at").select_related("account")[0]


def run_at(harbour: Harbour, moment: datetime) -> None:
    harbour.pass_((moment - clock.now()).total_seconds())
    harbour.work()


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (-30, "“Planned by hand” lies 30 min before it on this account, which asks for 1 h between"),
        (45, "“Planned by hand” lies 45 min after it on this account, which asks for 1 h between"),
    ],
)
def test_its_pages_name_the_post_the_distance_and_what_is_asked(
    harbour: Harbour, door: Door, daily: Series, minutes: int, told: str
) -> None:
    one = first(daily)
    other = harbour.delivery(
        account=one.account, text="Planned by hand", due=one.due_at + timedelta(minutes=minutes)
    )
    for moment in sorted([other.due_at, one.due_at]):
        run_at(harbour, moment)
    one.refresh_from_db()
    assert (one.state, one.reason, one.reason_params["near"]) == ("cancelled", "too_close", str(other.pk))
    client = door(harbour.world.editor)
    for page in (f"/series/{daily.pk}/", f"/deliveries/{one.pk}/"):
        shown = client.get(page).content.decode()
        assert told in shown
        assert f'href="/deliveries/{other.pk}/">See that post' in shown


def test_an_hour_exactly_as_far_as_is_asked_is_no_reason(harbour: Harbour, daily: Series) -> None:
    """The post before it leaves some moments after its hour; counted in seconds it would be too near."""
    one = first(daily)
    other = harbour.delivery(account=one.account, text="Before", due=one.due_at - timedelta(minutes=60))
    after = harbour.delivery(account=one.account, text="After", due=one.due_at + timedelta(minutes=60))
    run_at(harbour, other.due_at + timedelta(seconds=20))
    run_at(harbour, one.due_at + timedelta(seconds=1))
    run_at(harbour, after.due_at + timedelta(seconds=1))
    for row in (other, one, after):
        row.refresh_from_db()
        assert row.state == "published"


def ahead(harbour: Harbour, door: Door, daily: Series, **more: Any) -> str:
    at = f"/posts/{daily.post_id}/recur/ahead/"
    return door(harbour.world.editor).get(at, typed(harbour, **more)).content.decode()


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (-30, "1 of the next 12 times would be left out, on"),
        (-30, "“Planned by hand” lies 30 min before it; at least 1 h must lie between them."),
        (45, "“Planned by hand” lies 45 min after it; at least 1 h must lie between them."),
        (-60, None),
        (60, None),
    ],
)
def test_it_is_foreseen_in_the_dialog(
    harbour: Harbour, door: Door, daily: Series, minutes: int, told: str | None
) -> None:
    one = first(daily)
    due = one.due_at + timedelta(minutes=minutes)
    other = harbour.delivery(account=one.account, text="Planned by hand", due=due)
    shown = ahead(harbour, door, daily)
    assert ("would be left out" in shown) == (told is not None)
    if told:
        assert told in shown
        assert f"/deliveries/{other.pk}/" in shown


def test_what_is_foreseen_is_what_comes(harbour: Harbour, door: Door, daily: Series) -> None:
    """What comes round itself takes no hour from one before it, only from one after it."""
    other = harbour.variant(harbour.account(name="another"), text="The other round").post
    start = clock.now().astimezone(harbour.world.brand.zone).date() + timedelta(days=1)
    account = first(daily).account
    other.variants.update(account=account)
    at = {"early": time(8, 30), "late": time(9, 30)}
    series = start_series(harbour.world.editor, other, Rule("day", at["early"], start))
    assert "12 of the next 12 times would be left out, the first on" in ahead(harbour, door, daily)
    Delivery.objects.filter(series=series).delete()
    series.delete()
    start_series(harbour.world.editor, other, Rule("day", at["late"], start))
    assert "would be left out" not in ahead(harbour, door, daily)


def test_the_same_post_by_hand_shortly_before_is_foreseen_too(
    harbour: Harbour, door: Door, daily: Series
) -> None:
    one = first(daily)
    hand = harbour.delivery(account=one.account, text="By hand", due=one.due_at - timedelta(hours=5))
    Delivery.objects.filter(pk=hand.pk).update(subject_id=daily.post_id)
    assert "lies 5 h before it; at least 12 h must lie between them." in ahead(harbour, door, daily)
    run_at(harbour, hand.due_at + timedelta(seconds=1))
    run_at(harbour, one.due_at + timedelta(seconds=1))
    one.refresh_from_db()
    assert one.reason_params["by"] == "same"


def test_of_two_that_are_due_at_once_the_older_names_the_newer(harbour: Harbour, daily: Series) -> None:
    one, two = Delivery.objects.filter(series=daily).order_by("due_at")[:2]
    Delivery.objects.filter(pk=two.pk).update(due_at=one.due_at + timedelta(minutes=10))
    run_at(harbour, one.due_at + timedelta(minutes=11))
    one.refresh_from_db()
    assert (one.state, one.reason_params["near"]) == ("cancelled", str(two.pk))
    assert one.reason_params["by"] == "newer"
