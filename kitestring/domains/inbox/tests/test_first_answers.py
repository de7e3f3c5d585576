"""Who wrote in a time and when we answered: every account of the brand, each in full, nobody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kitestring.domains.channels.models import Account
from kitestring.domains.inbox import queries
from kitestring.domains.inbox.actions.set_aside import set_aside
from kitestring.domains.inbox.models import Message
from kitestring.domains.inbox.queries import FirstAnswer, first_answers
from kitestring.kit.clock import now
from tests.world import World


def told(world: World) -> list[FirstAnswer]:
    return first_answers(world.brand, now() - timedelta(days=1), now())


def test_answered_and_waiting(street: Any, world: World) -> None:
    asked = street.comes("Open on Sunday?", who="an", ago=50)[0]
    street.comes("And parking?", who="an", ago=48)
    street.comes("We are!", own=True, parent_id=asked.remote_id, ago=30)
    waits = street.comes("Open on Monday?", who="binh", ago=20)[0]
    street.comes("Nice", who="chi", ago=10)
    set_aside(world.editor, street.talk("chi").pk)
    assert [(a.message, a.minutes and round(a.minutes)) for a in told(world)] == [
        (asked.pk, 20),
        (waits.pk, None),
    ]


def test_a_busy_account_hides_no_quiet_one(
    street: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_ANSWERS", 3)
    for n in range(6):
        street.comes("hello", who=f"p{n}", ago=60 - n)
    there = Account.objects.create(
        workspace=world.workspace, brand=world.brand, channel=street.account.channel, remote_id="2", name="2"
    )
    street.account = there
    quiet = street.comes("Anybody there?", who="quiet", ago=5)[0]
    assert len(told(world)) == 4
    assert told(world)[-1].message == quiet.pk


def test_other_brands_are_left_out(street: Any, world: World, stranger: World) -> None:
    street.comes("hello")
    assert first_answers(stranger.brand, now() - timedelta(days=1), now()) == []
    assert Message.objects.count() == 1
