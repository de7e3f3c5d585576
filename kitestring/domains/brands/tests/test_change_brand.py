"""Brands are added, changed, put aside and brought back by those who may; each change is written down."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kitestring.domains.brands.actions.change_brand import change_brand
from kitestring.domains.brands.models import Brand
from kitestring.domains.brands.rules import usual_markets
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit.refusals import Refusal
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


def test_markets_follow_zone_and_language_until_somebody_chooses(world: World, door: Door) -> None:
    client = door(world.manager)
    client.post("/settings/brands/add/", {**FORM, "markets": ["VN"]})
    brand = Brand.objects.get(name="Nắng")
    assert (brand.markets, brand.sells_in) == (None, ["VN"])
    page = client.get(f"/settings/brands/{brand.pk}/").content.decode()
    assert 'value="VN" checked' in page
    client.post(f"/settings/brands/{brand.pk}/", {**FORM, "markets": ["VN"], "answer_within": "120"})
    brand.refresh_from_db()
    assert (brand.markets, brand.answer_within) == (None, 120)
    client.post(f"/settings/brands/{brand.pk}/", {**FORM, "markets": ["US", "VN"]})
    brand.refresh_from_db()
    assert brand.sells_in == ["US", "VN"]
    assert AuditEntry.objects.filter(verb="brand.change").latest("at").after["markets"] == ["US", "VN"]
    client.post(f"/settings/brands/{brand.pk}/", FORM)
    brand.refresh_from_db()
    assert (brand.markets, brand.sells_in) == ([], [])


def test_a_market_without_rules_is_refused(world: World) -> None:
    with pytest.raises(Refusal) as refused:
        change_brand(world.manager, world.brand.pk, markets=["VN", "XX"])
    assert refused.value.field == "markets"


@pytest.mark.parametrize(
    ("language", "zone", "usual"),
    [
        ("vi", "Asia/Ho_Chi_Minh", ["VN"]),
        ("zh-hans", "UTC", ["CN"]),
        ("zh-hans", "America/New_York", ["US"]),
        ("en", "Europe/Berlin", ["EU"]),
        ("en", "Asia/Singapore", []),
        ("en", "UTC", []),
    ],
)
def test_the_usual_markets(language: str, zone: str, usual: list[str]) -> None:
    assert usual_markets(language, zone) == usual
