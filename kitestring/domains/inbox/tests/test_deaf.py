"""While a brand has no account, its inbox says where messages will come from instead of praising that nobody waits."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from kitestring.domains.composing.tests.test_composer import account_on
from kitestring.domains.workspaces.models import Member
from tests.world import World

Door = Callable[[Member], Client]


def test_without_an_account_it_leads_to_connecting_one(world: World, door: Door) -> None:
    page = door(world.owner).get("/inbox/").content.decode()
    assert "once an account is connected" in page
    assert "/settings/accounts/add/" in page
    assert "/settings/accounts/add/" not in door(world.editor).get("/inbox/").content.decode()
    account_on(world)
    assert "Nobody waits" in door(world.owner).get("/inbox/").content.decode()
