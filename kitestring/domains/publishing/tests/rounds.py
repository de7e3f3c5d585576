"""A post that comes round on the harbour, for its tests."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from kitestring.domains.publishing.actions.start_series import start_series
from kitestring.domains.publishing.models import Delivery, Series
from kitestring.domains.publishing.rules.recurrence import Rule
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.kit import clock

DAY = timedelta(days=1).total_seconds()
WEEK = 7 * DAY


def today(harbour: Harbour) -> date:
    return clock.now().astimezone(harbour.world.brand.zone).date()


def in_(harbour: Harbour, minutes: float) -> time:
    """The brand's time of day in so many minutes; tests start so that it does not cross midnight."""
    return (clock.now() + timedelta(minutes=minutes)).astimezone(harbour.world.brand.zone).time().replace(
        second=0, microsecond=0
    )  # fmt: skip


def daily(harbour: Harbour, **more: Any) -> Rule:
    return Rule("day", in_(harbour, 60), today(harbour), **more)


def weekly(harbour: Harbour, **more: Any) -> Rule:
    return Rule("week", in_(harbour, 60), today(harbour), weekdays=(today(harbour).weekday(),), **more)


def repeating(harbour: Harbour, rule: Rule, way: str = "native_key", text: str = "A warm cup") -> Series:
    variant = harbour.variant(harbour.account(way), text)
    return start_series(harbour.world.editor, variant.post, rule)


def rows(series: Series, *states: str) -> list[Delivery]:
    found = Delivery.objects.filter(series=series).order_by("due_at", "account_id")
    return list(found.filter(state__in=states) if states else found)


def at_eight(harbour: Harbour) -> None:
    """Eight in the morning there, on a Tuesday: what is due in some minutes is due today."""
    zone = harbour.world.brand.zone
    there = clock.now().astimezone(zone)
    ahead = (1 - there.weekday()) % 7 or 7
    eight = datetime.combine(there.date() + timedelta(days=ahead), time(8), tzinfo=zone)
    harbour.pass_((eight - clock.now()).total_seconds())
