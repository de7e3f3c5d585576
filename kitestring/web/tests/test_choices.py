"""Brand, language, light and dark: chosen once, for the whole interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from kitestring.domains.brands.models import Brand
from kitestring.domains.workspaces.models import Member
from kitestring.web.health import KEPT_AS
from tests.world import World

Door = Callable[[Member], Client]


@pytest.fixture
def second(world: World) -> Brand:
    return Brand.objects.create(workspace=world.workspace, name="云岭茶事", timezone="Asia/Shanghai")


@pytest.mark.parametrize("by_path", [True, False])
def test_choosing_a_brand(world: World, second: Brand, door: Door, by_path: bool) -> None:
    client = door(world.editor)
    assert "Accounts of Crumb" in client.get("/settings/accounts/").content.decode()
    if by_path:
        answer = client.post(f"/brand/{second.id}/")
    else:
        answer = client.post("/brand/", {"brand": str(second.id)})
    assert answer.status_code == 302
    assert "Accounts of 云岭茶事" in client.get("/settings/accounts/").content.decode()


def test_until_one_is_chosen_it_is_the_first_in_the_members_language(
    world: World, second: Brand, door: Door
) -> None:
    Brand.objects.filter(pk=second.pk).update(language="zh-hans")
    Member.objects.filter(pk=world.editor.pk).update(language="zh-hans")
    client = door(world.editor)
    assert second.name in client.get("/settings/accounts/").content.decode().split("<h2", 1)[1]
    client.post(f"/brand/{world.brand.id}/")
    assert world.brand.name in client.get("/settings/accounts/").content.decode().split("<h2", 1)[1]


def test_another_workspaces_brand_cannot_be_chosen(world: World, stranger: World, door: Door) -> None:
    client = door(world.editor)
    assert client.post(f"/brand/{stranger.brand.id}/").status_code == 404
    assert client.post("/brand/", {"brand": "nonsense"}).status_code == 404
    assert "Accounts of Crumb" in client.get("/settings/accounts/").content.decode()


def test_one_stays_in_the_room(world: World, second: Brand, door: Door) -> None:
    client = door(world.editor)
    here = "http://testserver/settings/accounts/"
    answer = client.post(f"/brand/{second.id}/", headers={"referer": here})
    assert answer["Location"] == "/settings/accounts/"
    answer = client.post(f"/brand/{second.id}/", headers={"referer": f"{here}{world.brand.id}/"})
    assert answer["Location"] == "/settings/accounts/"
    answer = client.post(f"/brand/{second.id}/", headers={"referer": "https://evil.example/settings/"})
    assert answer["Location"] == "/"


def test_a_members_language_stays_theirs(world: World, door: Door) -> None:
    client = door(world.editor)
    answer = client.post("/language/", {"language": "zh-hans", "next": "/settings/"})
    assert answer["Location"] == "/settings/"
    assert '<html lang="zh-Hans"' in client.get("/settings/").content.decode()
    assert '<html lang="zh-Hans"' in door(world.editor).get("/settings/").content.decode()


@pytest.mark.parametrize(
    "odd", ["settings", "web:today", "10:00", "None", "http://[", "//evil.example", "\\\\evil"]
)
def test_an_odd_way_back_leads_to_today(world: World, door: Door, odd: str) -> None:
    client = door(world.owner)
    assert client.post("/language/", {"language": "en", "next": odd})["Location"] == "/"
    paused = client.post(f"/settings/pause/workspace/{world.workspace.pk}/", {"next": odd})
    assert paused["Location"] == "/settings/pause/"


def test_a_strangers_language_is_a_cookie(world: World) -> None:
    client = Client()
    client.post("/language/", {"language": "vi", "next": "//evil.example"})
    assert client.cookies["django_language"].value == "vi"
    assert '<html lang="vi"' in client.get("/account/login/").content.decode()
    client.post("/language/", {"language": "tlh"})
    assert client.cookies["django_language"].value == "vi"


def test_light_and_dark(world: World, door: Door) -> None:
    client = door(world.editor)
    assert client.post("/theme/", {"theme": "dark"}).status_code == 204
    assert 'data-theme="dark"' in client.get("/settings/").content.decode()
    assert client.post("/theme/", {"theme": "purple"}).status_code == 422


def test_health_is_looked_at_once_in_a_while(world: World, django_assert_num_queries: Any) -> None:
    cache.delete(KEPT_AS)
    first = Client().get("/health")
    with django_assert_num_queries(0):
        again = Client().get("/health")
    assert (again.status_code, again.json()) == (200, first.json())
    cache.delete(KEPT_AS)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'brands'")
    assert Client().get("/health").status_code == 503
    assert Client().get("/health").status_code == 503, "bad news is kept as bad news"
    cache.delete(KEPT_AS)


def test_health_tells_what_is_wrong(world: World) -> None:
    cache.delete(KEPT_AS)
    answer = Client().get("/health")
    told = answer.json()
    assert answer.status_code == 200
    assert (told["database"], told["migrations_pending"], told["wrong"]) == (True, 0, ["worker"])
    assert told["active"]["channels"] > 0
