"""The small behaviours in a real browser, under the product's own content policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from kitestring.ui import assets
from kitestring.ui.tests.desk import PAGE, Desk, open_desk
from tests.browser import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium (bin/system-packages browser)"),
    pytest.mark.skipif(not assets.BUILT.exists(), reason="the interface is not built here"),
]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        yield opened


@pytest.fixture
def page(chromium: Browser, desk: Desk) -> Iterator[Page]:
    shown = chromium.new_page(viewport={"width": 1280, "height": 900})
    said: list[str] = []
    shown.on("pageerror", lambda error: said.append(str(error)))
    shown.on(
        "console", lambda line: said.append(line.text) if "Content Security Policy" in line.text else None
    )
    shown.goto(desk.write("desk", PAGE))
    shown.wait_for_function("window.htmx !== undefined")
    yield shown
    shown.close()
    assert said == [], "a page broke its own policy or its own script"


def test_autosave_says_what_became_of_the_text(page: Page, desk: Desk) -> None:
    page.fill("#f-t", "Sáng nay")
    expect(page.locator("#saved")).to_contain_text("Saved")
    assert desk.asked[-1][0] == "/save"
    assert desk.asked[-1][2] == "token-of-the-page"
    desk.save = 500
    page.fill("#f-t", "Sáng nay Sài Gòn")
    expect(page.locator("#saved")).to_contain_text("Not saved")
    desk.save = 200
    expect(page.locator("#saved")).to_contain_text("Saved", timeout=9000)


def test_the_server_sends_a_toast_and_errors_are_shown(page: Page) -> None:
    page.keyboard.press("m")
    expect(page.locator("#toasts")).to_contain_text("Moved to Friday.")
    page.click("#wrong")
    expect(page.locator("#out")).to_have_text("This hour is over.")


def test_a_dialog_gives_the_focus_back(page: Page) -> None:
    page.click("#open")
    expect(page.locator("#f-why")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#d")).to_be_hidden()
    expect(page.locator("#open")).to_be_focused()


def test_the_palette_finds_pages_and_goes_there(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("resu")
    expect(page.locator("#palette [aria-selected]")).to_have_text("Results")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#results$"))


def test_what_is_typed_the_moment_the_palette_opens_is_kept(page: Page) -> None:
    page.evaluate(
        """() => {
            document.dispatchEvent(new KeyboardEvent("keydown", { key: "k", ctrlKey: true, bubbles: true }));
            const input = document.querySelector("#palette input");
            input.value = "resu";
            input.dispatchEvent(new Event("input", { bubbles: true }));
            return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
        }"""
    )
    expect(page.locator("#palette input")).to_have_value("resu")
    expect(page.locator("#palette [aria-selected]")).to_have_text("Results")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette input")).to_have_value("")
    expect(page.locator("#palette [aria-selected]")).to_have_text("Today")


def test_j_and_k_walk_and_typing_is_left_alone(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("#r0")).to_be_focused()
    page.click("#f-t")
    page.keyboard.type("jj")
    expect(page.locator("#f-t")).to_have_value("jj")


def test_pasted_lines_are_counted(page: Page) -> None:
    page.fill("#f-lines", "một\nhai\nMột\n\n")
    expect(page.locator("[data-bulk-for]")).to_have_text("3 of 200; 1 repeats a line above")
    page.fill("#f-lines", "một\nhai\nMột\nHai")
    expect(page.locator("[data-bulk-for]")).to_have_text("4 of 200; 2 repeat a line above")


@pytest.mark.parametrize(
    ("width", "theme", "language"),
    [(1280, "light", "en"), (1280, "dark", "zh-hans"), (390, "light", "vi"), (390, "dark", "zh-hans")],
)
def test_every_component_can_be_used_by_all(
    chromium: Browser, desk: Desk, width: int, theme: str, language: str
) -> None:
    # The policy is off here only because axe is a script of the test's own.
    context = chromium.new_context(viewport={"width": width, "height": 844}, bypass_csp=True)
    shown = context.new_page()
    shown.goto(desk.write("guide", "ui/styleguide.html", language, theme))
    shown.wait_for_load_state("networkidle")
    found = Axe().run(shown).response["violations"]
    wide = shown.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    context.close()
    assert [(f["id"], f["nodes"][0]["html"][:120]) for f in found] == []
    assert wide <= 0, f"the page can be pushed {wide} px sideways"
