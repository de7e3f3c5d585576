"""In a demo, every form that asks for a server's address begins with the sandbox that plays the channel."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kitestring.connectorkit import registry
from kitestring.domains.workspaces.models import Member
from tests.world import World

SANDBOX = "http://127.0.0.1:21999"


def addressed() -> list[tuple[str, str, str]]:
    """(channel, way, key) of every field that would hold a server's address."""
    return [
        (slug, way, field.key)
        for slug, one in registry.connectors().items()
        for way in ("", *(way.key for way in one.manifest.ways))
        for field in registry.connected_by(slug, way).manifest.auth.fields
        if field.kind == "url" and (field.required or field.default)
    ]


@pytest.mark.parametrize(("channel", "way", "key"), addressed())
def test_it_begins_with_its_sandbox(
    world: World, door: Callable[[Member], Client], settings: Any, channel: str, way: str, key: str
) -> None:
    world.workspace.is_demo = True
    world.workspace.save()
    settings.DEMO = settings.ALLOW_LOOPBACK = True
    settings.CHANNEL_URLS = {channel: {"api": SANDBOX}}
    shown = door(world.owner).get(f"/settings/accounts/add/{channel}/?way={way}").content.decode()
    field = re.search(rf'<input[^>]*name="{key}"[^>]*>', shown)
    assert field is not None
    assert f'value="{SANDBOX}"' in field[0]


def test_there_are_such_channels() -> None:
    assert len({channel for channel, _, _ in addressed()}) >= 4
