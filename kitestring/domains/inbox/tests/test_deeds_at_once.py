"""A deed that is written down while people press: neither waits for the other for ever, and no press is lost."""

from __future__ import annotations

from contextlib import suppress
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connections

from kitestring.domains.inbox.actions import ask_deed as asking_for
from kitestring.domains.inbox.actions import do_deed as doing
from kitestring.domains.inbox.actions.ask_deed import ask_deed
from kitestring.domains.inbox.actions.set_aside import set_aside
from kitestring.domains.inbox.models import Conversation
from kitestring.domains.inbox.tests.test_deeds import Channel, channel, one
from kitestring.kit.refusals import Conflict
from tests.world import World

__all__ = ["channel"]


def beside(errors: list[Exception], do: Any, *of: Any) -> Thread:
    """Run it with a connection of its own; what it raises is kept."""

    def run() -> None:
        try:
            do(*of)
        except Exception as error:  # noqa: BLE001 - a thread's own is told to nobody else
            errors.append(error)
        finally:
            connections.close_all()

    made = Thread(target=run)
    made.start()
    return made


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_while_the_worker_writes(
    street: Any, world: World, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = one(street)
    deed = ask_deed(world.editor, message.pk, "hide")
    written, held = Event(), Event()
    errors: list[Exception] = []
    read, opened = doing.message_at_work, asking_for.open_deed

    def slowly(key: Any) -> Any:
        written.set()
        held.wait(3)
        return read(key)

    def holding(*of: Any) -> Any:
        held.set()
        return opened(*of)

    monkeypatch.setattr(doing, "message_at_work", slowly)
    monkeypatch.setattr(asking_for, "open_deed", holding)
    worker = beside(errors, doing.do_deed, deed.pk)
    assert written.wait(10)
    with suppress(Conflict):  # the worker was first: it is hidden already
        assert ask_deed(world.editor, message.pk, "hide") == deed
    worker.join(20)
    deed.refresh_from_db()
    assert (errors, deed.state) == ([], "done")


@pytest.mark.django_db(transaction=True)
def test_set_aside_while_the_worker_writes(
    street: Any, world: World, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = one(street)
    deed = ask_deed(world.editor, message.pk, "like")
    errors: list[Exception] = []
    presses: list[Thread] = []
    read = doing.message_at_work

    def then_pressed(key: Any) -> Any:
        found = read(key)
        presses.append(beside(errors, set_aside, world.editor, message.conversation_id))
        presses[0].join(1)  # where nothing is held it is through by now
        return found

    monkeypatch.setattr(doing, "message_at_work", then_pressed)
    doing.do_deed(deed.pk)
    presses[0].join(20)
    there = Conversation.objects.get(pk=message.conversation_id)
    message.refresh_from_db()
    assert (errors, message.liked) == ([], True)
    assert there.owed_since is None
    assert there.closed_at is not None
