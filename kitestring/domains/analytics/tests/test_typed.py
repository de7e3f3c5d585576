"""Numbers of a hand-off channel: a person reads them in the app and types them; they stand with who and when, and compare."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from kitestring.connectorkit import registry
from kitestring.domains.analytics.actions.type_numbers import type_numbers
from kitestring.domains.analytics.forms import number_of
from kitestring.domains.analytics.models import Sample
from kitestring.domains.analytics.queries.standing import stand
from kitestring.domains.channels.models import Account
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit.refusals import Refusal
from tests.world import World

Door = Callable[[Member], Client]


@pytest.fixture
def by_hand(record: Any) -> Delivery:
    """A live post of a channel that gives its numbers to no program."""
    slug = next(s for s, c in registry.connectors().items() if c.manifest.mode == "hand_off")
    Account.objects.update(channel=slug)
    record.account.refresh_from_db()
    return Delivery.objects.get(pk=record.post(age=3).pk)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("350", 350), (" 12,345 ", 12345), ("12.345", 12345), ("1 234 567", 1234567), ("1.2万", 12000), ("1.2w", 12000),
        ("3k", 3000), ("1,5m", 1500000), ("2.05亿", 205000000), ("１２３", 123), ("10万+", 100000), ("0", 0),
        ("", None), ("1.2", None), ("-3", None), ("many", None), ("1e9", None), ("1.23.4", None), ("万", None),
        ("9" * 40, None), ("1.2万3", None), ("NaN", None),
    ],
)  # fmt: skip
def test_a_number_is_read_as_the_apps_show_it(typed: str, meant: float | None) -> None:
    assert number_of(typed) == meant


def test_typed_numbers_stand_with_who_and_when(
    by_hand: Delivery, world: World, door: Door, move_clock: Any
) -> None:
    client, address = door(world.editor), f"/results/{by_hand.pk}/"
    page = client.get(address).content.decode()
    assert 'name="views"' in page
    assert "missing" in page
    answer = client.post(f"{address}typed/", {"views": "1.2万", "likes": "350", "replies": ""}, follow=True)
    page = answer.content.decode()
    assert "12,000" in page
    assert f"typed by {world.editor.name}" in page
    kept = {s.metric: (s.value, s.field, s.typed_by) for s in Sample.objects.filter(delivery=by_hand)}
    assert kept == {"views": (12000, "", world.editor), "likes": (350, "", world.editor)}
    entry = AuditEntry.objects.get(verb="results.type")
    assert (entry.member, entry.after) == (world.editor, {"views": 12000.0, "likes": 350.0})
    assert stand([by_hand])[0].value == 350
    move_clock(timedelta(minutes=5))
    client.post(f"{address}typed/", {"likes": "360"})
    assert stand([by_hand])[0].value == 360, "the newest counts"
    assert Sample.objects.filter(metric="likes").count() == 2, "and the one before is kept"
    sheet = b"".join(client.get(f"{address}samples.csv").streaming_content).decode()
    assert sheet.count(world.editor.name) == 3


def test_what_is_no_number_is_said_beside_its_field(by_hand: Delivery, world: World, door: Door) -> None:
    answer = door(world.editor).post(f"/results/{by_hand.pk}/typed/", {"views": "300", "likes": "lots"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="f-likes-err"' in page
    assert 'value="lots"' in page
    assert 'value="300"' in page
    assert not Sample.objects.exists()


def test_nothing_typed_is_said(by_hand: Delivery, world: World, door: Door) -> None:
    answer = door(world.editor).post(f"/results/{by_hand.pk}/typed/", {})
    assert (answer.status_code, Sample.objects.count()) == (422, 0)
    assert "Type at least one number" in answer.content.decode()


def test_numbers_that_the_channel_gives_are_not_typed(record: Any, world: World, door: Door) -> None:
    read = record.post(7, age=3)
    assert 'name="likes"' not in door(world.editor).get(f"/results/{read.pk}/").content.decode()
    with pytest.raises(Refusal):
        type_numbers(world.editor, read, {"likes": 9})
    assert door(world.editor).post(f"/results/{read.pk}/typed/", {"likes": "9"}).status_code == 422
    assert Sample.objects.count() == 1


def test_what_is_not_live_has_no_numbers(by_hand: Delivery, world: World) -> None:
    by_hand.state = "withdrawn"
    with pytest.raises(Refusal):
        type_numbers(world.editor, by_hand, {"likes": 9})


def test_who_may_not_type_sees_no_form_and_is_refused(by_hand: Delivery, world: World, door: Door) -> None:
    client = door(world.stakeholder)
    assert "Type what the app shows" not in client.get(f"/results/{by_hand.pk}/").content.decode()
    assert client.post(f"/results/{by_hand.pk}/typed/", {"likes": "9"}).status_code == 403
