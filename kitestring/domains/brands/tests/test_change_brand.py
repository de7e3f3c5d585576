"""Brands are added, changed, put aside and brought back by those who may; each change is written down."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kitestring.domains.brands.models import Brand
from kitestring.domains.workspaces.models import AuditEntry, Member
from tests.world import World

Door = Callable[[Member], Client]
FORM = {
    "name": "Nắng",
    "language": "vi",
    "timezone": "Asia/Ho_Chi_Minh",
    "answer_within": "60",
    "needs_approval": "on",
    "colour": "#aa3322",
    "mark": "N",
}


def test_a_manager_adds_a_brand(world: World, door: Door) -> None:
    answer = door(world.manager).post("/settings/brands/add/", FORM)
    assert answer.status_code == 302
    brand = Brand.objects.get(name="Nắng")
    assert (brand.answer_within, brand.needs_approval, brand.workspace_id) == (60, True, world.workspace.id)
    assert AuditEntry.objects.get(verb="brand.add").after["name"] == "Nắng"


def test_an_editor_may_not(world: World, door: Door) -> None:
    answer = door(world.editor).post("/settings/brands/add/", FORM)
    assert answer.status_code == 403
    assert "Your role (Editor) cannot do this" in answer.content.decode()
    assert not Brand.objects.filter(name="Nắng").exists()


def test_two_brands_cannot_share_a_name(world: World, door: Door) -> None:
    answer = door(world.owner).post("/settings/brands/add/", {**FORM, "name": "crumb"})
    assert answer.status_code == 422
    assert 'id="id_name-err"' in answer.content.decode()


def test_the_record_says_before_and_after(world: World, door: Door) -> None:
    path = f"/settings/brands/{world.brand.id}/"
    door(world.owner).post(path, {**FORM, "name": "Crumb", "timezone": "Tokyo"})
    entry = AuditEntry.objects.get(verb="brand.change")
    assert entry.before["timezone"] == "Asia/Ho_Chi_Minh"
    assert entry.after["timezone"] == "Asia/Tokyo"
    assert "needs_approval" not in entry.after


def test_the_only_brand_cannot_be_archived(world: World, door: Door) -> None:
    answer = door(world.owner).post(f"/settings/brands/{world.brand.id}/archive/")
    assert answer.status_code == 422
    assert "only brand" in answer.content.decode()


def test_an_archived_brand_comes_back(world: World, door: Door) -> None:
    client = door(world.owner)
    client.post("/settings/brands/add/", FORM)
    other = Brand.objects.get(name="Nắng")
    client.post(f"/settings/brands/{other.id}/archive/")
    other.refresh_from_db()
    assert other.archived_at is not None
    assert "Bring back" in client.get("/settings/brands/").content.decode()
    client.post(f"/settings/brands/{other.id}/restore/")
    other.refresh_from_db()
    assert other.archived_at is None


@pytest.mark.parametrize("verb", ["", "archive/", "restore/"])
def test_a_stranger_finds_no_brand_of_ours(world: World, stranger: World, door: Door, verb: str) -> None:
    answer = door(stranger.owner).post(f"/settings/brands/{world.brand.id}/{verb}", FORM)
    assert answer.status_code == 404
    world.brand.refresh_from_db()
    assert world.brand.name == "Crumb"
    assert world.brand.archived_at is None


def test_without_a_brand_the_page_says_what_to_do(world: World, door: Door) -> None:
    world.brand.delete()
    page = door(world.owner).get("/settings/accounts/").content.decode()
    assert "No brand yet" in page
    assert "Add a brand" in page


def test_the_list_names_the_city_not_the_zone(world: World, door: Door) -> None:
    world.brand.timezone = "Asia/Ho_Chi_Minh"
    world.brand.save()
    page = door(world.owner).get("/settings/brands/").content.decode()
    assert "Ho Chi Minh City" in page
    assert "Asia/Ho_Chi_Minh" not in page
