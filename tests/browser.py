"""One Chromium for all browser tests of a process, and these tests last.

Playwright keeps a loop running in its thread until it ends: two of it at once refuse each other, and asynchronous tests
after it would find that loop.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = (
    os.environ.get("KITESTRING_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
LONG = {"test_soak.py", "test_wheel.py", "test_line.py"}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers last, and first what takes a minute or more: begun at the end, it would leave the other processes idle."""
    items.sort(key=lambda item: (item.get_closest_marker("browser") is not None, item.path.name not in LONG))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()
