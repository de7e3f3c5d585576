"""The pages of an archived brand say that it is archived and lead back; they do not blame its accounts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kitestring.domains.brands.actions.change_brand import archive_brand
from kitestring.domains.brands.models import Brand
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.tests.test_composer import account_on
from kitestring.domains.ideas.models import Brief
from kitestring.domains.planning.models import Campaign
from kitestring.domains.workspaces.models import Member
from tests.world import World

Door = Callable[[Member], Client]


@pytest.fixture
def pages(world: World) -> list[str]:
    """Pages of a brand that was put aside; the workspace works on with another."""
    account = account_on(world)
    post = write_post(world.editor, world.brand, title="Kept", text="Kept.")
    brief = Brief.objects.create(brand=world.brand, title="Kept")
    campaign = Campaign.objects.create(brand=world.brand, name="Kept")
    Brand.objects.create(workspace=world.workspace, name="Another")
    archive_brand(world.owner, world.brand.pk)
    return [
        f"/posts/{post.pk}/",
        f"/briefs/{brief.pk}/",
        f"/campaigns/{campaign.pk}/",
        f"/settings/accounts/{account.pk}/",
        f"/settings/accounts/?brand={world.brand.pk}",
        f"/settings/brands/{world.brand.pk}/",
    ]


def test_they_say_so_and_lead_back(world: World, door: Door, pages: list[str]) -> None:
    client = door(world.owner)
    for path in pages:
        page = client.get(path).content.decode()
        assert "is archived since" in page, path
        assert f"/settings/brands/{world.brand.pk}/restore/" in page, path
    assert client.post(f"/settings/brands/{world.brand.pk}/restore/").status_code == 302
    assert "is archived since" not in client.get(pages[0]).content.decode()


def test_who_may_not_bring_it_back_is_told_who_can(world: World, door: Door, pages: list[str]) -> None:
    page = door(world.editor).get(pages[0]).content.decode()
    assert "an owner or a manager can bring it back" in page
    assert "/restore/" not in page
