"""Somebody without a login follows a connect link: one press leads out to the channel, and back to thanks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from kitestring.domains.channels.actions.connect_link import make_link, secret_of
from kitestring.domains.channels.actions.keep_app_keys import keep_app_keys
from kitestring.domains.channels.models import ConnectLink
from tests.journeys.conftest import Open
from tests.journeys.platforms import Platforms
from tests.world import World, make_world


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.mark.parametrize("width", [390, 1280])
def test_one_press_leads_out(
    world: World, opened: Open, live_server: object, platforms: Platforms, width: int
) -> None:
    there = platforms["instagram"]
    assert there.connector.emulator is not None
    keep_app_keys(world.owner, "meta", there.connector.emulator.app(there.base))
    link = make_link(world.owner, world.brand, there.slug, {})
    page = opened(width, "en").new_page()
    page.goto(f"{live_server}/connect/{secret_of(link)}/")
    press = page.get_by_role("button", name="Go to Instagram")
    expect(press).to_have_count(1)
    press.click()
    expect(page).to_have_url(re.compile(re.escape(there.base)))
    assert not ConnectLink.objects.filter(ended_at__isnull=False).exists()
