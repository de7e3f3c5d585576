"""What comes in is news once; our own words never are; what was answered elsewhere is no longer owed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from kitestring.domains.inbox.actions.adopt_reply import adopt_reply
from kitestring.domains.inbox.actions.reply import reply
from kitestring.domains.inbox.actions.set_aside import set_aside, take_back
from kitestring.domains.inbox.actions.take_in import CLOCKS_APART, EARLIEST, take_in
from kitestring.domains.inbox.models import Conversation, Message
from kitestring.domains.publishing.models import Delivery, DeliveryKind
from kitestring.kit.clock import now
from tests.world import World


def test_a_question_is_owed_from_its_moment(street: Any, world: World) -> None:
    assert len(street.comes("Mấy giờ mở cửa?", ago=30)) == 1
    assert street.comes("Mấy giờ mở cửa?", ago=30, remote_id="m1") == []
    talk = street.talk()
    assert talk.owed_since == Message.objects.get().at
    assert (talk.answer_by - talk.owed_since).total_seconds() == world.brand.answer_within * 60
    assert talk.delivery == street.delivery


@pytest.mark.parametrize(
    "odd",
    [
        {"author_handle": "@a\x00b\ud800"},
        {"who": "u\x00"},
        {"url": "https://there.example/\x00"},
        {"remote_id": "m" * 501},
        {"parent_id": "p" * 501},
        {"who": "u" * 256},
    ],
)
def test_an_odd_message_keeps_no_other_out(street: Any, odd: dict[str, str]) -> None:
    street.comes("Odd", ago=9, **odd)
    assert [m.text for m in street.comes("Open on Sunday?", ago=5, remote_id="fine")] == ["Open on Sunday?"]


FAR = timezone(timedelta(hours=-12))


@pytest.mark.parametrize(
    "at",
    [
        datetime(9999, 12, 31, 23, 59, tzinfo=FAR),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31),  # noqa: DTZ001 - a channel that tells no zone
        now() + timedelta(days=400),
    ],
)
def test_a_far_date_is_drawn_in(street: Any, at: datetime) -> None:
    odd = replace(street.says("Odd"), at=at)
    fresh = take_in(street.account, [odd, street.says("Fine", who="minh")], {})
    assert {m.text for m in fresh} == {"Odd", "Fine"}
    kept = Message.objects.get(text="Odd").at
    assert EARLIEST <= kept <= now() + CLOCKS_APART


@pytest.mark.parametrize("odd", [{"text": None}, {"at": "yesterday"}, {"author_id": 7}, {"remote_id": None}])
def test_what_is_no_message_costs_only_itself(street: Any, odd: dict[str, Any]) -> None:
    messages = [replace(street.says("Odd"), **odd), street.says("Fine", who="minh")]
    assert "Fine" in [m.text for m in take_in(street.account, messages, {})]


def test_one_that_the_database_refuses_costs_only_itself(
    street: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "kitestring.domains.inbox.actions.take_in.identify", lambda text: "x" * 8 if text == "Fine" else 7
    )
    messages = [street.says("Odd"), street.says("Fine", who="minh")]
    assert [m.text for m in take_in(street.account, messages, {})] == ["Fine"]
    assert not Conversation.objects.filter(contact__remote_id="lan").exists(), "nothing of it is left"


def test_an_address_that_is_no_web_address_is_none(street: Any) -> None:
    assert street.comes("Look", url="javascript:alert(1)")[0].remote_url == ""


def test_our_reply_fetched_before_its_publish_event_is_no_news(street: Any, world: World) -> None:
    asked = street.comes("Open on Sunday?")[0]
    ours = reply(world.editor, street.talk().pk, "Yes, from 7.")
    assert street.comes("Yes, from 7.", own=True, ago=0, remote_id="r1", parent_id=asked.remote_id) == []
    assert street.talk().owed_since is None
    adopt_reply(ours.pk, "r1", "https://there.example/r1")
    adopt_reply(ours.pk, "r1", "https://there.example/r1")
    kept = Message.objects.get(direction="out")
    assert (kept.pk, kept.remote_id, kept.written_by) == (ours.pk, "r1", world.editor)


def test_our_reply_fetched_before_its_publish_event_is_the_same_one(street: Any, world: World) -> None:
    asked = street.comes("Open on Sunday?")[0]
    ours = reply(world.editor, street.talk().pk, "Yes,  from 7.")
    Delivery.objects.filter(kind=DeliveryKind.REPLY).update(state="sending", attempts=1)
    street.comes("Yes, from 7.", own=True, ago=0, remote_id="r1", parent_id=asked.remote_id)
    kept = Message.objects.get(direction="out")
    assert (kept.pk, kept.remote_id) == (ours.pk, "r1")
    adopt_reply(ours.pk, "r1", "")
    assert Message.objects.filter(direction="out").count() == 1


def test_a_shown_reply_is_known_by_its_delivery(street: Any, world: World) -> None:
    asked = street.comes("Open on Sunday?")[0]
    ours = reply(world.editor, street.talk().pk, "Yes, from 7.")
    Delivery.objects.filter(kind=DeliveryKind.REPLY).update(state="published", attempts=1, remote_id="r1")
    street.comes("Quite other words", own=True, ago=0, remote_id="r1", parent_id=asked.remote_id)
    kept = Message.objects.get(direction="out")
    assert (kept.pk, kept.remote_id, kept.text) == (ours.pk, "r1", "Yes, from 7.")


def test_the_same_words_from_the_channels_own_app_are_given_back(street: Any, world: World) -> None:
    asked = street.comes("Open on Sunday?")[0]
    ours = reply(world.editor, street.talk().pk, "Yes, from 7.")
    Delivery.objects.filter(kind=DeliveryKind.REPLY).update(state="sending", attempts=1)
    street.comes("Yes, from 7.", own=True, ago=0, remote_id="theirs", parent_id=asked.remote_id)
    adopt_reply(ours.pk, "r1", "")
    assert set(Message.objects.filter(direction="out").values_list("remote_id", flat=True)) == {
        "theirs",
        "r1",
    }
    assert Message.objects.get(remote_id="r1").pk == ours.pk


def test_an_answer_not_tried_yet_is_nobodys_copy(street: Any, world: World) -> None:
    asked = street.comes("Open on Sunday?")[0]
    ours = reply(world.editor, street.talk().pk, "Yes, from 7.")
    street.comes("Yes, from 7.", own=True, ago=0, remote_id="theirs", parent_id=asked.remote_id)
    assert Message.objects.get(remote_id="theirs").pk != ours.pk


def test_our_reply_fetched_after_its_publish_event_is_no_news(street: Any, world: World) -> None:
    asked = street.comes("Open on Sunday?")[0]
    ours = reply(world.editor, street.talk().pk, "Yes, from 7.")
    adopt_reply(ours.pk, "r1", "")
    assert street.comes("Yes, from 7.", own=True, remote_id="r1", parent_id=asked.remote_id) == []
    assert Message.objects.filter(direction="out").count() == 1


def test_answered_in_the_channels_own_app_is_no_longer_owed(street: Any) -> None:
    asked = street.comes("Open on Sunday?", ago=9)[0]
    street.comes("We are!", own=True, parent_id=asked.remote_id, ago=2)
    assert street.talk().owed_since is None
    street.comes("And Monday?", ago=1)
    assert street.talk().owed_since is not None


def test_set_aside_until_they_write_again(street: Any, world: World) -> None:
    street.comes("nice")
    set_aside(world.editor, street.talk().pk)
    assert street.talk().owed_since is None
    take_back(world.editor, street.talk().pk)
    assert street.talk().owed_since is not None
    set_aside(world.editor, street.talk().pk)
    street.comes("and where are you?", ago=0)
    assert street.talk().owed_since is not None


def test_a_reply_is_one_delivery_with_its_words(street: Any, world: World) -> None:
    asked = street.comes("冬至开门吗？")[0]
    ours = reply(world.editor, street.talk().pk, "开的，七点起。")
    delivery = Delivery.objects.get(kind=DeliveryKind.REPLY)
    assert delivery.subject_id == ours.pk
    assert delivery.payload["reply_to"] == asked.remote_id
    assert delivery.payload["root"] == "post"


def test_hostile_words_are_stored_as_words(street: Any) -> None:
    street.comes("\u202eabc\u200b \x00<img src=x onerror=alert(1)> " + "a" * 1_000_000)
    message = Message.objects.get()
    assert "\x00" not in message.text
    assert len(message.text) > 1_000_000
    assert len(street.talk().snippet) <= 200
