"""Without a mouse: the palette leads to a page, a brief is begun, written and kept, dialogs give the focus back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from kitestring.domains.ideas.models import Brief
from tests.journeys.conftest import Desk
from tests.world import World, make_world

RING = """() => { const s = getComputedStyle(document.activeElement);
    return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1 || s.boxShadow !== 'none'; }"""
HERE = "() => document.activeElement.id || document.activeElement.name || document.activeElement.tagName"


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Walk there by Tab; on every stop of the way the focus is to be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        assert page.evaluate(RING), f"no focus to be seen on {page.evaluate(HERE)}"
        if page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"{selector} is not reached by Tab in {most} steps")


def test_a_brief_is_found_begun_written_and_kept_by_keys_alone(world: World, desk: Desk) -> None:
    page = desk(world.editor, "/")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette input")).to_be_focused()
    href = "/briefs/"
    label = page.locator(f"#palette [role=option][href='{href}']").inner_text()
    page.keyboard.type(label)
    expect(page.locator("#palette [aria-selected=true]")).to_have_attribute("href", href)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/briefs/$"))
    tab_to(page, "[data-open=new-brief]")
    page.keyboard.press("Enter")
    expect(page.locator("#new-brief [name=title]")).to_be_focused()
    page.keyboard.type("Without a mouse")
    page.keyboard.press("Enter")
    expect(page.locator("#f-title")).to_have_value("Without a mouse")
    tab_to(page, "#a-objective")
    page.keyboard.type("Whoever cannot use a mouse writes this.")
    tab_to(page, "#a-key_message")
    page.keyboard.type("Everything is reached by keys.")
    tab_to(page, "[name=response]")
    page.keyboard.press("Space")
    expect(page.locator("#brief-version")).not_to_have_value("1")
    page.reload()
    expect(page.locator("#a-key_message")).to_have_value("Everything is reached by keys.")
    kept = Brief.objects.get()
    assert (kept.title, kept.objective[:7], bool(kept.response)) == ("Without a mouse", "Whoever", True)


def test_what_opens_is_closed_by_escape_and_gives_the_focus_back(world: World, desk: Desk) -> None:
    page = desk(world.owner, "/briefs/")
    opener = page.locator("main [data-open=new-brief]").first
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#new-brief")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#new-brief")).not_to_be_visible()
    expect(opener).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    me = page.locator("button[popovertarget=me-menu]")
    me.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#me-menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#me-menu")).not_to_be_visible()
    expect(me).to_be_focused()


def test_the_first_stop_leads_past_the_rail(world: World, desk: Desk) -> None:
    page = desk(world.editor, "/briefs/")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
