"""The inbox in a browser: what is opened has its address, an answer leaves once, an unsent one survives."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from kitestring.domains.inbox.models import Direction, Message
from kitestring.domains.inbox.tests.conftest import Street
from tests.journeys.conftest import Desk
from tests.journeys.looking import calm
from tests.world import World, make_world


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def street(world: World) -> Street:
    met = Street(world)
    met.comes("Mấy giờ quán mở ạ?", who="lan", ago=50)
    met.comes("几点开门？", who="wei", ago=5)
    return met


def test_what_is_opened_has_its_address_and_comes_back(world: World, street: Street, desk: Desk) -> None:
    page = desk(world.editor, "/inbox/")
    second = street.talk("wei")
    page.locator(f"a.conv[href*='{second.pk}']").click()
    expect(page.locator("#thread")).to_contain_text("几点开门？")
    expect(page).to_have_url(re.compile(f"/inbox/{second.pk}/"))
    page.fill("#answer", "早上六点")
    page.reload()
    expect(page.locator("#answer")).to_have_value("早上六点")
    calm(page)
    page.go_back()
    expect(page).to_have_url(re.compile("/inbox/$"))
    expect(page.locator("a.conv")).to_have_count(2)


def test_send_pressed_twice_answers_once(world: World, street: Street, desk: Desk) -> None:
    page = desk(world.editor, f"/inbox/{street.talk('lan').pk}/")
    page.fill("#answer", "Dạ, sáu giờ ạ.")
    page.locator("form.reply .btn.p[type=submit]").dblclick()
    expect(page.locator("#thread .msg.us")).to_have_count(1)
    page.wait_for_timeout(400)
    assert Message.objects.filter(direction=Direction.OUT).count() == 1
    expect(page.locator("#answer")).to_have_value("")


def test_a_row_pressed_while_the_first_one_loads_is_opened(world: World, street: Street, desk: Desk) -> None:
    page, first, second = desk(world.editor, "/calendar/"), street.talk("lan"), street.talk("wei")

    def slowly(route: Route) -> None:
        """The pane of the first row arrives only after the second was pressed."""
        page.locator(f"a.conv[href*='{second.pk}']").dispatch_event("click")
        route.continue_()

    page.route(re.compile(f"{first.pk}/.*peek=1"), slowly)
    page.goto(page.url.split("/calendar")[0] + "/inbox/")
    expect(page).to_have_url(re.compile(f"/inbox/{second.pk}/"))
    expect(page.locator("#thread")).to_contain_text("几点开门？")


def test_the_rail_counts_with_the_answer(world: World, street: Street, desk: Desk) -> None:
    page = desk(world.editor, f"/inbox/{street.talk('lan').pk}/")
    figure = page.locator('.rail a.nav[href="/inbox/"] b.num')
    expect(figure).to_have_text("2")
    page.fill("#answer", "Dạ, sáu giờ ạ.")
    page.locator("form.reply .btn.p[type=submit]").click()
    expect(figure).to_have_text("1")
    expect(page.locator("#list header .num")).to_have_text("1")
    expect(page.locator("#thread .us")).to_have_count(1)


def test_on_a_phone_the_person_is_one_tap_away(world: World, street: Street, desk: Desk) -> None:
    page = desk(world.editor, f"/inbox/{street.talk('lan').pk}/")
    page.set_viewport_size({"width": 390, "height": 844})
    page.click("[data-open=person]")
    expect(page.locator("#person")).to_be_visible()
    expect(page.locator("#person")).to_contain_text("A warm loaf")
    page.keyboard.press("Escape")
    expect(page.locator("#person")).to_be_hidden()


def test_between_phone_and_desk_there_is_one_pane_at_a_time(world: World, street: Street, desk: Desk) -> None:
    page = desk(world.editor, "/inbox/", width=780)
    expect(page.locator("a.conv")).to_have_count(2)
    expect(page.locator(".threadcol")).to_be_hidden()
    page.locator(f"a.conv[href*='{street.talk('wei').pk}']").click()
    expect(page.locator("#thread")).to_be_visible()
    expect(page.locator("#list")).to_be_hidden()
    box = page.locator(".threadcol").bounding_box()
    assert box
    assert box["width"] > 500
    calm(page)
    page.locator(".to-list").click()
    expect(page.locator("#list")).to_be_visible()


def test_no_answer_needed_and_undone(world: World, street: Street, desk: Desk) -> None:
    page = desk(world.editor, f"/inbox/{street.talk('lan').pk}/")
    figure = page.locator('.rail a.nav[href="/inbox/"] b.num')
    page.locator("#thread").press("e")
    expect(figure).to_have_text("1")
    expect(page.locator("a.conv")).to_have_count(1)
    page.locator("#toasts [hx-post]").click()
    expect(page.locator("a.conv")).to_have_count(2)
    expect(figure).to_have_text("2")
