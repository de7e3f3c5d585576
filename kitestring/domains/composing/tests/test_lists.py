"""Lists of posts ask the same few questions whatever their length."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.tests.test_composer import account_on
from kitestring.domains.workspaces.models import Member
from tests.world import World


@pytest.mark.django_db
def test_as_few_questions_for_many_posts_as_for_one(
    world: World, door: Callable[[Member], Client], django_assert_num_queries: Callable[..., Any]
) -> None:
    account = account_on(world)
    client = door(world.editor)

    def write(n: int) -> None:
        post = write_post(world.editor, world.brand, title=f"Post {n}", text=f"Text {n}")
        add_variant(world.editor, post.pk, account)

    write(1)
    client.get("/posts/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/posts/")
    for n in range(2, 6):
        write(n)
    with django_assert_num_queries(len(asked)):
        assert "Post 5" in client.get("/posts/").content.decode()
