"""What becomes of an account afterwards: shown with its lacks, renamed, paused, disconnected."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from kitestring.connectorkit import registry
from kitestring.domains.channels.actions.connect import connect
from kitestring.domains.channels.models import Account, StoredGrant
from kitestring.domains.channels.queries import accounts_at_work, accounts_of
from kitestring.domains.channels.tests.cage import KEY, Cage
from kitestring.domains.workspaces.actions.change_workspace import pause_everything
from kitestring.domains.workspaces.models import AuditEntry, Member
from tests.world import World

Door = Callable[[Member], Client]


@pytest.fixture
def polly(world: World, cage: Cage) -> Account:
    return connect(world.owner, world.brand, "parrot", {"cage": cage.address, "key": KEY, "size": "small"})


def page(client: Client, account: Account) -> str:
    return client.get(f"/settings/accounts/{account.id}/").content.decode()


def test_what_it_cannot_do_is_shown_with_the_reason(world: World, door: Door, polly: Account) -> None:
    text = page(door(world.editor), polly)
    assert "Small parrots do not listen." in text
    assert "Parrots do not count who looks." in text
    assert "Cannot: read comments" in door(world.editor).get("/settings/accounts/").content.decode()


def test_facts_carry_source_date_and_doubt(world: World, door: Door, polly: Account) -> None:
    text = page(door(world.editor), polly)
    assert "parrot&#39;s own handbook" in text
    assert "1 Jan 2020" in text
    assert text.count("not verified") == 1
    assert text.count("older than 90 days") == 1
    assert "4 a month" in text


def test_a_source_is_quoted_in_the_language_it_is_written_in(
    world: World, door: Door, polly: Account
) -> None:
    world.editor.language = "vi"
    world.editor.save()
    text = page(door(world.editor), polly)
    assert "nguồn tiếng Anh:" in text
    assert re.search(r'<q class="source" lang="en">[^<]*own handbook', text)
    assert '<a href="https://parrots.example/handbook/limits"' in text, "whoever doubts it can read it there"


def test_an_editor_sees_no_switches(world: World, door: Door, polly: Account) -> None:
    text = page(door(world.editor), polly)
    assert "Disconnect" not in text
    for verb in ("check", "disconnect"):
        assert door(world.editor).post(f"/settings/accounts/{polly.id}/{verb}/").status_code == 403
    assert door(world.editor).post(f"/settings/accounts/{polly.id}/", {"name": "Mine"}).status_code == 403


def test_renaming(world: World, door: Door, polly: Account) -> None:
    client = door(world.manager)
    assert client.post(f"/settings/accounts/{polly.id}/", {"name": "\u200b"}).status_code == 422
    client.post(f"/settings/accounts/{polly.id}/", {"name": "Polly của tiệm"})
    polly.refresh_from_db()
    assert polly.name == "Polly của tiệm"
    assert AuditEntry.objects.get(verb="account.rename").before == {"name": "Polly"}


def test_pausing_takes_it_out_of_work(world: World, door: Door, polly: Account) -> None:
    client = door(world.manager)
    assert list(accounts_at_work()) == [polly]
    client.post(f"/settings/pause/account/{polly.id}/")
    assert list(accounts_at_work()) == []
    assert "Paused" in client.get("/settings/accounts/").content.decode()
    client.post(f"/settings/pause/account/{polly.id}/resume/")
    assert list(accounts_at_work()) == [polly]


def test_people_are_heard_while_the_workspace_is_paused(world: World, polly: Account) -> None:
    pause_everything(world.owner)
    assert list(accounts_at_work()) == [polly]


def test_disconnecting_forgets_the_grant_and_keeps_the_account(
    world: World, door: Door, polly: Account
) -> None:
    client = door(world.manager)
    assert client.post(f"/settings/accounts/{polly.id}/disconnect/").status_code == 302
    polly.refresh_from_db()
    assert polly.state == "disconnected"
    assert not StoredGrant.objects.exists()
    assert list(accounts_of(world.owner, world.brand)) == []
    assert "Connect again" in client.get("/settings/accounts/").content.decode()
    answer = client.post(f"/settings/accounts/{polly.id}/check/", follow=True)
    assert "is disconnected. Connect it again first" in answer.content.decode()


def test_an_account_whose_connector_is_gone_still_opens(
    world: World, door: Door, polly: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "connectors", dict)
    client = door(world.manager)
    assert "not installed" in page(client, polly)
    assert client.get("/settings/accounts/").status_code == 200
    assert client.get(f"/settings/accounts/{polly.id}/reconnect/").status_code == 404
    assert client.get("/settings/accounts/add/").status_code == 200
