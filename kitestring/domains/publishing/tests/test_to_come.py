"""Forms suggest an hour that is still to come."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.test import Client
from django.urls import reverse

from kitestring.connectorkit.emulation import Fault
from kitestring.domains.publishing.rules.to_come import still_to_come, wished
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock

Door = Callable[[Member], Client]
AT = datetime(2026, 11, 30, 14, 3, 20, tzinfo=UTC)


def test_an_hour_ahead_stays_and_one_behind_gives_way_to_the_next_quarter() -> None:
    ahead = AT + timedelta(minutes=2)
    assert still_to_come(ahead, AT) == ahead
    assert still_to_come(AT, AT) == datetime(2026, 11, 30, 14, 15, tzinfo=UTC)
    assert still_to_come(AT - timedelta(days=1), AT + timedelta(minutes=8)).minute == 30
    assert still_to_come(AT, AT, AT + timedelta(minutes=40)).minute == 45
    assert wished(ahead, AT) == ahead
    assert wished(AT, AT) == wished(None, AT) == datetime(2026, 11, 30, 15, 15, tzinfo=UTC)


def test_what_a_busy_channel_put_off_is_not_offered_an_hour_that_has_passed(
    harbour: Harbour, door: Door
) -> None:
    client, delivery = door(harbour.world.editor), harbour.delivery()
    harbour.faults.next(Fault("busy", after=1200, at="store"))
    harbour.work(5)
    assert delivery.revision is not None
    zone = harbour.world.brand.zone
    for page in (
        reverse("publishing:of_post", args=[delivery.revision.post_id]),
        reverse("publishing:delivery", args=[delivery.pk]),
    ):
        shown = client.get(page).content.decode()
        day, hour = (offered_in(shown, name) for name in ("day", "time"))
        offered = datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=zone)
        assert offered >= clock.now() + timedelta(seconds=1200) - timedelta(seconds=10), page


def offered_in(page: str, field: str) -> str:
    tag = next(tag for tag in re.findall(r"<input[^>]+>", page) if f'name="{field}"' in tag)
    return str(tag.partition('value="')[2].partition('"')[0])
