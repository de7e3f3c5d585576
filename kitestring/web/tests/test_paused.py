"""While nothing goes out every page says so, who paused it and since when, and offers the way out to who may."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kitestring.connectorkit import registry
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.ideas.actions.add_ideas import add_ideas
from kitestring.domains.ideas.actions.decide import decide
from kitestring.domains.ideas.actions.save_brief import save_brief
from kitestring.domains.ideas.actions.write_brief import write_brief
from kitestring.domains.publishing.actions.pause import pause
from kitestring.domains.workspaces.actions.change_workspace import pause_everything
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit.clock import now
from kitestring.ui.marks import account_name
from tests.world import World

pytestmark = pytest.mark.django_db
Door = Callable[[Member], Client]


def bar_of(page: str) -> str:
    return page.split('id="paused">')[1].split("</main>")[0].split("</form></div></div>")[0]


@pytest.mark.parametrize("address", ["/", "/calendar/", "/inbox/", "post", "/results/"])
def test_every_page_says_it(world: World, door: Door, address: str) -> None:
    post = write_post(world.editor, world.brand, title="A warm loaf")
    address = f"/posts/{post.pk}/" if address == "post" else address
    here = door(world.manager)
    assert "pausebar" not in here.get(address).content.decode()
    pause_everything(world.owner)
    bar = bar_of(here.get(address).content.decode())
    assert f"{world.owner.name} paused everything on " in bar
    assert f'action="/settings/pause/workspace/{world.workspace.pk}/resume/"' in bar
    assert f'name="next" value="{address}"' in bar


@pytest.mark.parametrize(
    ("sent_from", "leads_to"),
    [
        ("http://testserver/inbox/?q=1", "/inbox/?q=1"),
        ("https://evil.example/inbox/", "/"),
        ("http://testserver", "/"),
        ("", "/"),
    ],
)
def test_a_refused_page_leads_back_to_a_page_that_exists(
    world: World, door: Door, sent_from: str, leads_to: str
) -> None:
    pause_everything(world.owner)
    brief = write_brief(world.editor, world.brand, "The last loaf")
    save_brief(
        world.editor, brief.pk, {"key_message": "Nothing is lost.", "response": "share"}, brief.version
    )
    (idea,) = add_ideas(world.editor, brief.pk, ["A crust"])
    decide(world.manager, idea.pk, "Everybody has one.")
    here, press = door(world.manager), f"/ideas/{idea.pk}/shortlist/"
    assert here.get(press).status_code == 405
    drawn = here.post(press, {"on": "1"}, headers={"referer": sent_from})
    assert drawn.status_code == 422
    assert f'name="next" value="{leads_to}"' in bar_of(drawn.content.decode())


def test_who_may_not_resume_reads_it_only(world: World, door: Door) -> None:
    pause_everything(world.owner)
    page = door(world.editor).get("/calendar/").content.decode()
    assert "paused everything on" in page
    assert "/resume/" not in page


def test_a_paused_brand_is_said_where_it_is_in_hand(world: World, door: Door) -> None:
    pause(world.manager, "brand", world.brand.pk)
    page = door(world.manager).get("/inbox/").content.decode()
    assert f"{world.manager.name} paused {world.brand.name} on " in page
    assert f'action="/settings/pause/brand/{world.brand.pk}/resume/"' in page


def test_where_nobody_is_known_the_hour_is(world: World, door: Door) -> None:
    pause_everything(world.owner)
    AuditEntry.objects.all().delete()
    assert "Everything is paused since " in door(world.manager).get("/").content.decode()


def test_the_page_of_the_switches_says_it_once(world: World, door: Door) -> None:
    pause_everything(world.owner)
    page = door(world.manager).get("/settings/pause/").content.decode()
    assert page.count(f"/settings/pause/workspace/{world.workspace.pk}/resume/") == 1


def test_paused_accounts_are_said_too_and_one_of_them_is_resumed_from_here(world: World, door: Door) -> None:
    channel = next(iter(registry.connectors()))
    first, second = (
        Account.objects.create(
            workspace=world.workspace, brand=world.brand, channel=channel, remote_id=name, handle=f"@{name}", name=name,
            paused_at=now() if name == "crumb" else None,
        )
        for name in ("crumb", "crust")
    )  # fmt: skip
    bar = bar_of(door(world.manager).get("/inbox/").content.decode())
    assert f"{account_name(first)} is paused." in bar
    assert f"/settings/pause/account/{first.pk}/resume/" in bar
    second.paused_at = now()
    second.save()
    bar = bar_of(door(world.manager).get("/inbox/").content.decode())
    assert f"{account_name(first)}, {account_name(second)} are paused." in bar
    assert "<form" not in bar
