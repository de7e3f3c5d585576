"""The palette finds posts, briefs, campaigns and people of the brand in hand, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kitestring.domains.composing.models import Post
from kitestring.domains.ideas.models import Brief
from kitestring.domains.planning.models import Campaign
from kitestring.domains.workspaces.models import Member
from tests.world import World

Door = Callable[[Member], Client]


@pytest.fixture
def things(world: World, stranger: World) -> World:
    for one in (world, stranger):
        Brief.objects.create(brand=one.brand, title=f"Cà phê muối {one.brand.name}")
        Campaign.objects.create(brand=one.brand, name=f"Tuần lễ bánh mì {one.brand.name}")
        Post.objects.create(brand=one.brand, text=f"咸咖啡 salt coffee {one.brand.name}")
    return world


def found(client: Client, words: str) -> str:
    answer = client.get("/search/", {"q": words})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("words", "there"),
    [
        ("muối", "Cà phê muối Crumb"),
        ("PHÊ cà", "Cà phê muối Crumb"),
        ("bánh", "Tuần lễ bánh mì Crumb"),
        ("咸咖啡", "咸咖啡 salt coffee Crumb"),
        ("周明珊", "Approver"),
    ],
)
def test_by_words_in_any_order(things: World, door: Door, words: str, there: str) -> None:
    page = found(door(things.editor), words)
    assert there in page
    assert 'role="option"' in page
    assert "Rival" not in page


@pytest.mark.parametrize("words", ["", "   ", "\0", "zzzz", "%", "' OR 1=1"])
def test_nothing_is_an_empty_answer(things: World, door: Door, words: str) -> None:
    assert 'role="option"' not in found(door(things.editor), words)


def test_a_stranger_searches_nothing(things: World) -> None:
    assert Client().get("/search/?q=a").status_code == 302
