"""Disconnecting gives the consent back at the channel, unless somebody else here lives by it, and never waits for that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from django.test import Client

from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.actions import leave as leaving
from kitestring.domains.channels.models import Account, StoredGrant
from kitestring.domains.channels.sessions import keep_grant, open_grant
from kitestring.domains.channels.tests.owl import auth as owl
from kitestring.domains.channels.tests.roost import Roost
from kitestring.domains.channels.tests.test_agree import BACK, set_out, typed_in
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
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


@pytest.mark.parametrize("kept", [("access_token", "refresh_token"), ("access_token",), ("refresh_token",)])
def test_a_consent_that_another_account_lives_by_is_known_by_either_token(
    client: Client, roost: Roost, kept: tuple[str, ...]
) -> None:
    """Some apps are given no refresh token; a renewed account has another access token than its sister."""
    found = client.get(BACK, roost.agree(set_out(client), "ada+bob"))
    client.post(found["Location"], {"account": ["ada", "bob"]})
    for stored in StoredGrant.objects.all():
        grant = open_grant(stored)
        secrets = {
            key: value if "token" not in key or key in kept else f"{value}-{stored.account_id}"
            for key, value in grant.secrets.items()
        }
        keep_grant(stored.account_id, replace(grant, secrets=secrets))
    left(client, "@ada")
    assert opens(roost) == {"ada+bob"}


def test_the_same_presence_of_another_brand_is_kept(world: World, client: Client, roost: Roost) -> None:
    """A channel may end all that the person gave to the app."""
    agreed(client, roost, "ada")
    first = Account.objects.get()
    first.brand = Brand.objects.create(workspace=world.workspace, name="Abroad")
    first.save(update_fields=["brand"])
    agreed(client, roost, "ada")
    assert Account.objects.count() == 2
    second = Account.objects.exclude(pk=first.pk).get()
    client.post(f"/settings/accounts/{first.pk}/disconnect/")
    assert opens(roost) == {"ada"}
    page = client.post(f"/settings/accounts/{second.pk}/disconnect/", follow=True).content.decode()
    assert "has ended the consent" in page
    assert opens(roost) == set()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (503, '{"error": "server_error"}', "application/json"),
        (200, '{"error": "internal_error"}', "application/json"),
        (200, "<!doctype html><title>Log in</title>", "text/html"),
        (401, '{"error": "invalid_client"}', "application/json"),
        (404, "[]", "application/json"),
    ],
)
def test_a_channel_in_trouble_holds_nobody_and_is_told_of(
    client: Client, roost: Roost, status: int, body: str, kind: str
) -> None:
    agreed(client, roost, "ada")
    roost.ending = web.Response(text=body, status=status, content_type=kind)
    page = left(client, "@ada")
    assert "did not take the consent back" in page
    assert "remove Kitestring from the apps" in page
    assert "has ended the consent" not in page


def test_a_fault_of_the_connector_is_told_as_such_trouble(
    client: Client, roost: Roost, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def faulty(session: object) -> None:
        raise KeyError("client_id")

    agreed(client, roost, "ada")
    monkeypatch.setattr(owl, "give_back", faulty)
    assert "did not take the consent back" in left(client, "@ada")


def test_nobody_waits_longer_than_a_moment(
    client: Client, roost: Roost, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def endless(session: object) -> None:
        await asyncio.Event().wait()

    agreed(client, roost, "ada")
    monkeypatch.setattr(owl, "give_back", endless)
    monkeypatch.setattr(leaving, "PATIENCE", 0.05)
    assert "did not take the consent back" in left(client, "@ada")


def test_a_consent_that_was_over_there_is_no_trouble(client: Client, roost: Roost) -> None:
    agreed(client, roost, "ada")
    roost.desk.revoke("ada")
    assert "did not take the consent back" not in left(client, "@ada")


def test_who_comes_back_to_a_brand_that_was_archived_connects_nothing(
    world: World, client: Client, roost: Roost
) -> None:
    back = roost.agree(set_out(client), "ada")
    world.brand.archived_at = now()
    world.brand.save(update_fields=["archived_at"])
    client.get(BACK, back, follow=True)
    assert not Account.objects.exists()
