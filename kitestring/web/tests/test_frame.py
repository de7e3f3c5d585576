"""The frame is drawn once for a reader and then filled in: with this page's token and address, never another's."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from kitestring.domains.workspaces.models import Member
from kitestring.ui import pieces
from tests.world import World

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@pytest.fixture
def desk(world: World, door: Callable[[Member], Client]) -> Client:
    """The manager, signed in."""
    return door(world.manager)


def page_of(desk: Client, address: str = "/") -> str:
    return desk.get(address).content.decode()


def test_a_second_page_draws_no_piece_again(world: World, desk: Client) -> None:
    page_of(desk)
    before = pieces._kept.cache_info()
    page_of(desk)
    after = pieces._kept.cache_info()
    assert after.misses == before.misses
    assert after.hits == before.hits + 3


def test_every_page_has_its_own_token_and_address(world: World, desk: Client) -> None:
    first, second = page_of(desk, "/?one"), page_of(desk, "/?two&<b>")
    assert "\0" not in first + second
    assert len(set(TOKEN.findall(first))) == 1
    assert set(TOKEN.findall(first)).isdisjoint(TOKEN.findall(second))
    assert 'name="next" value="/?one"' in first
    assert 'name="next" value="/?two&amp;' in second
    assert "<b>" not in re.findall(r'name="next" value="([^"]*)"', second)[0]


def test_what_the_frame_shows_is_drawn_anew_when_it_changes(world: World, desk: Client) -> None:
    page_of(desk)
    world.manager.name = "Somebody Else"
    world.manager.save()
    assert "Somebody Else" in page_of(desk)
    desk.post("/language/", {"language": "vi", "next": "/"})
    assert 'lang="vi"' in page_of(desk)
    assert "Hôm nay" in page_of(desk)
