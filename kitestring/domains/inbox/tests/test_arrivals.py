"""What a channel's calls bring lies there until it is taken in, once, and a private message is answered in private."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Grant, Incoming, Session
from kitestring.connectorkit.errors import RetryLater
from kitestring.connectorkit.hooks import Door, Heard, Hooks, Introduces, Knock, packed
from kitestring.connectorkit.manifest import HookFacts
from kitestring.connectorkit.registry import Connector
from kitestring.domains.channels import sessions
from kitestring.domains.channels.actions.open_hook import open_hook
from kitestring.domains.channels.models import Arrival
from kitestring.domains.inbox import tasks
from kitestring.domains.inbox.actions import take_arrivals as take_arrivals_module
from kitestring.domains.inbox.actions.reply import reply
from kitestring.domains.inbox.actions.take_arrivals import take_arrivals
from kitestring.domains.inbox.models import Contact, Conversation, Message, Sort
from kitestring.domains.publishing.models import Delivery, DeliveryKind
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from tests.world import World

AsMember = Callable[[Member], Client]


def verify(knock: Knock, door: Door) -> Heard | None:
    """Signed by the grant's own secret, as channels do that agree on none for the address."""
    if knock.headers.get("signed") != door.keys["channel_secret"] or not door.keys["channel_secret"]:
        return None
    told = json.loads(knock.body)
    return Heard("OK", messages=tuple(Incoming(**{**one, "at": now()}) for one in told))


async def introduce(session: Session, messages: list[Incoming]) -> list[Incoming]:
    """The channel tells who is who, but for one."""
    if any(one.author_id.startswith("trouble") for one in messages):
        raise RetryLater("busy")
    return [replace(one, author_name=f"{one.author_id.title()} Nguyễn") for one in messages]


@dataclass(frozen=True)
class Calling(Connector):
    """A sound connector whose channel also calls."""

    @property
    def hooks(self) -> Hooks | None:
        return cast(Hooks, SimpleNamespace(verify=verify, names=lambda handle: ()))

    @property
    def introduces(self) -> Introduces | None:
        return cast(Introduces, SimpleNamespace(introduce=introduce))


class Outside:
    """The channel: what it tells, and how."""

    def __init__(self, street: Any, world: World) -> None:
        self.account = street.account
        sessions.keep_grant(self.account.pk, Grant({"channel_secret": "s3cret", "token": "t"}))
        hook = open_hook(world.owner, self.account.pk)
        self.path = reverse("channels:hook", args=[self.account.channel, sessions.hook_token(hook)])

    def tells(self, *messages: dict[str, Any], signed: str = "s3cret") -> int:
        body = json.dumps(
            [{"post_remote_id": "", "author_id": "lan", "author_name": "Lan", **m} for m in messages]
        )
        told = Client(enforce_csrf_checks=True).post(
            self.path, body, content_type="application/json", headers={"signed": signed}
        )
        return told.status_code

    def asks(self, text: str, remote_id: str = "m1", **more: Any) -> int:
        return self.tells({"remote_id": remote_id, "text": text, "kind": "message", "thread": "U1", **more})


@pytest.fixture
def outside(street: Any, world: World, monkeypatch: pytest.MonkeyPatch) -> Outside:
    was = registry.get(street.account.channel)
    facts = HookFacts.model_validate(
        {"steps": [], "signed_with": ["channel_secret"], "brings": ["message", "comment"],
         "source": "a test", "checked_on": "2026-11-30"}
    )  # fmt: skip
    reply_kind = was.manifest.reply
    assert reply_kind is not None
    changes = {"hooks": facts, "message": reply_kind.model_copy(update={"key": "message"})}
    calling = Calling(was.manifest.model_copy(update=changes), was.package, was.folder)
    monkeypatch.setitem(registry.connectors(), street.account.channel, calling)
    return Outside(street, world)


def no_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def test_what_is_brought_lies_there_and_is_taken_in_once(outside: Outside) -> None:
    assert outside.asks("Mấy giờ mở cửa?") == 200
    assert not Message.objects.exists(), "the door itself takes nothing in"
    assert ProcrastinateJob.objects.filter(task_name=tasks.TAKE).count() == 1
    tasks.words_came(str(outside.account.pk))
    assert outside.asks("Mấy giờ mở cửa?") == 200, "the channel tells it once more"
    assert take_arrivals(outside.account.pk) == []
    assert not Arrival.objects.exists()
    [message] = Message.objects.all()
    talk = message.conversation
    assert (talk.sort, talk.post_remote_id, talk.owed_since) == (Sort.MESSAGE, "U1", message.at)


