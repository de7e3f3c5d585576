"""Deeds on somebody's words: asked once, done once or more without harm, kept through a death, honest about what came of it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from kitestring.connectorkit import registry
from kitestring.connectorkit.errors import Ambiguous, ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.domains.channels.models import Account
from kitestring.domains.inbox.actions.ask_deed import ask_deed
from kitestring.domains.inbox.actions.do_deed import _claim, do_deed
from kitestring.domains.inbox.models import Deed, Message
from kitestring.domains.inbox.queries import conversation_of
from kitestring.domains.inbox.queries.deeds import deeds_on, waiting_deeds
from kitestring.domains.inbox.tasks import ask_everybody, deed_asked
from kitestring.domains.publishing.actions import asking
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from kitestring.kit.refusals import Conflict, Refusal
from tests.world import World

Door = Callable[[Member], Client]
HX = {"HX-Request": "true"}
ALL = {"hide", "like", "remove"}
CHANNEL = next(s for s, c in registry.connectors().items() if set(c.deeds()) >= ALL and c.can("inbox"))
LETS_THROUGH = next(s for s, c in registry.connectors().items() if "approve" in c.deeds())


class Channel:
    """What the channel is asked for, and what it answers: an error, or the next of several."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.answers: list[ConnectorError] = []

    def talk(self, account: Account, call: Callable[[Any], Coroutine[Any, Any, Any]]) -> None:
        """As `sessions.talk`, but that the call itself is only looked at."""
        waiting = call(None)
        self.calls.append(tuple(waiting.cr_frame.f_locals.values())[1:])
        waiting.close()
        if self.answers:
            raise self.answers.pop(0)


@pytest.fixture
def channel(street: Any, monkeypatch: pytest.MonkeyPatch) -> Channel:
    Account.objects.filter(pk=street.account.pk).update(channel=CHANNEL)
    street.account.refresh_from_db()
    found = Channel()
    monkeypatch.setattr(asking, "talk", found.talk)
    return found


def one(street: Any, **more: Any) -> Message:
    said: list[Message] = street.comes("Buy cheap watches here", **more)
    return said[0]


def wakings() -> list[str]:
    return [
        job.args["deed"] for job in ProcrastinateJob.objects.filter(task_name="inbox.deed", status="todo")
    ]


def test_a_wish_is_one_however_often_it_is_uttered(street: Any, world: World, channel: Channel) -> None:
    message = one(street)
    first = ask_deed(world.editor, message.pk, "hide")
    assert ask_deed(world.owner, message.pk, "hide") == first
    assert wakings() == [str(first.pk)]
    do_deed(first.pk)
    do_deed(first.pk)
    message.refresh_from_db()
    assert (message.hidden, channel.calls) == (True, [(message.remote_id, True)])
    assert list(AuditEntry.objects.order_by("at", "id").values_list("verb", flat=True)) == [
        "inbox.hide",
        "inbox.deed",
    ]
    with pytest.raises(Conflict):
        ask_deed(world.editor, message.pk, "hide")


def test_what_was_hidden_is_shown_again(street: Any, world: World, channel: Channel) -> None:
    message = one(street, hidden=True)
    do_deed(ask_deed(world.editor, message.pk, "hide", on=False).pk)
    message.refresh_from_db()
    assert not message.hidden
    assert channel.calls == [(message.remote_id, False)]


def test_what_somebody_hid_is_owed_no_answer_until_it_is_shown_again(
    street: Any, world: World, channel: Channel
) -> None:
    message = one(street)
    do_deed(ask_deed(world.editor, message.pk, "hide").pk)
    talk = conversation_of(message.conversation_id)
    assert talk.owed_since is None
    do_deed(ask_deed(world.editor, message.pk, "hide", on=False).pk)
    talk.refresh_from_db()
    assert talk.owed_since == message.at


def test_what_came_hidden_may_be_a_question(street: Any, channel: Channel) -> None:
    message = one(street, hidden=True)
    assert conversation_of(message.conversation_id).owed_since == message.at


def test_the_contrary_of_what_nobody_is_at_takes_it_back(street: Any, world: World, channel: Channel) -> None:
    message = one(street)
    first = ask_deed(world.editor, message.pk, "like")
    assert ask_deed(world.editor, message.pk, "like", on=False).pk == first.pk
    first.refresh_from_db()
    assert first.state == "dropped"
    do_deed(first.pk)
    assert channel.calls == []


def test_the_contrary_of_what_was_tried_is_told_to_the_channel(
    street: Any, world: World, channel: Channel
) -> None:
    message = one(street)
    first = ask_deed(world.editor, message.pk, "like")
    channel.answers.append(Ambiguous("no_answer"))
    do_deed(first.pk)
    second = ask_deed(world.editor, message.pk, "like", on=False)
    assert second.pk != first.pk
    do_deed(second.pk)
    message.refresh_from_db()
    assert (message.liked, [call[1] for call in channel.calls]) == (False, [True, False])


