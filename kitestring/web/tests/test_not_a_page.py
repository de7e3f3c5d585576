"""An address that only takes what a button sends is, opened by itself, a page of ours with the way back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from kitestring.domains.workspaces.models import Member
from kitestring.web.choices import room_above
from tests.world import World

Door = Callable[[Member], Client]
PAGE = {"accept": "text/html,application/xhtml+xml"}


@pytest.mark.parametrize(
    ("language", "says"),
    [("en", "There is nothing to read"), ("zh-hans", "没有可看的内容"), ("vi", "không có gì để xem")],
)
def test_it_leads_back_in_the_readers_language(world: World, door: Door, language: str, says: str) -> None:
    world.owner.language = language
    world.owner.save()
    address = f"/settings/pause/workspace/{world.workspace.pk}/resume/"
    answer = door(world.owner).get(address, headers=PAGE)
    page = answer.content.decode()
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert says in page
    assert 'href="/settings/pause/"' in page


def test_a_program_gets_the_bare_answer(world: World, door: Door) -> None:
    client, address = door(world.owner), f"/settings/pause/workspace/{world.workspace.pk}/"
    assert client.get(address).content == b""
    assert client.get(address, headers=PAGE | {"hx-request": "true"}).content == b""


def test_the_way_back_is_the_nearest_page_that_opens() -> None:
    post = uuid4()
    assert room_above(f"/posts/{post}/evergreen/drop/") == f"/posts/{post}/"
    assert room_above(f"/settings/pause/workspace/{post}/resume/") == "/settings/pause/"
    assert room_above("/nowhere/") == "/"
