"""Replies belong to conversations: who may not read those meets none of them, on no page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kitestring.domains.inbox.actions.reply import reply
from kitestring.domains.inbox.models import Contact, Conversation, Message
from kitestring.domains.publishing.models import Delivery, DeliveryKind, DeliveryState
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now

Door = Callable[[Member], Client]
WORDS = "Your refund is on its way"


@pytest.fixture
def answer(harbour: Harbour) -> Delivery:
    """A reply to somebody's private question that needs a person's look."""
    account, brand = harbour.account(), harbour.world.brand
    contact = Contact.objects.create(brand=brand, channel=account.channel, remote_id="u1", name="Linh")
    talk = Conversation.objects.create(
        brand=brand, account=account, contact=contact, contact_name="Linh", post_remote_id="p1",
        snippet="Where is my order?", last_at=now(), owed_since=now(), answer_by=now(),
    )  # fmt: skip
    Message.objects.create(
        conversation=talk, account=account, direction="in", remote_id="m1", text="Where is it?", at=now(), can_reply=True
    )  # fmt: skip
    reply(harbour.world.editor, talk.pk, WORDS)
    Delivery.objects.filter(kind=DeliveryKind.REPLY).update(
        state=DeliveryState.NEEDS_ATTENTION, reason="late"
    )
    return Delivery.objects.get(kind=DeliveryKind.REPLY)


@pytest.mark.parametrize(
    "page", ["/", "/deliveries/{}/", "/deliveries/{}/hand-off/", "/search/?q=refund", "/calendar/"]
)
def test_a_stakeholder_meets_no_reply(harbour: Harbour, answer: Delivery, door: Door, page: str) -> None:
    seen = door(harbour.world.stakeholder).get(page.format(answer.pk)).content.decode()
    assert WORDS not in seen
    assert str(answer.pk) not in seen


def test_who_answers_people_sees_it_on_today(harbour: Harbour, answer: Delivery, door: Door) -> None:
    assert WORDS in door(harbour.world.editor).get("/").content.decode()
    assert WORDS in door(harbour.world.editor).get(f"/deliveries/{answer.pk}/").content.decode()