def test_an_emptied_queue_loses_nothing(outside: Outside) -> None:
    outside.asks("Còn bàn không?")
    no_jobs()
    tasks.ask_everybody(0)
    [job] = ProcrastinateJob.objects.filter(task_name=tasks.TAKE)
    tasks.words_came(**job.args)
    assert Message.objects.get().text == "Còn bàn không?"


def test_the_round_takes_nothing_in_itself(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    """One account's odd arrivals would stop the rounds of every workspace."""
    outside.asks("Còn bàn không?")
    no_jobs()
    monkeypatch.setattr(tasks, "take_arrivals", lambda account_id: 1 / 0)
    monkeypatch.setattr(tasks, "recount", lambda conversation_id: 1 / 0)
    Conversation.objects.update(counted_at=None)
    tasks.ask_everybody(0)
    assert ProcrastinateJob.objects.filter(task_name__in=[tasks.TAKE, tasks.COLLECT]).count() == 2


@pytest.mark.parametrize("signed", ["another", ""])
def test_what_is_not_signed_by_the_accounts_own_secret_is_nothing(outside: Outside, signed: str) -> None:
    assert (
        outside.tells({"remote_id": "m1", "text": "x", "kind": "message", "thread": "U1"}, signed=signed)
        == 404
    )
    assert not Arrival.objects.exists()


def test_a_channel_may_sign_with_the_secret_of_the_operators_app(outside: Outside) -> None:
    """Where the grant has none of that name, the app's own is the key; one that neither has opens nothing."""
    bare = Grant({"token": "t"})
    sessions.keep_grant(outside.account.pk, sessions.with_app(bare, {"channel_secret": "of-the-app"}))
    assert outside.asks("Còn trà không?") == 404
    assert (
        outside.tells(
            {"remote_id": "m1", "text": "Còn?", "kind": "message", "thread": "U1"}, signed="of-the-app"
        )
        == 200
    )
    sessions.keep_grant(outside.account.pk, bare)
    assert (
        outside.tells({"remote_id": "m2", "text": "Còn?", "kind": "message", "thread": "U1"}, signed="")
        == 404
    )
    assert Arrival.objects.count() == 1


def test_without_the_grant_nobody_can_tell(outside: Outside) -> None:
    outside.account.grant.delete()
    assert outside.asks("Alo?") == 404
    assert not Arrival.objects.exists()


def test_a_sort_that_the_manifest_does_not_name_is_left_out(outside: Outside) -> None:
    assert outside.tells({"remote_id": "m1", "text": "hey @us", "kind": "mention"}) == 200
    assert not Arrival.objects.exists()


def test_comments_on_what_is_not_ours_are_left_out(outside: Outside) -> None:
    outside.tells(
        {"remote_id": "c1", "text": "Ngon!", "post_remote_id": "post"},
        {"remote_id": "c2", "text": "Elsewhere", "post_remote_id": "somebody else's"},
    )
    assert [m.text for m in take_arrivals(outside.account.pk)] == ["Ngon!"]
    assert Conversation.objects.get().delivery is not None
    assert not Arrival.objects.exists()


def test_one_that_cannot_be_read_keeps_no_other_out(outside: Outside) -> None:
    Arrival.put(outside.account.pk, [{"of": "another version"}, {"remote_id": "m0", "at": "yesterday"}])
    told = packed(Incoming("m2", "", "lan", "Lan", "Alo?", now(), kind="message", thread="U1"))
    Arrival.put(outside.account.pk, [{**told, "added_later": True}])
    assert [m.text for m in take_arrivals(outside.account.pk)] == ["Alo?"]
    assert not Arrival.objects.exists()


def test_what_the_database_cannot_hold_is_left_out_of_the_words(outside: Outside) -> None:
    assert outside.asks("a\x00b\ud800c") == 200
    assert [m.text for m in take_arrivals(outside.account.pk)] == ["abc"]


def test_a_private_message_is_answered_in_private(outside: Outside, world: World, door: AsMember) -> None:
    outside.asks("Còn bánh không?")
    take_arrivals(outside.account.pk)
    talk = Conversation.objects.get()
    page = door(world.editor).get(f"/inbox/{talk.pk}/").content.decode()
    assert "Private message" in page
    assert "A post that was not sent from here." not in page
    reply(world.editor, talk.pk, "Dạ còn ạ.")
    sent = Delivery.objects.get(kind=DeliveryKind.REPLY)
    assert (sent.publish_kind, sent.payload["reply_to"], sent.payload["root"]) == ("message", "m1", "U1")


def test_where_no_messages_are_taken_the_box_says_so(
    outside: Outside, world: World, door: AsMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside.asks("Còn bánh không?")
    take_arrivals(outside.account.pk)
    calling = registry.get(outside.account.channel)
    silent = Calling(calling.manifest.model_copy(update={"message": None}), calling.package, calling.folder)
    monkeypatch.setitem(registry.connectors(), outside.account.channel, silent)
    page = door(world.editor).get(f"/inbox/{Conversation.objects.get().pk}/").content.decode()
    assert "takes no answers from here" in page


def test_a_person_who_comments_and_writes_has_two_conversations(outside: Outside) -> None:
    outside.tells({"remote_id": "c1", "text": "Ngon!", "post_remote_id": "post"})
    outside.asks("Giá bao nhiêu?", thread="post")
    assert len(take_arrivals(outside.account.pk)) == 2
    assert set(Conversation.objects.values_list("sort", flat=True)) == {Sort.COMMENT, Sort.MESSAGE}


def test_our_own_words_in_a_thread_answer_it(outside: Outside, world: World) -> None:
    outside.asks("Giá bao nhiêu?")
    take_arrivals(outside.account.pk)
    talk = Conversation.objects.get()
    reply(world.editor, talk.pk, "Ba mươi nghìn ạ.")
    Delivery.objects.filter(kind=DeliveryKind.REPLY).update(state="sending", attempts=1)
    outside.asks("Ba mươi nghìn ạ.", remote_id="o1", own=True)
    outside.asks("Mời anh ghé quán.", remote_id="o2", own=True)
    assert take_arrivals(outside.account.pk) == []
    talk.refresh_from_db()
    ours = Message.objects.filter(direction="out").order_by("at", "id")
    assert [m.remote_id for m in ours] == ["o1", "o2"], "the one sent from here is the same, not a second"
    assert talk.owed_since is None


def test_who_is_not_named_by_the_call_is_asked_for_once(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def talk(_account: object, ask: Callable[[Any], Any]) -> Any:
        asked.append("once")
        return async_to_sync(ask)(None)

    monkeypatch.setattr(take_arrivals_module, "talk", talk)
    outside.asks("Alo?", author_id="hoa", author_name="")
    take_arrivals(outside.account.pk)
    outside.asks("Có ai không?", remote_id="m2", author_id="hoa", author_name="")
    take_arrivals(outside.account.pk)
    assert asked == ["once"], "somebody known by name is not asked for again"
    assert Contact.objects.get().name == Conversation.objects.get().contact_name == "Hoa Nguyễn"


def test_a_channel_that_does_not_say_who_it_is_keeps_no_words_out(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(take_arrivals_module, "talk", lambda _account, ask: async_to_sync(ask)(None))
    outside.asks("Alo?", author_id="trouble", author_name="")
    assert [m.text for m in take_arrivals(outside.account.pk)] == ["Alo?"]
    assert Contact.objects.get().name == "trouble"
    outside.asks("Tôi là Minh", remote_id="m2", author_id="trouble", author_name="Minh")
    take_arrivals(outside.account.pk)
    assert Contact.objects.get().name == Conversation.objects.get().contact_name == "Minh"


def test_a_long_id_is_no_name_and_a_name_told_later_takes_its_place(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    openid = "trouble-oN5mB6w0fQ2pXh7aK3c1d"
    monkeypatch.setattr(take_arrivals_module, "talk", lambda _account, ask: async_to_sync(ask)(None))
    outside.asks("Alo?", author_id=openid, author_name="")
    take_arrivals(outside.account.pk)
    assert Contact.objects.get().name == Conversation.objects.get().contact_name == "…aK3c1d"
    outside.asks("Tôi là Minh", remote_id="m2", author_id=openid, author_name="Minh")
    take_arrivals(outside.account.pk)
    assert Contact.objects.get().name == Conversation.objects.get().contact_name == "Minh"
