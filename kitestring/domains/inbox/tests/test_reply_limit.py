"""Where a channel's manifest says how often a comment may be answered, the desk says no before the ledger does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kitestring.connectorkit import registry
from kitestring.domains.inbox.actions.reply import reply
from kitestring.domains.inbox.models import Message
from kitestring.domains.publishing.models import Delivery, DeliveryKind
from kitestring.kit.refusals import Refusal
from tests.world import World

LIMITED = [
    slug
    for slug, c in registry.connectors().items()
    if c.manifest.reply and c.manifest.reply_window and c.manifest.reply_window.replies is not None
]


def test_there_is_a_channel_that_says_so() -> None:
    assert LIMITED


@pytest.mark.parametrize("slug", LIMITED)
def test_an_answer_too_many_is_refused_before_the_ledger_with_the_channels_rule(
    street: Any, world: World, slug: str
) -> None:
    street.account.channel = slug
    street.account.save()
    window = registry.get(slug).manifest.reply_window
    assert window is not None
    street.comes("Open on Sunday?")
    talk = street.talk()
    for number in range(window.replies or 0):
        reply(world.editor, talk.pk, f"Yes {number}")
    with pytest.raises(Refusal) as refused:
        reply(world.editor, talk.pk, "And Monday too")
    assert (refused.value.field, refused.value.reason) == ("text", "window_closed")
    assert window.explains.in_("en") in refused.value.message
    assert Delivery.objects.filter(kind=DeliveryKind.REPLY).count() == window.replies
    assert not Message.objects.filter(text="And Monday too").exists()


@pytest.mark.parametrize("slug", LIMITED)
def test_an_answer_given_on_the_channel_itself_counts_too(street: Any, world: World, slug: str) -> None:
    street.account.channel = slug
    street.account.save()
    (asked,) = street.comes("Open on Sunday?")
    street.comes("We are", ago=2, who="us", own=True, parent_id=asked.remote_id, can_reply=False)
    with pytest.raises(Refusal) as refused:
        reply(world.editor, asked.conversation_id, "Yes", to=asked.pk)
    assert refused.value.reason == "window_closed"
    assert not Delivery.objects.filter(kind=DeliveryKind.REPLY).exists()


def test_a_button_pressed_twice_is_one_answer(
    street: Any, world: World, move_clock: Callable[[timedelta], None]
) -> None:
    street.comes("Open on Sunday?")
    talk = street.talk()
    first = reply(world.editor, talk.pk, "Yes, from 7.")
    assert reply(world.editor, talk.pk, "Yes, from 7.") == first
    assert reply(world.editor, talk.pk, "And on Monday too.") != first
    assert Delivery.objects.filter(kind=DeliveryKind.REPLY).count() == 2
    move_clock(timedelta(minutes=2))
    assert reply(world.editor, talk.pk, "Yes, from 7.") != first, "later it is meant"


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_the_same_answer_after_a_refusal_is_sent_anew(street: Any, world: World, state: str) -> None:
    street.comes("Open on Sunday?")
    talk = street.talk()
    first = reply(world.editor, talk.pk, "Yes, from 7.")
    ledger = Delivery.objects.filter(kind=DeliveryKind.REPLY)
    ledger.update(state=state, attempts=1, reason="refused")
    again = reply(world.editor, talk.pk, "Yes, from 7.")
    assert again != first
    assert set(ledger.values_list("subject_id", "state")) == {(first.pk, state), (again.pk, "scheduled")}
    assert reply(world.editor, talk.pk, "Yes, from 7.") == again, "pressed twice it is still one"
