"""The accounts' own numbers: once a day, never written over, missing never 0, each with what it counts and what changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Reading
from kitestring.connectorkit.errors import GrantExpired, RetryLater
from kitestring.domains.analytics.actions import read_account as action
from kitestring.domains.analytics.models import AccountSample, AccountWatch
from kitestring.domains.analytics.queries.accounts import accounts_due, counted, numbers_of
from kitestring.domains.analytics.rules import account_metric_means, metric_name
from kitestring.domains.channels.models import Account
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from tests.world import World

Move = Callable[[timedelta], None]
Door = Callable[[Member], Client]
CHANNEL = next(s for s, c in registry.connectors().items() if c.account_numbers is not None)
KEY = registry.get(CHANNEL).manifest.account_metrics[0].key


@pytest.fixture
def account(world: World) -> Account:
    return Account.objects.create(
        workspace=world.workspace,
        brand=world.brand,
        channel=CHANNEL,
        remote_id="us",
        handle="us",
        name="Crumb",
    )


def answering(monkeypatch: pytest.MonkeyPatch, *answers: Sequence[Reading] | Exception) -> list[object]:
    """What the channel says, one answer after the other; gives back who was asked."""
    left, asked = list(answers), []

    def talk(of: object, _ask: object) -> Sequence[Reading]:
        asked.append(of)
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(action, "talk", talk)
    return asked


def reading(value: float | None, why: str = "") -> list[Reading]:
    return [Reading("us", KEY, value, "field", now(), why), Reading("us", "invented", 1, "field", now())]


def kept(account: Account, days_ago: int, value: float | None, why: str = "") -> None:
    AccountSample.objects.create(
        account=account, metric=KEY, day=today(account) - timedelta(days=days_ago), value=value, field="f",
        at=now(), why=why,
    )  # fmt: skip


def today(account: Account) -> date:
    return now().astimezone(account.brand.zone).date()


def test_they_are_read_once_a_day_and_never_written_over(
    account: Account, monkeypatch: pytest.MonkeyPatch, move_clock: Move
) -> None:
    asked = answering(monkeypatch, reading(100), reading(120), reading(130))
    assert accounts_due(now()) == [account]
    assert action.read_account(account) == 1
    assert accounts_due(now()) == []
    assert action.read_account(account) == 0
    assert len(asked) == 1
    AccountWatch.objects.update(next_at=now())
    assert action.read_account(account) == 1
    assert list(AccountSample.objects.values_list("value", flat=True)) == [100], "the day's first one stays"
    move_clock(timedelta(days=1, minutes=15))
    assert accounts_due(now()) == [account]
    action.read_account(account)
    assert sorted(AccountSample.objects.values_list("value", flat=True)) == [100, 130]


def test_the_next_reading_is_in_the_brands_next_day(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, reading(1))
    action.read_account(account)
    there = AccountWatch.objects.get().next_at.astimezone(account.brand.zone)
    assert (there.date(), there.hour, there.minute) == (today(account) + timedelta(days=1), 0, 10)


def test_a_channel_in_trouble_is_asked_again_with_nothing_invented(
    account: Account, monkeypatch: pytest.MonkeyPatch, move_clock: Move
) -> None:
    answering(monkeypatch, RetryLater("busy", after=60), reading(5))
    action.read_account(account)
    assert (AccountSample.objects.count(), AccountWatch.objects.get().problem) == (0, "busy")
    move_clock(timedelta(seconds=61))
    action.read_account(account)
    assert (AccountSample.objects.get().value, AccountWatch.objects.get().problem) == (5, "")


def test_a_connector_that_breaks_is_asked_again_and_stops_nobody_else(
    account: Account, monkeypatch: pytest.MonkeyPatch, move_clock: Move, caplog: pytest.LogCaptureFixture
) -> None:
    answering(monkeypatch, KeyError("followers"), reading(5))
    assert action.read_account(account) == 0
    watch = AccountWatch.objects.get()
    assert (AccountSample.objects.count(), watch.problem) == (0, "connector_broke")
    assert "KeyError: 'followers'" in caplog.text
    assert accounts_due(now()) == []
    move_clock(timedelta(minutes=31))
    assert accounts_due(now()) == [account]
    assert action.read_account(account) == 1
    assert AccountWatch.objects.get().problem == ""


def test_an_ended_grant_is_written_down(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, GrantExpired("grant_expired"))
    action.read_account(account)
    account.refresh_from_db()
    assert account.state == "expired"
    assert accounts_due(now() + timedelta(days=2)) == []


def test_changes_are_held_against_a_week_and_a_month_before(account: Account) -> None:
    for days_ago, value in ((0, 130.0), (6, 125.0), (8, 110.0), (20, 105.0), (33, 100.0)):
        kept(account, days_ago, value)
    [number, *_] = numbers_of([account], today(account))[account.pk]
    assert (number.value, number.week, number.month) == (130, 110, 100)
    assert [value for _day, value in number.points] == [100, 105, 110, 125, 130]


def test_a_younger_or_a_much_older_reading_is_no_week_ago(account: Account) -> None:
    kept(account, 0, 130)
    kept(account, 6, 125)
    kept(account, 12, 120)
    [number, *_] = numbers_of([account], today(account))[account.pk]
    assert (number.week, number.month) == (None, None)


def test_the_pages_show_them_with_change_and_meaning(account: Account, world: World, door: Door) -> None:
    for days_ago, value in ((0, 12130.0), (7, 12100.0), (30, 12500.0)):
        kept(account, days_ago, value)
    here = door(world.analyst)
    part = here.get(f"/accounts/{account.pk}/numbers/").content.decode()
    for words in ("12,130", "+30", "−370", metric_name(KEY), account_metric_means(KEY), "<path"):
        assert words in part
    assert (
        f"/accounts/{account.pk}/numbers/"
        in here.get(reverse("channels:account", args=[account.pk])).content.decode()
    )
    beside = here.get("/results/accounts/").content.decode()
    assert "12,130" in beside
    sheet = b"".join(here.get("/results/accounts.csv").streaming_content).decode()
    assert sheet.count("12130") == 1
    assert len(sheet.strip().splitlines()) == 4


def test_missing_is_said_and_never_a_zero(account: Account, world: World, door: Door) -> None:
    kept(account, 0, None)
    part = door(world.analyst).get(f"/accounts/{account.pk}/numbers/").content.decode()
    assert "not given by the channel" in part
    assert "<b>0</b>" not in part
    assert part.count("not read yet") == len(counted(account)) - 1


def test_a_real_zero_is_one(account: Account, world: World, door: Door) -> None:
    kept(account, 0, 0)
    assert "<b>0</b>" in door(world.analyst).get(f"/accounts/{account.pk}/numbers/").content.decode()


def test_a_channel_without_numbers_of_the_account_shows_none(
    account: Account, world: World, door: Door
) -> None:
    without = next(s for s, c in registry.connectors().items() if c.account_numbers is None)
    Account.objects.update(channel=without)
    assert accounts_due(now()) == []
    assert "<table" not in door(world.analyst).get(f"/accounts/{account.pk}/numbers/").content.decode()


def test_another_workspace_sees_nothing(account: Account, stranger: World, door: Door) -> None:
    kept(account, 0, 5)
    here: Any = door(stranger.owner)
    assert here.get(f"/accounts/{account.pk}/numbers/").status_code == 404
    assert "Crumb" not in here.get("/results/accounts/").content.decode()


def test_every_number_that_a_channel_states_has_a_name_and_a_meaning() -> None:
    stated = {f.key for c in registry.connectors().values() for f in c.manifest.account_metrics}
    assert stated
    assert [key for key in stated if metric_name(key) == key or not account_metric_means(key)] == []
