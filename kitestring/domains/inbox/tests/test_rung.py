"""A bell: the account's channel is asked now, once for many bells, and where each post costs a call only about what was named."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import IncomingPage
from kitestring.connectorkit.facts import Asking
from kitestring.connectorkit.registry import Connector
from kitestring.domains.inbox import tasks
from kitestring.domains.inbox.actions import collect as action
from kitestring.domains.inbox.rules import REST, next_slot, rest_of
from kitestring.kit.clock import now

BY_POST = Asking(every=300, by_post=True, source="a test", checked_on="2026-11-21")


def jobs() -> list[Any]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name=tasks.COLLECT).order_by("id")]


def change(street: Any, monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    was = registry.get(street.account.channel)
    made = Connector(was.manifest.model_copy(update=changes), was.package, was.folder)
    monkeypatch.setitem(registry.connectors(), street.account.channel, made)


def test_many_bells_in_a_moment_are_one_question_and_soon(street: Any) -> None:
    for _ in range(20):
        tasks.words_announced(str(street.account.pk), ["post"])
    (job,) = ProcrastinateJob.objects.filter(task_name=tasks.COLLECT)
    assert job.args == {"account_id": str(street.account.pk)}
    assert job.scheduled_at <= now() + timedelta(
        seconds=rest_of(registry.get(street.account.channel).manifest.asking)
    )


def test_a_slot_is_never_over_and_never_far() -> None:
    moment = now()
    for seconds in range(50):
        at = moment + timedelta(seconds=seconds / 7)
        assert timedelta(0) <= next_slot(at, REST) - at <= timedelta(seconds=REST)


def test_a_question_about_every_post_is_asked_less_often_than_one_about_one() -> None:
    every = BY_POST.model_copy(update={"by_post": False})
    assert (rest_of(BY_POST), rest_of(None), rest_of(every)) == (REST, REST, 30.0)


def test_where_each_post_costs_a_call_only_those_named_are_asked_about(
    street: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(street, monkeypatch, asking=BY_POST)
    for posts in (["post", "another"], ["post"], []):
        tasks.words_announced(str(street.account.pk), posts)
    assert [args["posts"] for args in jobs()] == [["post"], ["another"], []]


@pytest.mark.parametrize("why", ["paused", "ended", "archived", "nobody"])
def test_who_is_not_asked_in_the_round_is_not_asked_for_a_bell(street: Any, why: str) -> None:
    account = street.account
    if why == "paused":
        type(account).objects.update(paused_at=now())
    elif why == "ended":
        type(account).objects.update(state="expired")
    elif why == "archived":
        type(account.brand).objects.update(archived_at=now())
    tasks.words_announced("018f0000-0000-7000-8000-000000000000" if why == "nobody" else str(account.pk))
    assert jobs() == []


class Asked:
    """The channel: about which posts it was asked, each time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.posts: list[list[str]] = []
        monkeypatch.setattr(action, "talk", self._talk)

    def _talk(self, _account: object, ask: Any) -> IncomingPage:
        names = ask.__code__.co_freevars
        told = dict(zip(names, (cell.cell_contents for cell in ask.__closure__), strict=True))
        self.posts.append(list(told["deliveries"]))
        return IncomingPage([], "")


def test_a_named_post_of_ours_is_asked_about_and_the_round_keeps_its_turn(
    street: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Asked(monkeypatch)
    change(street, monkeypatch, message=None, capabilities=())
    tasks.collect_account(str(street.account.pk), ["post"])
    tasks.collect_account(str(street.account.pk), ["not ours"])
    assert there.posts == [["post"]], "a post that is not ours costs no call"
    street.account.refresh_from_db()
    assert street.account.inbox_asked_at is None
    tasks.collect_account(str(street.account.pk), [])
    assert there.posts == [["post"]], "nothing stands under no post there"


def test_what_stands_under_no_post_is_asked_for_alone(street: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    there = Asked(monkeypatch)
    change(street, monkeypatch, capabilities=("mentions",))
    tasks.collect_account(str(street.account.pk), [])
    assert there.posts == [[]]
