"""A demo workspace calls its sandbox and nobody else, however the instance was started and whatever a person types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kitestring.connectorkit.errors import RetryLater
from kitestring.domains.channels.actions.renew import renew
from kitestring.domains.channels.models import Account, AccountState, StoredGrant
from kitestring.domains.channels.sessions import talk
from kitestring.domains.channels.tests.cage import KEY, Cage
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from tests.world import World

Door = Callable[[Member], Client]
PATH = "/settings/accounts/add/parrot/"


@pytest.fixture
def demo(world: World) -> World:
    world.workspace.is_demo = True
    world.workspace.save()
    return world


def connect(world: World, door: Door, cage: Cage) -> str:
    typed = {"cage": cage.address, "key": KEY, "size": "small"}
    return door(world.manager).post(PATH, typed).content.decode()


async def ask(session: Any) -> str:
    await session.http.request("GET", session.urls["api"] + "/who")
    return str(session.urls["api"])


def sandbox_is(settings: Any, *addresses: str) -> None:
    settings.DEMO = settings.ALLOW_LOOPBACK = True
    settings.CHANNEL_URLS = {"parrot": {str(number): url for number, url in enumerate(addresses)}}


def test_a_typed_server_is_not_called(demo: World, door: Door, cage: Cage, settings: Any) -> None:
    sandbox_is(settings, "http://127.0.0.1:1")
    page = connect(demo, door, cage)
    assert "only its sandbox. Nothing was sent. Type the sandbox’s address: http://127.0.0.1:1" in page
    assert cage.calls == []
    assert not Account.objects.exists()


def test_the_sandbox_is_called(demo: World, door: Door, cage: Cage, settings: Any) -> None:
    sandbox_is(settings, cage.address)
    connect(demo, door, cage)
    assert talk(Account.objects.get(), ask) == cage.address
    assert len(cage.calls) > 1


@pytest.mark.parametrize(
    "started", ["without its sandbox", "with addresses but no demo", "with a real address"]
)
def test_started_otherwise_nobody_is_called(
    demo: World, door: Door, cage: Cage, settings: Any, started: str
) -> None:
    sandbox_is(settings, cage.address)
    connect(demo, door, cage)
    if started == "without its sandbox":
        settings.DEMO, settings.CHANNEL_URLS = False, {}
    elif started == "with addresses but no demo":
        settings.DEMO = False
    else:
        sandbox_is(settings, "https://parrots.example")
    cage.calls.clear()
    account = Account.objects.get()
    with pytest.raises(RetryLater) as refused:
        talk(account, ask)
    assert refused.value.reason == "demo_only"
    StoredGrant.objects.update(expires_at=now())
    assert renew(account.pk) == "later"
    assert cage.calls == []
    account.refresh_from_db()
    assert account.state == AccountState.CONNECTED, "it goes on when the sandbox is there again"


def test_the_manifests_other_hosts_are_closed_too(
    demo: World, door: Door, cage: Cage, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox_is(settings, cage.address)
    connect(demo, door, cage)
    found: list[tuple[str, ...]] = []

    async def hosts(session: Any) -> None:
        found.append(tuple(session.http.allowed))

    talk(Account.objects.get(), hosts)
    assert found == [(cage.address.removeprefix("http://"),)]


def test_other_workspaces_call_as_ever(world: World, door: Door, cage: Cage) -> None:
    connect(world, door, cage)
    assert talk(Account.objects.get(), ask) == cage.address


def test_the_form_begins_with_the_sandbox_and_names_it_where_another_address_was_typed(
    demo: World, door: Door, cage: Cage, settings: Any
) -> None:
    sandbox_is(settings, cage.address)
    shown = door(demo.owner).get(PATH).content.decode()
    assert f'value="{cage.address}"' in shown
    refused = door(demo.owner).post(PATH, {"cage": "https://parrots.example", "key": KEY, "size": "small"})
    assert refused.status_code == 422
    said = refused.content.decode()
    assert f"Type the sandbox’s address: {cage.address}" in said
    assert "Nothing was saved" in said
    assert 'value="https://parrots.example"' in said, "what was typed stands there"
    assert cage.calls == []
