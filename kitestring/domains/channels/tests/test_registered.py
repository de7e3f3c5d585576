"""A server that registers our app itself: what it gave is kept sealed, one for each server, and used again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kitestring.connectorkit import manifest, registry
from kitestring.connectorkit.registry import Connector
from kitestring.domains.channels.actions.connect_link import secret_of
from kitestring.domains.channels.actions.renew import check_account
from kitestring.domains.channels.models import Account, AppKey, ConnectLink, StoredGrant
from kitestring.domains.channels.sessions import APP, open_grant, rotate_keys
from kitestring.domains.channels.tests.roost import Roost
from kitestring.domains.workspaces.models import Member
from tests.world import World

Door = Callable[[Member], Client]
ADD, BACK = "/settings/accounts/add/heron/", "/settings/accounts/back/"
OAK, ELM = "https://oak.example", "https://elm.example"


@pytest.fixture
def tree(roost: Roost, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Roost:
    here = Path(__file__).parent / "heron"
    heron = Connector(manifest.load(here), f"{__package__}.heron", here)
    monkeypatch.setattr(registry, "connectors", lambda: {"heron": heron})
    settings.CHANNEL_URLS = {"heron": {"api": roost.address}}
    return roost


def set_out(client: Client, tree: str = OAK, path: str = ADD) -> str:
    answer = client.post(path, {"way": "nest", "tree": tree}, headers={"HX-Request": "true"})
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    return str(answer["HX-Redirect"])


def numbers() -> list[str]:
    return [str(open_grant(one).secrets["by"]) for one in StoredGrant.objects.order_by("account__remote_id")]


def test_nothing_is_typed_in_and_one_server_registers_once(world: World, door: Door, tree: Roost) -> None:
    client = door(world.manager)
    page = client.get(f"{ADD}?way=nest").content.decode()
    assert 'name="tree"' in page
    assert "/settings/accounts/apps/" not in page.partition('id="connect"')[2]
    client.get(BACK, tree.agree(set_out(client), "ada"))
    client.get(BACK, tree.agree(set_out(client, f"{OAK}/"), "bob"))
    client.get(BACK, tree.agree(set_out(client, ELM), "cy"))
    ada, bob, cy = numbers()
    assert ada == bob != cy
    assert AppKey.objects.count() == 2
    assert not any(ada in kept.sealed for kept in AppKey.objects.all())


def test_the_app_travels_with_the_grant_and_turns_with_the_keys(
    world: World, door: Door, tree: Roost
) -> None:
    client = door(world.manager)
    client.get(BACK, tree.agree(set_out(client), "ada"))
    [number] = numbers()
    assert open_grant(StoredGrant.objects.get()).secrets[APP]["number"] == number
    rotate_keys()
    check_account(world.manager, Account.objects.get().pk)
    assert numbers() == [f"{number}, again"]
    again = f"/settings/accounts/{Account.objects.get().pk}/reconnect/"
    client.get(BACK, tree.agree(set_out(client, path=again), "ada"))
    assert numbers() == [number]


def test_two_that_set_out_at_once_each_come_back_by_their_own(world: World, door: Door, tree: Roost) -> None:
    client = door(world.manager)
    first = set_out(client)
    AppKey.objects.all().delete()  # as if the second had begun before the first was kept
    second = set_out(client)
    client.get(BACK, tree.agree(first, "ada"))
    client.get(BACK, tree.agree(second, "bob"))
    ada, bob = numbers()
    assert ada != bob


def test_several_found_are_kept_with_it(world: World, door: Door, tree: Roost) -> None:
    client = door(world.manager)
    place = client.get(BACK, tree.agree(set_out(client), "ada+bob"))["Location"]
    client.post(place, {"account": ["ada", "bob"]})
    assert len(numbers()) == 2
    assert all(APP in open_grant(one).secrets for one in StoredGrant.objects.all())


def test_somebody_else_agrees_on_their_own_server(world: World, door: Door, tree: Roost) -> None:
    client = door(world.manager)
    page = client.post(ADD, {"way": "nest", "tree": OAK, "by_link": "1"})["Location"]
    address = f"/connect/{secret_of(ConnectLink.objects.get())}/"
    guest = Client()
    lead = guest.post(address).content.decode()
    url = lead.partition('href="' + tree.address)[2].partition('"')[0].replace("&amp;", "&")
    guest.get(BACK, tree.agree(tree.address + url, "ada"))
    assert "Somebody has agreed" in client.get(page, {"part": "state"}).content.decode()
    assert AppKey.objects.count() == 1


def test_an_address_that_is_none_is_refused_beside_its_field(world: World, door: Door, tree: Roost) -> None:
    answer = door(world.manager).post(ADD, {"way": "nest", "tree": "http://a b"})
    assert answer.status_code == 422
    assert "https://example.com" in answer.content.decode()


def test_a_manifest_registers_or_asks_and_never_both(tmp_path: Path) -> None:
    text = (Path(__file__).parent / "heron" / "manifest.toml").read_text("utf-8")
    both = text.replace("registers = true", "registers = true\ndocument = true")
    (tmp_path / "manifest.toml").write_text(both, "utf-8")
    with pytest.raises(ValueError, match="registered"):
        manifest.load(tmp_path)
