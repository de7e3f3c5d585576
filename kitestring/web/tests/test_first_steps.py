"""A new brand's Today says what to do first, until it is done; nobody is sent to a door that is shut to them."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.tests.test_composer import account_on
from kitestring.domains.ideas.models import Brief
from kitestring.domains.workspaces.models import Member
from tests.world import World

Door = Callable[[Member], Client]


def steps(page: str) -> str:
    return page.partition('id="first-steps"')[2].partition("</section>")[0]


def test_a_new_owner_is_led_from_the_account_to_the_post(world: World, door: Door) -> None:
    client = door(world.owner)
    found = steps(client.get("/").content.decode())
    order = [
        found.index(t)
        for t in ("Connect an account", "Invite who", "Write the first brief", "Write the first post")
    ]
    assert order == sorted(order)
    for path in ("/settings/accounts/add/", "/settings/members/", "/briefs/", "/posts/"):
        assert f'href="{path}' in found or path == "/settings/members/"
        assert client.get(path).status_code == 200
    account_on(world)
    assert "/settings/accounts/add/" not in steps(client.get("/").content.decode())


def test_they_go_once_there_is_an_account_a_brief_and_a_post(world: World, door: Door) -> None:
    account_on(world)
    Brief.objects.create(brand=world.brand, title="Why")
    write_post(world.editor, world.brand, title="What", text="What.")
    page = door(world.owner).get("/").content.decode()
    assert not steps(page)
    assert "Nothing is owed" in page


def test_who_only_reads_is_told_who_does_it(world: World, door: Door) -> None:
    found = steps(door(world.stakeholder).get("/").content.decode())
    assert "An owner or a manager connects it." in found
    assert "<a " not in found
