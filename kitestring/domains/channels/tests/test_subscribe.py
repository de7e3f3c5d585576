"""A channel that can be told to call us is told by itself, and the account's page says whether it does; it ends nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.test import Client

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.manifest import HookFacts
from kitestring.connectorkit.powers import Subscribing
from kitestring.connectorkit.registry import Connector
from kitestring.domains.channels.actions import change_account
from kitestring.domains.channels.actions.examine import examine
from kitestring.domains.channels.actions.open_app_hook import open_app_hook
from kitestring.domains.channels.actions.open_hook import close_hook, open_hook
from kitestring.domains.channels.actions.subscribe import public, subscribe
from kitestring.domains.channels.models import Hook, Subscription
from kitestring.domains.channels.tests.roost import Roost
from kitestring.domains.channels.tests.test_agree import connected, page_of
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock
from tests.world import World

Door = Callable[[Member], Client]


@dataclass
class Ears:
    """What the channel was told; `answer`: what it raises."""

    told: list[str] = field(default_factory=list)
    answer: Exception | None = None

    async def subscribe(self, session: Session, address: str) -> None:
        self.told.append(address)
        if self.answer is not None:
            raise self.answer


@dataclass(frozen=True)
class Calling(Connector):
    ears: Any = None

    @property
    def subscribing(self) -> Subscribing | None:
        return cast(Subscribing, SimpleNamespace(subscribe=self.ears.subscribe))

    @property
    def hooks(self) -> Any:
        return SimpleNamespace()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The accounts for which the worker was asked to tell the channel."""
    found: list[str] = []
    for place in ("open_hook", "open_app_hook", "subscribe"):
        monkeypatch.setattr(
            f"kitestring.domains.channels.actions.{place}.enqueue",
            lambda task, **args: found.append(args["account_id"]) if task == "channels.subscribe" else None,
        )
    return found


@pytest.fixture
def ears(roost: Roost, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Ears:
    settings.PUBLIC_URL = "https://kite.example"
    return install(monkeypatch, "account")


def install(monkeypatch: pytest.MonkeyPatch, of: str) -> Ears:
    more = {"signed_with": ["client_secret"], "rings": ["comment"]} if of == "app" else {}
    facts = HookFacts.model_validate(
        {"steps": [], "of": of, "source": "a test", "checked_on": "2026-11-30", **more}
    )
    owl, found = registry.connectors()["owl"], Ears()
    calling = Calling(owl.manifest.model_copy(update={"hooks": facts}), owl.package, owl.folder, ears=found)
    monkeypatch.setattr(registry, "connectors", lambda: {"owl": calling})
    return found


def test_connecting_makes_the_address_and_tells_it(
    world: World, door: Door, roost: Roost, ears: Ears, asked: list[str]
) -> None:
    owl = connected(door(world.manager), roost)
    assert Hook.objects.filter(account=owl).count() == 1
    assert asked == [str(owl.pk)]
    assert "It was not told to yet" in page_of(door(world.manager), owl)
    subscribe(owl.pk)
    [address] = ears.told
    assert address.startswith("https://kite.example/hooks/owl/")
    assert "Tells us at once when somebody writes: yes, since" in page_of(door(world.manager), owl)


def test_a_server_at_home_calls_nobody_and_says_so(
    world: World, door: Door, roost: Roost, ears: Ears, asked: list[str], settings: Any
) -> None:
    settings.PUBLIC_URL = "http://127.0.0.1:8420"
    owl = connected(door(world.manager), roost)
    assert not Hook.objects.exists()
    open_hook(world.owner, owl.pk)
    subscribe(owl.pk)
    assert ears.told == []
    assert "This server has no public https address" in page_of(door(world.manager), owl)


@pytest.mark.parametrize("answer", [Rejected("", "molting"), GrantExpired("molting")])
def test_a_refusal_is_said_and_ends_nothing(
    world: World, door: Door, roost: Roost, ears: Ears, asked: list[str], answer: Exception
) -> None:
    owl, ears.answer = connected(door(world.manager), roost), answer
    subscribe(owl.pk)
    owl.refresh_from_db()
    assert owl.state == "connected"
    assert "Tells us at once when somebody writes: no. Owl is molting" in page_of(door(world.manager), owl)


def test_a_silent_channel_leaves_what_was_known(
    world: World, door: Door, roost: Roost, ears: Ears, asked: list[str]
) -> None:
    owl = connected(door(world.manager), roost)
    subscribe(owl.pk)
    since = Subscription.objects.get().since
    ears.answer = RetryLater("busy")
    subscribe(owl.pk)
    assert Subscription.objects.get().since == since
    Subscription.objects.all().delete()
    subscribe(owl.pk)
    assert (Subscription.objects.get().since, Subscription.objects.get().reason) == (None, "busy")


def test_since_is_of_this_address_and_each_look_at_the_health_asks(
    world: World, door: Door, roost: Roost, ears: Ears, asked: list[str]
) -> None:
    owl = connected(door(world.manager), roost)
    examine(owl.pk)
    since = Subscription.objects.get().since
    examine(owl.pk)
    assert len(ears.told) == 2
    assert Subscription.objects.get().since == since
    open_hook(world.owner, owl.pk)
    assert asked == [str(owl.pk)] * 2
    subscribe(owl.pk)
    after = Subscription.objects.get().since
    assert after is not None
    assert since is not None
    assert since < after <= clock.now()
    assert ears.told[2] != ears.told[1]


def test_a_closed_address_and_a_disconnected_account_are_told_of_nobody(
    world: World, door: Door, roost: Roost, ears: Ears, asked: list[str]
) -> None:
    owl = connected(door(world.manager), roost)
    subscribe(owl.pk)
    close_hook(world.owner, owl.pk)
    assert "It was not told to yet" in page_of(door(world.manager), owl)
    subscribe(owl.pk)
    assert not Subscription.objects.exists()
    open_hook(world.owner, owl.pk)
    change_account.disconnect(world.owner, owl.pk)
    subscribe(owl.pk)
    assert len(ears.told) == 1


def test_an_apps_address_is_told_for_each_of_its_accounts(
    world: World, door: Door, roost: Roost, monkeypatch: pytest.MonkeyPatch, asked: list[str], settings: Any
) -> None:
    settings.PUBLIC_URL = "https://kite.example"
    ears = install(monkeypatch, "app")
    owl = connected(door(world.manager), roost)
    subscribe(owl.pk)  # asked for at connecting, when the app has no address
    assert (asked, ears.told) == ([str(owl.pk)], [])
    open_app_hook(world.owner, "forest", "owl")
    assert asked == [str(owl.pk)] * 2
    subscribe(owl.pk)
    assert ears.told[0].startswith("https://kite.example/hooks/owl/app/")


@pytest.mark.parametrize(
    ("address", "yes"),
    [
        ("https://kite.example/hooks", True),
        ("https://8.8.8.8/hooks", True),
        ("http://kite.example", False),
        ("https://localhost/x", False),
        ("https://kite.local/x", False),
        ("https://192.168.1.5/x", False),
        ("https://[::1]/x", False),
    ],
)
def test_what_a_channel_could_call(address: str, yes: bool) -> None:
    assert public(address) is yes
