"""Disconnecting gives the consent back at the channel, unless somebody else here lives by it, and never waits for that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kitestring.domains.channels.models import Account, StoredGrant
from kitestring.domains.channels.tests.owl import auth as owl
from kitestring.domains.channels.tests.roost import Roost
from kitestring.domains.channels.tests.test_agree import BACK, set_out, typed_in
from kitestring.domains.workspaces.models import Member
from tests.world import World

Door = Callable[[Member], Client]


@pytest.fixture
def client(world: World, door: Door, roost: Roost) -> Client:
    found = door(world.manager)
    typed_in(found)
    return found


def agreed(client: Client, roost: Roost, name: str) -> Any:
    return client.get(BACK, roost.agree(set_out(client), name), follow=True)


def left(client: Client, handle: str) -> str:
    account = Account.objects.get(handle=handle)
    page = client.post(f"/settings/accounts/{account.pk}/disconnect/", follow=True).content.decode()
    account.refresh_from_db()
    assert account.state == "disconnected"
    assert not StoredGrant.objects.filter(account=account).exists()
    return page


def opens(roost: Roost) -> set[str]:
    return {row["account"] for name in ("access", "refresh") for row in roost.desk.kept[name].values()}


def test_the_channel_ends_the_consent(client: Client, roost: Roost) -> None:
    agreed(client, roost, "ada")
    agreed(client, roost, "bob")
    page = left(client, "@ada")
    assert "has ended the consent" in page
    assert opens(roost) == {"bob"}


def test_a_consent_that_another_account_lives_by_is_kept(client: Client, roost: Roost) -> None:
    found = client.get(BACK, roost.agree(set_out(client), "ada+bob"))
    client.post(found["Location"], {"account": ["ada", "bob"]})
    assert Account.objects.count() == 2
    assert "has ended the consent" not in left(client, "@ada")
    assert opens(roost) == {"ada+bob"}
    assert "has ended the consent" in left(client, "@bob")
    assert opens(roost) == set()


def test_where_one_end_ends_all_it_waits_for_the_last(
    client: Client, roost: Roost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owl, "ENDS_ALL", True)
    agreed(client, roost, "ada")
    agreed(client, roost, "bob")
    left(client, "@ada")
    assert opens(roost) == {"ada", "bob"}
    assert "has ended the consent" in left(client, "@bob")


def test_a_channel_in_trouble_holds_nobody_and_is_told_of(client: Client, roost: Roost) -> None:
    agreed(client, roost, "ada")
    roost.silent = True
    page = left(client, "@ada")
    assert "did not take the consent back" in page
    assert "remove Kitestring from the apps" in page


def test_a_consent_that_was_over_there_is_no_trouble(client: Client, roost: Roost) -> None:
    agreed(client, roost, "ada")
    roost.desk.revoke("ada")
    assert "did not take the consent back" not in left(client, "@ada")