def test_while_the_channel_is_being_told_its_contrary_waits(
    street: Any, world: World, channel: Channel
) -> None:
    deed = ask_deed(world.editor, one(street).pk, "hide")
    assert _claim(deed.pk, uuid7()) == 1
    with pytest.raises(Conflict):
        ask_deed(world.editor, deed.message_id, "hide", on=False)


def test_a_dead_worker_and_an_emptied_queue_lose_nothing(
    street: Any, world: World, channel: Channel, move_clock: Callable[[timedelta], None]
) -> None:
    deed = ask_deed(world.editor, one(street).pk, "remove")
    ProcrastinateJob.objects.all().delete()
    assert _claim(deed.pk, uuid7()) == 1
    do_deed(deed.pk)
    assert (channel.calls, waiting_deeds()) == ([], [])
    move_clock(timedelta(seconds=121))
    ask_everybody(0)
    assert wakings() == [str(deed.pk)]
    deed_asked(str(deed.pk))
    deed.refresh_from_db()
    assert (deed.state, deed.tries, len(channel.calls)) == ("done", 2, 1)


def test_who_lost_the_lease_writes_nothing(
    street: Any, world: World, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    deed = ask_deed(world.editor, one(street).pk, "hide")

    def late(account: object, call: object) -> None:
        Deed.objects.filter(pk=deed.pk).update(owner=uuid7())

    monkeypatch.setattr(asking, "talk", late)
    do_deed(deed.pk)
    deed.refresh_from_db()
    assert deed.state == "under_way"
    assert not Message.objects.get().hidden


@pytest.mark.parametrize(
    "trouble", [RetryLater("not_reached"), Ambiguous("broken"), RetryLater("busy", after=40)]
)
def test_trouble_is_tried_again_for_an_hour_and_then_told(
    street: Any, world: World, channel: Channel, move_clock: Callable[[timedelta], None], trouble: Any
) -> None:
    deed = ask_deed(world.editor, one(street).pk, "hide")
    channel.answers = [trouble] * 9
    do_deed(deed.pk)
    deed.refresh_from_db()
    assert (deed.state, deed.reason) == ("asked", trouble.reason)
    do_deed(deed.pk)
    assert len(channel.calls) == 1, "not before its wait is over"
    move_clock(timedelta(hours=2))
    do_deed(deed.pk)
    deed.refresh_from_db()
    assert (deed.state, len(channel.calls)) == ("refused", 2)


def test_a_no_is_final_with_the_channels_words(
    street: Any, world: World, channel: Channel, door: Door
) -> None:
    deed = ask_deed(world.editor, one(street).pk, "hide")
    channel.answers.append(Rejected("", "refused", said="(#200) not allowed"))
    do_deed(deed.pk)
    page = door(world.editor).get(f"/inbox/{street.talk().pk}/").content.decode()
    for words in ("Not hidden", "nothing was done", "(#200) not allowed"):
        assert words in page
    again = door(world.editor).post(f"/inbox/message/{deed.message_id}/hide/on/", headers=HX).content.decode()
    assert "Hiding" in again
    assert "every 3s" in again


@pytest.mark.parametrize("reason", ["gone", "not_there"])
def test_what_is_gone_there_is_kept_and_owed_nothing(
    street: Any, world: World, channel: Channel, door: Door, reason: str
) -> None:
    deed = ask_deed(world.editor, one(street).pk, "hide")
    channel.answers.append(Rejected("", reason))
    do_deed(deed.pk)
    page = door(world.editor).get(f"/inbox/{street.talk().pk}/").content.decode()
    assert "Its words are kept here" in page
    assert "/hide/on/" not in page
    assert street.talk().owed_since is None


def test_an_ended_grant_is_written_down_and_its_cure_offered(
    street: Any, world: World, channel: Channel, door: Door
) -> None:
    deed = ask_deed(world.editor, one(street).pk, "like")
    channel.answers.append(GrantExpired("grant_expired"))
    do_deed(deed.pk)
    assert Account.objects.get().state == "expired"
    page = door(world.owner).get(f"/inbox/{street.talk().pk}/").content.decode()
    assert "Connect again" in page.split('class="by deed"')[1].split("boxnote")[0]
    assert "/like/on/" not in page


def test_whoever_may_not_do_it_any_more_does_not(street: Any, world: World, channel: Channel) -> None:
    deed = ask_deed(world.editor, one(street).pk, "hide")
    Member.objects.filter(pk=world.editor.pk).update(role="analyst")
    do_deed(deed.pk)
    deed.refresh_from_db()
    assert (deed.state, deed.reason, channel.calls) == ("refused", "asker_may_not", [])


def test_removed_words_are_kept_and_owe_no_answer(
    street: Any, world: World, channel: Channel, door: Door
) -> None:
    message = one(street)
    here = door(world.editor)
    assert street.talk().owed_since is not None
    asked = here.get(f"/inbox/message/{message.pk}/remove/", headers=HX).content.decode()
    assert "Its words stay here" in asked
    assert not Deed.objects.exists()
    here.post(f"/inbox/message/{message.pk}/remove/on/", headers=HX)
    do_deed(Deed.objects.get().pk)
    page = here.get(f"/inbox/{street.talk().pk}/").content.decode()
    assert "Buy cheap watches here" in page
    assert "Removed by Minh Quân" in page
    assert "/hide/on/" not in page
    assert street.talk().owed_since is None


def test_held_words_can_be_let_through(street: Any, world: World, channel: Channel, door: Door) -> None:
    Account.objects.filter(pk=street.account.pk).update(channel=LETS_THROUGH)
    street.account.refresh_from_db()
    held = one(street, awaits_moderation=True)
    open_ = one(street, who="binh")
    here = door(world.editor)
    assert (
        f"/inbox/message/{held.pk}/approve/on/"
        in here.get(f"/inbox/{held.conversation_id}/").content.decode()
    )
    assert "/approve/on/" not in here.get(f"/inbox/{open_.conversation_id}/").content.decode()
    do_deed(ask_deed(world.editor, held.pk, "approve").pk)
    held.refresh_from_db()
    assert not held.awaits_moderation


@pytest.mark.parametrize("role", ["approver", "analyst"])
def test_who_only_reads_has_no_buttons(
    street: Any, world: World, channel: Channel, door: Door, role: str
) -> None:
    message, here = one(street), door(getattr(world, role))
    assert "/hide/on/" not in here.get(f"/inbox/{street.talk().pk}/").content.decode()
    assert here.post(f"/inbox/message/{message.pk}/hide/on/").status_code == 403
    with pytest.raises(Refusal):
        ask_deed(getattr(world, role), message.pk, "hide")


def test_only_what_the_channel_the_type_and_the_grant_allow(
    street: Any, world: World, channel: Channel
) -> None:
    account = street.account
    assert set(deeds_on(account, "comment")) == ALL
    assert deeds_on(account, "message") == ()
    account.capabilities = {"moderation": "engagement_declined"}
    assert deeds_on(account, "comment") == ()
    account.capabilities, account.state = {}, "expired"
    assert deeds_on(account, "comment") == ()
    typed = [
        (slug, kind)
        for slug, c in registry.connectors().items()
        for kind in c.manifest.account_types
        if "remove" in kind.cannot and "remove" in c.deeds()
    ]
    assert typed
    for slug, kind in typed:
        account.channel, account.account_type, account.state = slug, kind.key, "connected"
        assert "remove" not in deeds_on(account, "comment")


def test_nothing_is_asked_of_a_channel_without_the_power(street: Any, world: World, door: Door) -> None:
    without = next(s for s, c in registry.connectors().items() if c.can("inbox") and not c.deeds())
    Account.objects.filter(pk=street.account.pk).update(channel=without)
    street.account.refresh_from_db()
    message = one(street)
    assert "/hide/on/" not in door(world.editor).get(f"/inbox/{street.talk().pk}/").content.decode()
    refused = door(world.editor).post(f"/inbox/message/{message.pk}/hide/on/", headers=HX)
    assert (refused.status_code, Deed.objects.count()) == (422, 0)
    assert "cannot be done from here" in refused.content.decode()


def test_where_no_answer_is_taken_the_way_there_is_shown(
    street: Any, world: World, channel: Channel, door: Door
) -> None:
    street.comes("Open?", can_reply=False, url="https://channel.example/c/1")
    page = door(world.editor).get(f"/inbox/{street.talk().pk}/").content.decode()
    assert "answer by hand" in page
    assert 'href="https://channel.example/c/1"' in page.split("boxnote")[1]


@pytest.mark.django_db(transaction=True)
def test_a_deed_is_done_where_no_transaction_is_open_around_the_page(
    street: Any, world: World, channel: Channel, door: Door
) -> None:
    message = one(street)
    door(world.editor).post(f"/inbox/message/{message.pk}/hide/on/")
    do_deed(Deed.objects.get().pk)
    message.refresh_from_db()
    assert message.hidden


@pytest.mark.parametrize("place", ["workspace", "brand", "account"])
@pytest.mark.parametrize(("slug", "kind", "goes"), [
    (CHANNEL, "like", False), (LETS_THROUGH, "approve", False), (CHANNEL, "hide", True), (CHANNEL, "remove", True),
])  # fmt: skip
def test_a_pause_stops_favours_and_not_what_protects(
    street: Any, world: World, channel: Channel, door: Door, place: str, slug: str, kind: str, goes: bool
) -> None:
    Account.objects.filter(pk=street.account.pk).update(channel=slug)
    street.account.refresh_from_db()
    message = one(street, awaits_moderation=True)
    row = {"workspace": world.workspace, "brand": world.brand, "account": street.account}[place]
    row.paused_at = now()
    row.save(update_fields=["paused_at"])
    deed = ask_deed(world.editor, message.pk, kind)
    assert waiting_deeds() == ([deed.pk] if goes else [])
    page = door(world.editor).get(f"/inbox/{street.talk().pk}/").content.decode()
    assert ("paused: it is done once that is resumed" in page) is not goes
    do_deed(deed.pk)
    assert len(channel.calls) == (1 if goes else 0)
    row.paused_at = None
    row.save(update_fields=["paused_at"])
    do_deed(deed.pk)
    deed.refresh_from_db()
    assert (deed.state, len(channel.calls)) == ("done", 1)
