"""Tags of a person, beside the conversation: shown when asked for, put on and taken off on the channel, with a record."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kitestring.domains.channels.tests.counter import Counter, counter
from kitestring.domains.inbox.models import Contact, Conversation, Sort
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit.clock import now
from tests.world import World

__all__ = ["counter"]
Door = Callable[[Member], Client]


@pytest.fixture
def talk(world: World, counter: Counter) -> Conversation:
    counter.platform.message(counter.of.remote_id, "lan", "Lan", "在吗？")
    contact = Contact.objects.create(
        brand=world.brand, channel=counter.of.channel, remote_id="olan", name="Lan"
    )
    return Conversation.objects.create(
        brand=world.brand,
        account=counter.of,
        contact=contact,
        sort=Sort.MESSAGE,
        post_remote_id="olan",
        contact_name="Lan",
        snippet="在吗？",
        last_at=now(),
    )


def test_a_tag_is_put_on_a_person_and_taken_off(world: World, door: Door, talk: Conversation) -> None:
    client, path = door(world.editor), f"/inbox/{talk.pk}/tags/"
    assert path in client.get(f"/inbox/{talk.pk}/").content.decode()
    shown = client.get(path).content.decode()
    assert "Tags of Lan" in shown
    assert "老客</button>" in shown
    assert client.post(path, {"tag": "100", "on": "1"}).status_code == 302
    fragment = client.get(path, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert fragment.count('aria-pressed="true"') == 1
    answer = client.post(path, {"tag": "100", "on": ""}, headers={"HX-Request": "true"})
    assert 'aria-pressed="true"' not in answer.content.decode()
    told = [entry.after for entry in AuditEntry.objects.filter(verb="account.tag_person").order_by("id")]
    assert [one["on"] for one in told] == [True, False]
    assert "olan" not in str(told)


def test_what_the_channel_refuses_is_said(world: World, door: Door, talk: Conversation) -> None:
    answer = door(world.editor).post(f"/inbox/{talk.pk}/tags/", {"tag": "7777", "on": "1"})
    assert answer.status_code == 422
    assert "tag" in answer.content.decode()


def test_who_only_reads_puts_no_tags_on_people(world: World, door: Door, talk: Conversation) -> None:
    client = door(world.analyst)
    assert client.post(f"/inbox/{talk.pk}/tags/", {"tag": "100", "on": "1"}).status_code == 403
    assert f"/inbox/{talk.pk}/tags/" not in client.get(f"/inbox/{talk.pk}/").content.decode()
