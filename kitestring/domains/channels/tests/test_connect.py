"""Connecting an account: probed first, sealed at rest, said beside the field when it does not open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Connected, Grant
from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.actions.change_account import disconnect
from kitestring.domains.channels.actions.connect import keep_found
from kitestring.domains.channels.actions.typed_before import typed_before
from kitestring.domains.channels.models import Account, StoredGrant
from kitestring.domains.channels.queries import accounts_of
from kitestring.domains.channels.sessions import keep_grant, open_grant, talk
from kitestring.domains.channels.tests.cage import KEY, Cage
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit.ids import uuid7
from tests.world import World

Door = Callable[[Member], Client]
LANGUAGES = [("en", "Nothing was changed"), ("zh-hans", "未做任何更改"), ("vi", "Chưa có gì thay đổi")]
PATH = "/settings/accounts/add/parrot/"


def answers(of: Cage, **other: str) -> dict[str, str]:
    return {"cage": of.address, "key": KEY, "size": "small", **other}


def test_all_installed_channels_are_offered(world: World, door: Door) -> None:
    page = door(world.manager).get("/settings/accounts/add/").content.decode()
    assert PATH in page
    assert "Published by hand" in page
    world.manager.language = "zh-hans"
    world.manager.save()
    assert "鹦鹉" in door(world.manager).get("/settings/accounts/add/").content.decode()


def test_the_form_is_the_manifests(world: World, door: Door) -> None:
    page = door(world.manager).get(PATH).content.decode()
    assert "Address of the cage" in page
    assert "Hangs beside the cage." in page
    assert '<option value="grand">Grand parrot</option>' in page


def test_an_account_is_connected(world: World, door: Door, cage: Cage) -> None:
    client = door(world.manager)
    answer = client.post(PATH, answers(cage))
    account = Account.objects.get()
    assert answer["Location"] == f"/settings/accounts/{account.id}/"
    assert (account.remote_id, account.handle, account.name, account.state) == (
        "polly",
        "@polly",
        "Polly",
        "connected",
    )
    assert (account.brand, account.account_type, account.settings) == (world.brand, "small", {"perch": 3})
    assert account.urls == {"api": cage.address}
    assert AuditEntry.objects.get(verb="account.connect").after["handle"] == "@polly"


def test_the_grant_is_sealed_at_rest(world: World, door: Door, cage: Cage) -> None:
    door(world.manager).post(PATH, answers(cage))
    stored = StoredGrant.objects.get()
    assert KEY not in stored.sealed
    assert open_grant(stored).secrets["key"] == KEY
    assert KEY not in str(AuditEntry.objects.values_list("before", "after"))


def test_the_session_speaks_to_the_accounts_own_address(world: World, door: Door, cage: Cage) -> None:
    door(world.manager).post(PATH, answers(cage))

    async def call(session: Any) -> tuple[str, str, int]:
        return session.urls["api"], session.grant.secrets["key"], session.settings["perch"]

    assert talk(Account.objects.get(), call) == (cage.address, KEY, 3)


def test_a_wrong_key_is_said_beside_its_field_in_the_readers_language(
    world: World, door: Door, cage: Cage
) -> None:
    world.manager.language = "vi"
    world.manager.save()
    answer = door(world.manager).post(PATH, answers(cage, key="wrong"), headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<html" not in page
    assert "Chìa khóa này không mở được lồng." in page.partition('id="id_key-err"')[2][:300]
    assert cage.address in page
    assert "wrong" not in page
    assert not Account.objects.exists()


UNCLEAR = "Parrot gave no clear answer just now. Nothing was changed here."
STRANGE = "Something other than Parrot answered: a web page"


@pytest.mark.parametrize(("mood", "said"), [("busy", UNCLEAR), ("broken", UNCLEAR), ("page", STRANGE)])
def test_a_channel_in_trouble_is_a_sentence(
    world: World, door: Door, cage: Cage, mood: str, said: str
) -> None:
    cage.mood = mood
    answer = door(world.manager).post(PATH, answers(cage))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("cage", "https://me:pw@cage.example", "This is not a web address"),
        ("cage", "ftp://cage.example", "This is not a web address"),
        ("cage", "http://127.0.0.1:9", "gave no clear answer"),
        ("cage", "http://10.0.0.1", "may not call this address"),
        ("key", "", "required"),
        ("size", "huge", "huge"),
        ("key", "x" * 5000, "4000"),
    ],
)
def test_bad_answers_are_said(
    world: World, door: Door, cage: Cage, field: str, value: str, said: str
) -> None:
    answer = door(world.manager).post(PATH, answers(cage, **{field: value}))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Account.objects.exists()


def test_the_same_presence_again_renews_what_is_there(world: World, door: Door, cage: Cage) -> None:
    client = door(world.manager)
    client.post(PATH, answers(cage))
    first = open_grant(StoredGrant.objects.get()).secrets["song"]
    Account.objects.update(name="Polly of the shop", state="expired", problem="grant_expired")
    client.post(PATH, answers(cage, size="grand"))
    account = Account.objects.get()
    assert (account.name, account.state, account.problem) == ("Polly of the shop", "connected", "")
    assert account.account_type == "grand"
    assert open_grant(StoredGrant.objects.get()).secrets["song"] != first
    assert AuditEntry.objects.filter(verb="account.reconnect").count() == 1


def test_a_presence_that_two_brands_have_says_so_on_both_pages(world: World, door: Door, cage: Cage) -> None:
    door(world.manager).post(PATH, answers(cage))
    account = Account.objects.get()
    page = f"/settings/accounts/{account.pk}/"
    assert "also connected" not in door(world.manager).get(page).content.decode()
    abroad = Brand.objects.create(workspace=world.workspace, name="Abroad")
    twin = Account.objects.create(
        workspace=world.workspace,
        brand=abroad,
        channel="parrot",
        remote_id="polly",
        handle="@polly",
        name="Polly",
    )
    assert "is also connected for Abroad." in door(world.manager).get(page).content.decode()
    other = door(world.manager).get(f"/settings/accounts/{twin.pk}/").content.decode()
    assert f"is also connected for {world.brand.name}." in other
    disconnect(world.manager, twin.pk)
    assert "also connected" not in door(world.manager).get(page).content.decode()


def test_the_list_keeps_its_order_when_one_is_connected_again(world: World, door: Door, cage: Cage) -> None:
    client = door(world.manager)
    client.post(PATH, answers(cage))
    first = Account.objects.get()
    first.pk, first.remote_id, first.name = uuid7(), "later", "Later"
    first.save(force_insert=True)
    before = [one.name for one in accounts_of(world.manager, world.brand)]
    client.post(PATH, answers(cage))
    assert [one.name for one in accounts_of(world.manager, world.brand)] == before == ["Polly", "Later"]


def test_reconnecting_refuses_somebody_elses_keys(world: World, door: Door, cage: Cage) -> None:
    client = door(world.manager)
    client.post(PATH, answers(cage))
    account = Account.objects.get()
    cage.bird = "rosie"
    answer = client.post(f"/settings/accounts/{account.id}/reconnect/", answers(cage))
    assert answer.status_code == 422
    assert "These keys open @rosie, but this account is @polly" in answer.content.decode()
    assert Account.objects.get().handle == "@polly"
    cage.bird = "polly"
    answer = client.post(
        f"/settings/accounts/{account.id}/reconnect/", answers(cage), headers={"HX-Request": "true"}
    )
    assert answer["HX-Redirect"] == f"/settings/accounts/{account.id}/"


def test_connecting_again_asks_only_for_the_secret(world: World, door: Door, cage: Cage) -> None:
    client = door(world.manager)
    client.post(PATH, answers(cage, size="grand"))
    account = Account.objects.get()
    page = client.get(f"/settings/accounts/{account.id}/reconnect/").content.decode()
    assert f'value="{cage.address}"' in page
    assert '<option value="grand" selected>' in page
    assert KEY not in page
    StoredGrant.objects.all().delete()
    page = client.get(f"/settings/accounts/{account.id}/reconnect/").content.decode()
    assert f'value="{cage.address}"' in page, "also when its grant cannot be opened any more"


def test_what_was_typed_before_stands_in_every_channels_form(world: World) -> None:
    """Whatever a channel asks: its server, the login its grant keeps, the name; never a secret."""
    for slug, connector in registry.connectors().items():
        asked = connector.manifest.auth.fields
        account = Account.objects.create(
            workspace=world.workspace, brand=world.brand, channel=slug, handle="@hien", remote_id="1",
            urls={"api": "https://own.example"},
        )  # fmt: skip
        keep_grant(account.pk, Grant({one.key: "s3cret" for one in asked if one.kind == "password"}))
        known = typed_before(account, connector)
        assert "s3cret" not in known.values()
        servers = [one.key for one in asked if one.kind == "url"]
        assert [known[key] for key in servers] == ["https://own.example"] * len(servers)
        texts = [one.key for one in asked if one.kind == "text"]
        if texts and not servers:
            assert known[texts[0]] == "@hien"
        elif texts:
            keep_grant(account.pk, Grant(dict.fromkeys(texts, "lan")))
            assert [typed_before(account, connector)[key] for key in texts] == ["lan"] * len(texts)


def test_a_hand_off_channel_needs_only_a_handle(world: World, door: Door) -> None:
    client = door(world.manager)
    assert client.post("/settings/accounts/add/board/", {"handle": "  "}).status_code == 422
    client.post("/settings/accounts/add/board/", {"handle": "烘焙小屋"})
    account = Account.objects.get()
    assert (account.handle, account.remote_id) == ("烘焙小屋", "烘焙小屋")
    assert not StoredGrant.objects.exists()
    assert "Check now" not in client.get(f"/settings/accounts/{account.id}/").content.decode()


def test_an_editor_may_look_and_not_connect(world: World, door: Door, cage: Cage) -> None:
    client = door(world.editor)
    assert client.get("/settings/accounts/").status_code == 200
    assert client.get(PATH).status_code == 403
    assert client.post(PATH, answers(cage)).status_code == 403
    assert cage.calls == []


def test_an_unknown_channel_is_not_found(world: World, door: Door) -> None:
    assert door(world.manager).get("/settings/accounts/add/owl/").status_code == 404


def test_a_strangers_account_is_not_found(world: World, stranger: World, door: Door, cage: Cage) -> None:
    door(world.manager).post(PATH, answers(cage))
    account = Account.objects.get()
    theirs = door(stranger.owner)
    for path in ("", "reconnect/"):
        assert theirs.get(f"/settings/accounts/{account.id}/{path}").status_code == 404
    for path in ("check/", "pause/", "resume/", "disconnect/"):
        assert theirs.post(f"/settings/accounts/{account.id}/{path}").status_code == 404
    assert "Polly" not in theirs.get("/settings/accounts/").content.decode()
    account.refresh_from_db()
    assert (account.state, account.paused_at) == ("connected", None)


@pytest.mark.parametrize(
    "nonsense", ["abc", "https://", "http://[", "ftp://a.example", "javascript:alert(1)"]
)
def test_nonsense_for_an_address_is_said_beside_the_field(world: World, door: Door, nonsense: str) -> None:
    answer = door(world.manager).post(PATH, {"cage": nonsense, "key": KEY, "size": "small"})
    assert answer.status_code == 422
    assert "This is not a web address" in answer.content.decode()
    assert not Account.objects.exists()


@pytest.mark.parametrize(("language", "says"), LANGUAGES)
def test_another_server_that_says_it_is_an_account_of_ours_takes_nothing(
    world: World, door: Door, cage: Cage, language: str, says: str
) -> None:
    world.manager.language = language
    world.manager.save()
    client = door(world.manager)
    client.post(PATH, answers(cage))
    Account.objects.update(urls={"api": "https://honest.example"})
    account, sealed = Account.objects.get(), StoredGrant.objects.get().sealed
    for path in (PATH, f"/settings/accounts/{account.pk}/reconnect/"):
        answer = client.post(path, answers(cage))
        page = answer.content.decode()
        assert answer.status_code == 422, path
        assert "honest.example" in page
        assert says in page
    account.refresh_from_db()
    assert account.urls == {"api": "https://honest.example"}
    assert StoredGrant.objects.get().sealed == sealed
    disconnect(world.manager, account.pk)
    assert client.post(PATH, answers(cage)).status_code == 302, "it has moved: said by disconnecting it first"
    account.refresh_from_db()
    assert account.urls == {"api": cage.address}


def test_a_key_of_its_own_is_at_home_at_every_server(world: World, cage: Cage, door: Door) -> None:
    door(world.manager).post(PATH, answers(cage))
    Account.objects.update(urls={"api": "https://honest.example"})
    own = {"urls": {"api": cage.address}}
    found = Connected("polly", "@polly", "Polly", Grant({"key": KEY}), settings=own, proven=True)
    kept = keep_found(world.manager, world.brand, registry.get("parrot"), found)
    assert kept.urls == {"api": cage.address}
