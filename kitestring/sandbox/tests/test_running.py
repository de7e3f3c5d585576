"""The sandbox as a server: every channel connects where its address says, pages show posts, switches are ours alone."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from kitestring.connectorkit.consent import say_yes
from kitestring.connectorkit.emulation import Item
from kitestring.connectorkit.sessions import connecting
from kitestring.sandbox.addresses import Addresses, addresses
from kitestring.sandbox.control import HEADER
from kitestring.sandbox.emulated import Emulated, all_emulated
from kitestring.sandbox.pages import channel_html
from kitestring.sandbox.running import running

Sandbox = tuple[dict[str, Emulated], Addresses]


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    where = addresses(tmp_path)
    channels = all_emulated(tmp_path, where)
    async with running(channels, where):
        yield channels, where


def test_addresses_stay_for_a_data_folder(tmp_path: Path) -> None:
    assert addresses(tmp_path) == addresses(tmp_path)


async def test_every_channel_connects_by_its_address(sandbox: Sandbox) -> None:
    channels, where = sandbox
    urls = json.loads(where.surroundings()["KITESTRING_CHANNEL_URLS"])
    for slug, one in channels.items():
        typed = one.module.answers(one.base, "tea-house")
        auth, consent = one.connector.auth, one.connector.consent
        assert auth is not None
        manifest = one.connector.manifest
        async with connecting(manifest, typed, urls_override=urls[slug], allow_loopback=True) as (
            http,
            found,
        ):
            if consent is None:
                assert (await auth.connect(http, found, typed)).remote_id, slug
                continue
            app = one.module.app(one.base)
            begun = await consent.begin(http, found, app, typed, state="s", redirect_uri=where.index)
            back = await say_yes(begun.url, "tea-house")
            several = await consent.finish(http, found, app, begun, back, redirect_uri=where.index)
            assert several[0].remote_id, slug


async def test_every_channel_says_what_it_takes_to_connect(sandbox: Sandbox) -> None:
    channels, _ = sandbox
    for slug, one in channels.items():
        said = channel_html(one)
        assert "To connect" in said, slug
        assert said.count("<code>") >= 1, slug


async def test_a_browser_sees_a_post_with_its_answers_escaped(sandbox: Sandbox) -> None:
    channels, _ = sandbox
    one = next(iter(channels.values()))
    one.platform.add(Item("7001", "us", "一只小炉", "2026-11-25T08:00:00+00:00"))
    one.platform.comment("7001", "x", "X", "<script>alert(1)</script>")
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{one.base}/profile/us/post/7001", headers={"Accept": "text/html"}) as answer,
    ):
        text = await answer.text()
    assert answer.status == 200
    assert "一只小炉" in text
    assert "&lt;script&gt;" in text
    assert "<script>" not in text


async def test_switches_want_our_header(sandbox: Sandbox) -> None:
    channels, where = sandbox
    one = next(iter(channels.values()))
    one.platform.add(Item("7001", "us", "一只小炉", "2026-11-25T08:00:00+00:00"))
    asked = {"on": "7001", "author": "linh", "name": "Linh", "text": "几点打烊？"}
    address = f"{where.index}/control/{one.slug}/comment"
    async with aiohttp.ClientSession() as session:
        async with session.post(address, json=asked) as refused:
            assert refused.status == 403
        async with session.post(address, json=asked, headers={HEADER: "1"}) as taken:
            assert taken.status == 200
    assert [c.text for c in one.platform.comments("7001")] == ["几点打烊？"]


async def test_state_is_kept_over_a_restart(tmp_path: Path) -> None:
    where = addresses(tmp_path)
    channels = all_emulated(tmp_path, where)
    one = next(iter(channels.values()))
    async with running(channels, where):
        one.platform.add(Item("7001", "us", "Một ly", "2026-11-25T08:00:00+00:00"))
        one.changed = True
    assert all_emulated(tmp_path, where)[one.slug].platform.items["7001"].text == "Một ly"
