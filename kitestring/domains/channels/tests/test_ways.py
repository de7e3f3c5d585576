"""A channel with several ways of connecting: chosen on the page, remembered by the account, renewed by its own file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from kitestring.connectorkit import dpop, manifest, registry
from kitestring.connectorkit.registry import Connector
from kitestring.domains.channels.actions.connect import connect
from kitestring.domains.channels.actions.connect_link import secret_of
from kitestring.domains.channels.actions.renew import check_account
from kitestring.domains.channels.models import Account, AppKey, ConnectLink, StoredGrant
from kitestring.domains.channels.rules import WAY
from kitestring.domains.channels.sessions import APP, open_grant, rotate_keys
from kitestring.domains.channels.tests.roost import Roost
from kitestring.domains.workspaces.models import Member
from kitestring.kit.refusals import Refusal
from tests.world import World

Door = Callable[[Member], Client]
ADD, BACK = "/settings/accounts/add/heron/", "/settings/accounts/back/"
ASKED = {"way": "perch", "lake": "Hồ Tây"}


@pytest.fixture
def lake(roost: Roost, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Roost:
    """The heron at its lake, played by the roost's desk."""
    here = Path(__file__).parent / "heron"
    heron = Connector(manifest.load(here), f"{__package__}.heron", here)
    monkeypatch.setattr(registry, "connectors", lambda: {"heron": heron})
    settings.CHANNEL_URLS = {"heron": {"api": roost.address}}
    return roost


def set_out(client: Client, path: str = ADD) -> str:
    answer = client.post(path, ASKED, headers={"HX-Request": "true"})
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    return str(answer["HX-Redirect"])


def secrets() -> dict[str, Any]:
    return dict(open_grant(StoredGrant.objects.get()).secrets)


def test_the_page_offers_both_and_asks_what_each_wants(world: World, door: Door, lake: Roost) -> None:
    client = door(world.manager)
    first = client.get(ADD).content.decode()
    assert 'name="password"' in first
    assert 'href="?way=perch"' in first
    other = client.get(f"{ADD}?way=perch").content.decode()
    assert 'name="lake"' in other
    assert 'name="password"' not in other
    assert "The heron agrees itself." in other
    assert "Stand in your name" in other
    assert "/settings/accounts/apps/" not in other.partition('id="connect"')[2]
    assert client.get(f"{ADD}?way=swim").status_code == 404


def test_the_first_way_is_as_it_was(world: World, door: Door, lake: Roost) -> None:
    client = door(world.manager)
    assert client.post(ADD, {"way": "", "password": "mud"}).status_code == 422
    client.post(ADD, {"way": "", "password": "reed"})
    account = Account.objects.get()
    assert (account.way, secrets()) == ("", {"by": "password"})
    check_account(world.manager, account.pk)
    assert secrets() == {"by": "password, again"}


def test_by_consent_an_app_of_ours_is_made_and_the_account_renews_by_its_own_file(
    world: World, door: Door, lake: Roost
) -> None:
    client = door(world.manager)
    client.get(BACK, lake.agree(set_out(client), "ada"))
    account, app = Account.objects.get(), AppKey.objects.get()
    assert (account.way, app.provider) == ("perch", "lake")
    address = f"http://127.0.0.1:8420/apps/heron/{app.pk}.json"
    assert secrets()[APP]["client_id"] == address
    check_account(world.manager, account.pk)
    assert secrets()["by"] == f"consent of {address}, again"
    rotate_keys()
    set_out(client)
    assert AppKey.objects.count() == 1


def test_the_description_is_public_and_holds_no_secret(world: World, door: Door, lake: Roost) -> None:
    client = door(world.manager)
    client.get(BACK, lake.agree(set_out(client), "ada"))
    app = AppKey.objects.get()
    address = f"/apps/heron/{app.pk}.json"
    answer = Client().get(address)
    told = answer.json()
    assert answer["Content-Type"] == "application/json"
    assert told["client_id"].endswith(address)
    assert told["redirect_uris"] == ["http://127.0.0.1:8420/settings/accounts/back/"]
    own = json.loads(secrets()[APP]["key"])
    assert told["jwks"]["keys"] == [dpop.public(own)]
    assert own["d"] not in answer.content.decode()
    assert own["d"] not in app.sealed
    for wrong in (f"/apps/heron/{uuid4()}.json", f"/apps/crow/{app.pk}.json"):
        assert Client().get(wrong).status_code == 404


