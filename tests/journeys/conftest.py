"""Journeys drive the product in a real Chromium (Debian's), against a live server with real rows.

`chromium` is the browser; `desk(member)` opens a signed-in page whose script errors fail the test.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from kitestring.domains.workspaces.models import Member

CHROMIUM = (
    os.environ.get("KITESTRING_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
Desk = Callable[..., Page]

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="no Chromium (bin/system-packages browser)"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def desk(chromium: Browser, live_server: object) -> Iterator[Desk]:
    """`desk(member, path="/", width=1280)`: a page of its own browser context, signed in as the member."""
    base = str(live_server)
    said: list[str] = []
    opened = []

    def open_desk(member: Member, path: str = "/", *, width: int = 1280, language: str = "") -> Page:
        if language:
            member.language = language
            member.save(update_fields=["language"])
        client = Client()
        client.force_login(member.user)
        context = chromium.new_context(viewport={"width": width, "height": 844 if width < 600 else 900})
        opened.append(context)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": base}])
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "console", lambda line: said.append(line.text) if "Content Security Policy" in line.text else None
        )
        page.goto(base + path)
        return page

    yield open_desk
    for context in opened:
        context.close()
    assert said == [], "a page broke its own policy or its own script"
