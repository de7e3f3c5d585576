"""How a journey looks at a page: no stack trace, no sideways scroll on a phone, no serious fault that axe can see,
and nothing that jumps while the page arrives, before anybody has touched it."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.jumps import JUMPS

SERIOUS = frozenset({"serious", "critical"})
PHONE = 390
TRACES = ("Traceback", "Internal Server Error", "DoesNotExist", "jinja2.exceptions", "psycopg")
WIDEST = """width => [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > width + 1)
    .map(e => e.outerHTML.slice(0, 90)).slice(-4).join(' | ')"""


def faults(page: Page) -> list[str]:
    """What axe calls serious or critical, with the first element that shows it."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in SERIOUS]


def settled(page: Page) -> None:
    """Wait until the parts of the page have arrived."""
    page.wait_for_load_state("load")
    expect(page.locator("[hx-trigger^=load] .skels")).to_have_count(0)


def troubles(page: Page, *, axe: bool = True) -> list[str]:
    """What is wrong with the page as it stands: traces instead of words, wider than the phone, axe's faults."""
    settled(page)
    text, found = page.inner_text("body"), []
    found += [f"{page.url} shows {trace}: {text[:200]}" for trace in TRACES if trace in text]
    width = page.viewport_size["width"] if page.viewport_size else 0
    wide = page.evaluate("document.documentElement.scrollWidth")
    if width <= PHONE < wide:
        found.append(f"{page.url} is {wide} px wide at {width}: {page.evaluate(WIDEST, width)}")
    jumps = page.evaluate("window.__jumps ?? []")
    if (moved := sum(value for value, *_what in jumps)) > JUMPS:
        found.append(f"{page.url} jumps by {moved:.2f} at {width}: {max(jumps)[1]}")
    return found + ([f"{page.url}: {fault}" for fault in faults(page)] if axe else [])


def calm(page: Page, *, axe: bool = True) -> None:
    """Assert that nothing is wrong with the page."""
    assert troubles(page, axe=axe) == []
