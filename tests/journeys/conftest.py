"""Journeys drive the product in a real Chromium (Debian's), against a live server with real rows.

`chromium` is the browser; `desk(member)` opens a signed-in page and `visitor()` one of nobody's: a script error or a
break of the page's own policy fails the test. `platforms` are the channels' emulators, `engine` is the worker.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.composing.tests.test_composer import account_on
from kitestring.domains.workspaces.models import Member
from tests.browser import CHROMIUM
from tests.journeys.engine import Engine, aside
from tests.journeys.jumps import WATCH
from tests.journeys.platforms import Platforms, served
from tests.journeys.serving import Counting, wait_for_rest
from tests.world import World, make_world

LOCALES = {"en": "en-GB", "zh-hans": "zh-CN", "vi": "vi-VN"}
Desk = Callable[..., Page]
Open = Callable[[int, str], BrowserContext]

pytest.register_assert_rewrite("tests.journeys.before", "tests.journeys.after", "tests.journeys.looking")
LiveServerThread.server_class = Counting
expect.set_options(timeout=20_000)  # a busy machine is slow; a right answer comes at once
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="no Chromium (bin/system-packages browser)"))


@pytest.fixture
def at_rest(transactional_db: None) -> Iterator[None]:
    """What a closed page had asked for is still being answered: the tables are emptied only when that is done."""
    yield
    aside(wait_for_rest)


@pytest.fixture
def opened(chromium: Browser, live_server: object, at_rest: None) -> Iterator[Open]:
    """`opened(width, language)`: a browser of a person's own, whose pages may not break their script or policy."""
    said: list[str] = []
    contexts = []

    def watch(page: Page) -> None:
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
        page.on(
            "console", lambda line: said.append(line.text) if "Content Security Policy" in line.text else None
        )

    def open_context(width: int, language: str) -> BrowserContext:
        context = chromium.new_context(
            viewport={"width": width, "height": 844 if width < 600 else 900},
            locale=LOCALES.get(language, "en-GB"),
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.add_init_script(WATCH)
        context.on("page", watch)
        return context

    yield open_context
    for context in contexts:
        context.close()
    assert said == [], "a page broke its own policy or its own script"


@pytest.fixture
def world(transactional_db: None, settings: Any, tmp_path: Path) -> World:
    """A house whose rows the live server sees, with a folder of its own for files."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return make_world()


@pytest.fixture
def post(world: World) -> Post:
    """A draft with one account."""
    made = write_post(world.editor, world.brand, title="Bánh mì", text="Sáng nay bánh ra lò.")
    add_variant(world.editor, made.pk, account_on(world))
    return post_for(world.editor, made.pk)


@pytest.fixture
def visitor(opened: Open, live_server: object) -> Desk:
    """`visitor(path="/", width=1280, language="en")`: a page of somebody who is not signed in."""

    def open_page(path: str = "/", *, width: int = 1280, language: str = "en") -> Page:
        page = opened(width, language).new_page()
        page.goto(f"{live_server}{path}")
        return page

    return open_page


@pytest.fixture
def desk(opened: Open, live_server: object) -> Desk:
    """`desk(member, path="/", width=1280)`: a page of its own browser context, signed in as the member."""
    base = str(live_server)

    def open_desk(member: Member, path: str = "/", *, width: int = 1280, language: str = "") -> Page:
        if language:
            member.language = language
            member.save(update_fields=["language"])
        client = Client()
        client.force_login(member.user)
        context = opened(width, language or member.language)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": base}])
        page = context.new_page()
        page.goto(base + path)
        return page

    return open_desk


@pytest.fixture
def platforms(settings: Any) -> Iterator[Platforms]:
    """Every channel's emulator, where the settings say that the channel is."""
    with served() as there:
        settings.CHANNEL_URLS = {slug: one.urls() for slug, one in there.items()}
        yield there


@pytest.fixture
def engine(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[Engine]:
    settings.MEDIA_ROOT = tmp_path / "media"
    running = Engine()
    yield running
    running.stop()
