"""Campaigns by hand: started, changed, refused in words beside the field."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kitestring.connectorkit import registry
from kitestring.domains.channels.models import Account
from kitestring.domains.planning.actions.start_campaign import start_campaign
from kitestring.domains.planning.models import Campaign
from kitestring.domains.workspaces.models import AuditEntry, Member
from tests.world import World

Door = Callable[[Member], Client]


def test_started_and_changed_by_hand(world: World, door: Door) -> None:
    client = door(world.manager)
    client.post("/campaigns/", {"name": "Mùa lạnh"})
    campaign = Campaign.objects.get()
    facts = {"name": "Mùa lạnh", "goal_metric": "replies", "goal_value": "300", "starts_on": "2026-11-25"}
    client.post(f"/campaigns/{campaign.pk}/", facts | {"ends_on": "2026-12-22"})
    campaign.refresh_from_db()
    assert campaign.goal_value == 300
    assert str(campaign.ends_on) == "2026-12-22"
    entry = AuditEntry.objects.filter(verb="campaign.change").latest("at")
    assert entry.after["goal_value"] == 300
    assert entry.before["goal_value"] is None


def test_what_people_do_in_it_is_said(world: World, door: Door) -> None:
    campaign, client = start_campaign(world.manager, world.brand, "Winter"), door(world.manager)
    address, given = f"/campaigns/{campaign.pk}/", {"name": "Winter", "kind": "test", "share_gate": "1"}
    assert client.post(address, given).status_code == 302
    campaign.refresh_from_db()
    assert campaign.mechanics == {"kind": "test", "share_gate": True}
    page = client.get(address).content.decode()
    assert "A quiz or fortune test, asks to share first" in page
    assert AuditEntry.objects.filter(verb="campaign.change").latest("at").after["share_gate"] is True
    assert client.post(address, {"name": "Winter", "kind": "moon"}).status_code == 422
    client.post(address, {"name": "Winter"})
    campaign.refresh_from_db()
    assert campaign.mechanics == {}


def test_an_end_before_the_start_is_said_and_the_form_keeps_what_was_typed(world: World, door: Door) -> None:
    campaign = start_campaign(world.manager, world.brand, "Winter")
    answer = door(world.manager).post(
        f"/campaigns/{campaign.pk}/",
        {"name": "Winter tea", "starts_on": "2026-12-02", "ends_on": "2026-12-01"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "end before it starts" in page
    assert 'value="Winter tea"' in page


def test_a_goal_that_is_no_number_is_said_beside_it(world: World, door: Door) -> None:
    campaign = start_campaign(world.manager, world.brand, "Winter")
    answer = door(world.manager).post(f"/campaigns/{campaign.pk}/", {"name": "W", "goal_value": "lots"})
    assert answer.status_code == 422
    assert "plain number" in answer.content.decode()


@pytest.mark.parametrize("metric", ["happiness", "\x00", "9" * 41])
def test_a_figure_counts_only_what_is_offered(world: World, door: Door, metric: str) -> None:
    campaign = start_campaign(world.manager, world.brand, "Winter")
    facts = {"name": "W", "goal_metric": metric, "goal_value": "4"}
    assert door(world.manager).post(f"/campaigns/{campaign.pk}/", facts).status_code == 422
    campaign.refresh_from_db()
    assert (campaign.goal_metric, campaign.goal_value) == ("", None)


def connected(world: World, giving: str, *, gives: bool) -> Account:
    """An account of a channel whose manifest gives, or does not give, the metric."""
    slug = next(
        slug
        for slug, one in registry.connectors().items()
        if one.manifest.metrics and (giving in {m.key for m in one.manifest.metrics}) is gives
    )
    return Account.objects.create(
        workspace=world.workspace,
        brand=world.brand,
        channel=slug,
        remote_id="1",
        handle="@crumb",
        name="Crumb",
    )


def test_the_figure_may_count_what_an_account_gives_and_nothing_else(world: World, door: Door) -> None:
    campaign = start_campaign(world.manager, world.brand, "Winter")
    client, facts = door(world.manager), {"name": "W", "goal_metric": "saves", "goal_value": "40"}
    connected(world, "saves", gives=False)
    assert 'value="saves"' not in client.get(f"/campaigns/{campaign.pk}/").content.decode()
    assert client.post(f"/campaigns/{campaign.pk}/", facts).status_code == 422
    saving = connected(world, "saves", gives=True)
    assert 'value="saves">Saves' in client.get(f"/campaigns/{campaign.pk}/").content.decode()
    assert client.post(f"/campaigns/{campaign.pk}/", facts).status_code == 302
    # What was promised stays promised when that account goes.
    Account.objects.filter(pk=saving.pk).delete()
    page = client.get(f"/campaigns/{campaign.pk}/").content.decode()
    assert 'value="saves" selected' in page
    assert "Figure: 40 Saves" in page
    assert client.post(f"/campaigns/{campaign.pk}/", facts | {"name": "Winter tea"}).status_code == 302


def test_an_editor_may_read_but_not_start_one(world: World, door: Door) -> None:
    assert door(world.editor).get("/campaigns/").status_code == 200
    assert door(world.editor).post("/campaigns/", {"name": "Mine"}).status_code == 403


def test_strangers_see_nothing(world: World, stranger: World, door: Door) -> None:
    campaign = start_campaign(world.manager, world.brand, "Winter")
    assert door(stranger.owner).get(f"/campaigns/{campaign.pk}/").status_code == 404
