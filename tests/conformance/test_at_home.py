"""Who reads a market's language finds its channels first where an account is added."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.world import World

PLACES = ("wechat", "zalo", "bluesky")


@pytest.mark.parametrize(("language", "first"), [("zh-hans", "wechat"), ("vi", "zalo"), ("en", "bluesky")])
def test_channels_of_the_readers_market_come_first(world: World, language: str, first: str) -> None:
    world.manager.language = language
    world.manager.save()
    client = Client()
    client.force_login(world.manager.user)
    page = client.get("/settings/accounts/add/").content.decode()
    assert min(PLACES, key=lambda slug: page.index(f"/add/{slug}/")) == first
