"""Toasts stand on nothing that a person may want to press, wide and narrow, and are said to who does not see them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.tests.test_composer import account_on
from kitestring.domains.inbox.tests.conftest import Street
from kitestring.kit.clock import now
from tests.journeys.conftest import Desk
from tests.world import World, make_world

SAY = """(text) => document.body.dispatchEvent(new CustomEvent('toast', {bubbles: true, detail: {text}}))"""
COVERED = """() => {
  const said = [...document.querySelectorAll('.toast')].map((one) => one.getBoundingClientRect());
  const pressed = 'a[href], button, input:not([type=hidden]), textarea, select, summary, [draggable=true]';
  return [...document.querySelectorAll(pressed)].filter((one) => {
    if (one.closest('#toasts') || !one.checkVisibility()) return false;
    const box = one.getBoundingClientRect();
    const over = (s) => box.left < s.right && box.right > s.left && box.top < s.bottom && box.bottom > s.top;
    return box.width > 1 && said.some(over);
  }).map((one) => one.outerHTML.slice(0, 120));
}"""


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def street(world: World) -> Street:
    met = Street(world)
    for n in range(12):
        met.comes("Mấy giờ quán mở ạ?", who=f"who{n}", ago=50 - n)
    return met


def full(world: World) -> Post:
    """A month with three posts each day; gives the last one."""
    first = now().astimezone(world.brand.zone).replace(day=1, hour=9, minute=0)
    for n in range(93):
        post = write_post(world.editor, world.brand, title=f"A warm loaf {n}")
        post = save_post(world.editor, post.pk, {"planned_for": first + timedelta(hours=8 * n)}, post.version)
    return post


def covered(page: Page) -> list[str]:
    """What lies under a toast, once the page has drawn itself around it."""
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    return list(page.evaluate(COVERED))


def said(page: Page, text: str) -> None:
    page.evaluate(SAY, text)
    expect(page.locator("#toasts .toast").last).to_have_text(re.compile(text))


@pytest.mark.parametrize("width", [1280, 390])
def test_the_answer_box_stays_free(world: World, street: Street, desk: Desk, width: int) -> None:
    page = desk(world.editor, f"/inbox/{street.talk('who3').pk}/", width=width, language="vi")
    said(page, "Câu trả lời cho Nguyễn Hoàng Phước Lộc đang được gửi.")
    said(page, "Không cần trả lời: Bảo Trần.")
    assert covered(page) == []
    page.fill("#answer", "Dạ, sáu giờ ạ.")
    page.locator("form.reply .btn.p[type=submit]").click()
    expect(page.locator("#thread .us")).to_have_count(1)


def test_no_page_of_the_desk_is_covered(world: World, street: Street, desk: Desk) -> None:
    post = full(world)
    page = desk(world.editor, "/")
    base = page.url.rstrip("/")
    for address in ("/", "/calendar/", "/calendar/?view=week", "/posts/", f"/posts/{post.pk}/"):
        page.goto(base + address)
        said(page, "It was moved to Thursday 26 November, 10:00.")
        assert covered(page) == [], address
        page.set_viewport_size({"width": 1280, "height": 620})
        assert covered(page) == [], f"{address}, lower"
        page.set_viewport_size({"width": 1280, "height": 900})


def test_it_is_announced(world: World, desk: Desk) -> None:
    page = desk(world.editor, "/")
    said(page, "Moved.")
    expect(page.locator("#toasts[aria-live=polite] [role=status]")).to_have_text(re.compile("Moved."))


@pytest.mark.parametrize("width", [1280, 390])
def test_what_was_done_in_the_composer_is_said_beside_its_buttons(
    world: World, desk: Desk, width: int
) -> None:
    """They come and go while the toast stands: what comes after it is not covered either."""
    post = write_post(world.editor, world.brand, title="A warm loaf", text="Out of the oven.")
    add_variant(world.editor, post.pk, account_on(world))
    page = desk(world.editor, f"/posts/{post.pk}/", width=width)
    page.locator("[data-open=schedule]:visible").first.click()
    page.locator("#schedule").get_by_role("button", name="Schedule", exact=True).click()
    expect(page.locator("#schedule")).to_be_hidden()
    expect(page.locator("#toasts .toast")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    assert covered(page) == []
    page.reload()
    said(page, "It is said before the buttons are there.")
    page.wait_for_load_state("networkidle")
    assert covered(page) == []
