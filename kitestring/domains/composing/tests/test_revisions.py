"""Revisions: read with what differs, written back without losing what stood there, and never over somebody's head."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.freeze import freeze
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.actions.save_variant import save_variant
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post, Revision
from kitestring.domains.composing.queries import post_for
from kitestring.domains.composing.tests.test_composer import account_on
from kitestring.domains.workspaces.models import Member
from tests.world import World

Door = Callable[[Member], Client]
FIRST = "Sáng nay bánh ra lò lúc 6 giờ."


@pytest.fixture
def post(world: World) -> Post:
    return write_post(world.editor, world.brand, title="Bánh mì", text=FIRST)


@pytest.fixture
def first(world: World, post: Post) -> Revision:
    """The post's first words, frozen; two lines were written after."""
    frozen = freeze(post, world.editor)
    save_post(world.editor, post.pk, {"text": "Bánh ra lò lúc 7 giờ.\nMời ghé."}, post.version)
    return frozen


def back(client: Client, revision: Revision, version: int | str) -> object:
    return client.post(f"/revisions/{revision.pk}/restore/", {"version": str(version)})


def test_words_come_back_and_those_that_stood_there_are_kept_too(
    world: World, post: Post, first: Revision, door: Door
) -> None:
    client = door(world.editor)
    assert back(client, first, post_for(world.editor, post.pk).version).status_code == 302
    restored = post_for(world.editor, post.pk)
    assert (restored.text, restored.digest) == (FIRST, first.digest)
    kept = Revision.objects.get(post=post, number=2)
    assert kept.content["text"] == "Bánh ra lò lúc 7 giờ.\nMời ghé."
    back(client, kept, restored.version)
    assert post_for(world.editor, post.pk).text == "Bánh ra lò lúc 7 giờ.\nMời ghé."


@pytest.mark.parametrize("version", ["", "1", "²", "9" * 4000])
def test_the_later_of_two_is_told_and_nothing_is_written_over(
    world: World, post: Post, first: Revision, door: Door, version: str
) -> None:
    seen = post_for(world.editor, post.pk).version
    save_post(world.manager, post.pk, {"text": "Hà wrote meanwhile"}, seen)
    answer = back(door(world.editor), first, version or seen)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Hà saved this post after you opened this page" in page
    assert post_for(world.editor, post.pk).text == "Hà wrote meanwhile"
    # Having read that, the same button does it.
    assert f'name="version" value="{seen + 1}"' in page
    assert back(door(world.editor), first, seen + 1).status_code == 302


def test_the_list_says_what_differs_and_who_has_words_of_its_own(
    world: World, post: Post, first: Revision, door: Door
) -> None:
    account = account_on(world)
    variant = add_variant(world.editor, post.pk, account)
    version = post_for(world.editor, post.pk).version
    save_variant(world.editor, variant.pk, {"text": "Only for Crumb"}, version)
    freeze(post_for(world.editor, post.pk), world.editor)
    page = door(world.stakeholder).get(f"/posts/{post.pk}/revisions/").content.decode()
    assert "3 lines differ from the revision before" in page
    assert "1 account with its own words" in page
    assert "Only for Crumb" in page
    assert page.index("Revision 2") < page.index("Revision 1")
    assert "restore" not in page  # who only reads is offered no way back


def test_a_post_that_was_never_frozen_says_when_it_will_be(world: World, post: Post, door: Door) -> None:
    page = door(world.editor).get(f"/posts/{post.pk}/revisions/")
    assert page.status_code == 200
    assert "The first one is made when" in page.content.decode()


def test_another_workspaces_revision_is_not_found(stranger: World, first: Revision, door: Door) -> None:
    assert back(door(stranger.owner), first, 2).status_code == 404
