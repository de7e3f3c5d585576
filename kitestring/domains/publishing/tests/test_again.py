"""What waits for its next try or look says at which hour that is, wherever a person reads of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from kitestring.connectorkit.faults import Fault
from kitestring.domains.publishing.models import Delivery, Lane
from kitestring.domains.publishing.queries.seen import on_its_way
from kitestring.domains.publishing.rules.again import again_words
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock
from kitestring.ui.formats import date_time, time

Door = Callable[[Member], Client]
NOON = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)  # 12:00 in Hồ Chí Minh City
HOME = ZoneInfo("Asia/Ho_Chi_Minh")


def waits(state: str, minutes: float | None, **more: Any) -> Any:
    at = None if minutes is None else NOON + timedelta(minutes=minutes)
    return SimpleNamespace(
        **{
            "state": state,
            "due_at": NOON,
            "not_before": at,
            "withdraw_asked": None,
            "tolerance": 86400,
            **more,
        }
    )


@pytest.mark.parametrize(
    ("delivery", "account", "said"),
    [
        (waits("scheduled", 125), None, "Next try at 14:05."),
        (waits("scheduled", 5), 125, "Next try at 14:05."),
        (waits("scheduled", 13 * 60), None, "Next try on 26 Nov, 01:00."),
        (waits("scheduled", None), 125, "This account has to wait until 14:05; it goes out then."),
        (waits("scheduled", None, due_at=NOON + timedelta(hours=3)), 125, ""),
        (
            waits("scheduled", None, tolerance=3600),
            125,
            "It cannot go out before 14:05, later than it allows: somebody is asked what becomes of it.",
        ),
        (
            waits("scheduled", 13 * 60, tolerance=3600),
            None,
            "It cannot go out before 26 Nov, 01:00, later than it allows: somebody is asked what becomes of it.",
        ),
        (waits("partly_out", None), 125, "Next try at 14:05."),
        (waits("unknown", 125), 500, "It will be looked up again at 14:05."),
        (waits("unknown", -1), None, ""),
        (waits("processing", 125), None, "The channel will be asked again at 14:05."),
        (waits("published", 125, withdraw_asked=NOON), None, "Next try at 14:05."),
        (waits("published", 125), 125, ""),
        (waits("held", 125), 125, ""),
    ],
)
def test_the_hour_is_the_later_of_its_own_and_its_accounts(
    delivery: Any, account: int | None, said: str
) -> None:
    until = None if account is None else NOON + timedelta(minutes=account)
    assert again_words(delivery, until, NOON, HOME) == said


def pages(door: Door, harbour: Harbour, delivery: Delivery) -> dict[str, str]:
    client = door(harbour.world.editor)
    assert delivery.revision
    addresses = {
        "delivery": reverse("publishing:delivery", args=[delivery.pk]),
        "post": reverse("publishing:of_post", args=[delivery.revision.post_id]),
        "today": "/",
    }
    return {name: client.get(address).content.decode() for name, address in addresses.items()}


def test_a_channel_that_asks_for_a_wait_is_tried_again_at_an_hour_that_is_told(
    harbour: Harbour, door: Door
) -> None:
    account = harbour.account()
    delivery = harbour.delivery(account=account)
    behind = harbour.delivery(account=account, text="The next one", due=clock.now() + timedelta(seconds=200))
    harbour.faults.next(Fault("busy", after=1200.0, at="store"))
    harbour.work()
    delivery.refresh_from_db()
    assert delivery.state == "scheduled"
    assert delivery.not_before
    assert not on_its_way(delivery), "it waits, and is shown so"
    until, zone = delivery.not_before, harbour.world.brand.zone
    for name, page in pages(door, harbour, delivery).items():
        assert hour(until, zone) in page, name
        assert "Next try" in page, name
    told = pages(door, harbour, behind)
    assert "This account has to wait until" in told["delivery"]
    assert "This account has to wait until" in told["post"]


def test_what_will_be_late_by_then_is_not_promised(harbour: Harbour, door: Door) -> None:
    account = harbour.account()
    delivery = harbour.delivery(account=account, due=clock.now() + timedelta(minutes=30))
    Lane.objects.update_or_create(account=account, defaults={"not_before": clock.now() + timedelta(hours=30)})
    page = pages(door, harbour, delivery)["delivery"]
    assert "later than it allows: somebody is asked" in page
    assert "it goes out then" not in page
    harbour.pass_(31 * 60)
    harbour.work(5)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("needs_attention", "told_to_wait")


def test_what_is_in_doubt_says_when_it_is_looked_up_again(harbour: Harbour, door: Door) -> None:
    delivery = harbour.delivery("read_back")
    harbour.faults.next(Fault("drop_after", at="store"))
    harbour.send()
    delivery.refresh_from_db()
    assert delivery.state == "unknown"
    Delivery.objects.filter(pk=delivery.pk).update(not_before=clock.now() + timedelta(minutes=20))
    until = clock.now() + timedelta(minutes=20)
    for name, page in pages(door, harbour, delivery).items():
        assert "It will be looked up again" in page, name
        assert hour(until, harbour.world.brand.zone) in page, name


def hour(at: datetime, zone: ZoneInfo) -> str:
    """As it is said: the clock alone on the same day."""
    today = clock.now().astimezone(zone).date() == at.astimezone(zone).date()
    return time(at, zone) if today else date_time(at, "short", zone)