def test_an_app_that_was_typed_in_is_never_described(world: World, door: Door, roost: Roost) -> None:
    client = door(world.manager)
    client.post("/settings/accounts/apps/forest/", {"client_id": "a", "client_secret": "b"})
    assert Client().get(f"/apps/owl/{AppKey.objects.get().pk}.json").status_code == 404


def test_several_found_by_a_further_way_keep_it(world: World, door: Door, lake: Roost) -> None:
    client = door(world.manager)
    place = client.get(BACK, lake.agree(set_out(client), "ada+bob"))["Location"]
    client.post(place, {"account": ["ada", "bob"]})
    assert {account.way for account in Account.objects.all()} == {"perch"}
    assert Account.objects.count() == 2


def test_somebody_else_agrees_by_a_further_way(world: World, door: Door, lake: Roost) -> None:
    client = door(world.manager)
    page = client.post(ADD, {**ASKED, "by_link": "1"})["Location"]
    address = f"/connect/{secret_of(ConnectLink.objects.get())}/"
    guest = Client()
    assert "Stand in your name" in guest.get(address).content.decode()
    lead = guest.post(address).content.decode()
    url = lead.partition('href="' + lake.address)[2].partition('"')[0].replace("&amp;", "&")
    guest.get(BACK, lake.agree(lake.address + url, "ada"))
    state = client.get(page, {"part": "state"}).content.decode()
    assert "Somebody has agreed" in state


def test_an_account_changes_its_way_by_connecting_again(world: World, door: Door, lake: Roost) -> None:
    client = door(world.manager)
    client.post(ADD, {"way": "", "password": "reed"})
    account = Account.objects.get()
    again = f"/settings/accounts/{account.pk}/reconnect/"
    client.get(BACK, lake.agree(set_out(client, again), "ada"))
    account.refresh_from_db()
    assert (account.way, secrets()["by"]) == ("perch", "consent")
    assert 'name="lake"' in client.get(again).content.decode()
    client.post(again, {"way": "", "password": "reed"})
    account.refresh_from_db()
    assert (account.way, secrets()["by"]) == ("", "password")


def test_a_script_names_the_way_and_an_unknown_one_is_not_there(world: World, lake: Roost) -> None:
    with pytest.raises(Refusal) as caught:
        connect(world.manager, world.brand, "heron", {WAY: "swim", "password": "reed"})
    assert caught.value.reason == "not_found"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("[ways.auth.app]\ndocument = true\n", "own app"),
        ('label = { en = "Password", zh-hans = "密码", vi = "Mật khẩu" }\n\n[[auth', "has a label"),
        ('key = "perch"', "ways.0.key"),
    ],
)
def test_a_manifest_whose_ways_do_not_hang_together_is_refused(tmp_path: Path, told: str, said: str) -> None:
    text = (Path(__file__).parent / "heron" / "manifest.toml").read_text("utf-8")
    assert told in text
    instead = {"own app": "", "has a label": "\n[[auth", "ways.0.key": 'key = "../perch"'}[said]
    (tmp_path / "manifest.toml").write_text(text.replace(told, instead), "utf-8")
    with pytest.raises(ValueError, match=said):
        manifest.load(tmp_path)


def test_a_choice_that_nobody_could_read_is_refused(tmp_path: Path) -> None:
    """ "yes" and "no" stood in the form as they are sent, whatever the language."""
    text = (Path(__file__).parent / "heron" / "manifest.toml").read_text("utf-8")
    asked = (
        '[[auth.fields]]\nkey = "deep"\nkind = "choice"\nchoices = ["yes", "no"]\n'
        'label = { en = "Deep", zh-hans = "深", vi = "Sâu" }\n'
    )
    yes, no = '{ en = "Yes", zh-hans = "是", vi = "Có" }', '{ en = "No", zh-hans = "否", vi = "Không" }'
    named = f"names = {{ yes = {yes}, no = {no} }}\n"
    place = text.index("[[auth.fields]]")
    (tmp_path / "manifest.toml").write_text(text[:place] + asked + text[place:], "utf-8")
    with pytest.raises(ValueError, match="'deep' have no names: no, yes"):
        manifest.load(tmp_path)
    (tmp_path / "manifest.toml").write_text(text[:place] + asked + named + text[place:], "utf-8")
    manifest.load(tmp_path)
