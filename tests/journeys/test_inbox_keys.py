"""Answering by keys alone: a letter meant for the list never ends in an answer, and what was typed is never lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from kitestring.domains.inbox.models import Direction, Message
from kitestring.domains.inbox.tests.conftest import Street
from tests.journeys.conftest import Desk
from tests.world import World, make_world

WHO = ("lan", "wei", "mai")


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def street(world: World) -> Street:
    met = Street(world)
    for n, who in enumerate(WHO):
        met.comes(f"A question of {who}", who=who, ago=50 - 10 * n)
    return met


@pytest.fixture
def at(world: World, street: Street, desk: Desk) -> Callable[[str], Page]:
    """`at(who)`: the inbox with that conversation open."""
    return lambda who: desk(world.editor, f"/inbox/{street.talk(who).pk}/")


def opened(page: Page, street: Street, who: str) -> None:
    expect(page).to_have_url(re.compile(f"/inbox/{street.talk(who).pk}/"))
    expect(page.locator("#pane")).to_have_attribute("data-talk", str(street.talk(who).pk))


def answers() -> list[str]:
    return list(Message.objects.filter(direction=Direction.OUT).order_by("at").values_list("text", flat=True))


def test_sending_by_keys_opens_the_next_and_leaves_the_box(street: Street, at: Callable[[str], Page]) -> None:
    page = at("lan")
    page.locator("#thread").press("r")
    page.keyboard.type("Dạ, sáu giờ ạ.")
    page.keyboard.press("Control+Enter")
    opened(page, street, "wei")
    expect(page.locator("#thread")).to_be_focused()
    expect(page.locator("#toasts")).to_contain_text("Your answer to Lan")
    page.keyboard.press("j")
    opened(page, street, "mai")
    page.keyboard.press("k")
    opened(page, street, "wei")
    expect(page.locator("#answer")).to_have_value("")
    assert answers() == ["Dạ, sáu giờ ạ."]


def test_letters_pressed_while_an_answer_leaves_go_nowhere(street: Street, at: Callable[[str], Page]) -> None:
    page = at("lan")

    def slowly(route: Route) -> None:
        """Whoever is quicker than the line presses on meanwhile."""
        page.keyboard.type("jke")
        route.continue_()

    page.route("**/reply/**", slowly)
    page.fill("#answer", "Dạ, sáu giờ ạ.")
    page.locator("#answer").press("Control+Enter")
    opened(page, street, "wei")
    expect(page.locator("#answer")).to_have_value("")
    expect(page.locator("a.conv")).to_have_count(2)
    page.goto(page.url.replace(str(street.talk("wei").pk), str(street.talk("lan").pk)))
    expect(page.locator("#answer")).to_have_value("")
    assert answers() == ["Dạ, sáu giờ ạ."]


def test_the_next_ones_kept_words_are_not_sent_along(street: Street, at: Callable[[str], Page]) -> None:
    page = at("wei")
    page.fill("#answer", "Half of an ans")
    page.goto(page.url.replace(str(street.talk("wei").pk), str(street.talk("lan").pk)))
    page.fill("#answer", "Dạ, sáu giờ ạ.")
    page.locator("#answer").press("Control+Enter")
    opened(page, street, "wei")
    expect(page.locator("#answer")).to_have_value("Half of an ans")
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(300)
    assert answers() == ["Dạ, sáu giờ ạ."]


def test_escape_leaves_the_box_and_keeps_the_words(street: Street, at: Callable[[str], Page]) -> None:
    page = at("lan")
    page.locator("#thread").press("r")
    page.keyboard.type("Half of an ans")
    page.keyboard.press("Escape")
    expect(page.locator("#thread")).to_be_focused()
    page.keyboard.press("j")
    opened(page, street, "wei")
    expect(page.locator("#answer")).to_have_value("")
    page.keyboard.press("k")
    opened(page, street, "lan")
    expect(page.locator("#answer")).to_have_value("Half of an ans")
    page.keyboard.press("r")
    page.keyboard.type("wer")
    expect(page.locator("#answer")).to_have_value("Half of an answer")


def test_on_the_phone_a_button_sends_and_opens_the_next(street: Street, at: Callable[[str], Page]) -> None:
    page = at("lan")
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("#answer").fill("Dạ, sáu giờ ạ.")
    page.get_by_role("button", name="Send, next").click()
    opened(page, street, "wei")
    assert answers() == ["Dạ, sáu giờ ạ."]


def test_the_box_asked_for_too_early_is_the_next_ones(street: Street, at: Callable[[str], Page]) -> None:
    page = at("lan")

    def slowly(route: Route) -> None:
        page.keyboard.type("re")
        route.continue_()

    page.route(re.compile(f"{street.talk('wei').pk}/.*part=pane"), slowly)
    page.locator("#thread").press("j")
    opened(page, street, "wei")
    expect(page.locator("#answer")).to_be_focused()
    page.keyboard.type("Hello")
    expect(page.locator("#answer")).to_have_value("Hello")
    expect(page.locator("a.conv")).to_have_count(len(WHO))
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    opened(page, street, "lan")
    expect(page.locator("#answer")).to_have_value("")


def test_a_refused_answer_is_kept_outside_the_reach_of_letters(
    street: Street, at: Callable[[str], Page]
) -> None:
    page = at("lan")
    page.fill("#answer", "Dạ, sáu giờ ạ.")
    Message.objects.filter(conversation=street.talk("lan")).update(can_reply=False)
    page.locator("#answer").press("Control+Enter")
    expect(page.locator("#answer-err")).to_be_focused()
    page.keyboard.press("j")
    opened(page, street, "wei")
    Message.objects.filter(conversation=street.talk("lan")).update(can_reply=True)
    page.keyboard.press("k")
    opened(page, street, "lan")
    expect(page.locator("#answer")).to_have_value("Dạ, sáu giờ ạ.")
    assert answers() == []


def test_words_stand_again_after_a_deed_beside_them(street: Street, at: Callable[[str], Page]) -> None:
    page = at("lan")
    page.fill("#answer", "Half of an ans")
    page.locator(".ctxcol [aria-pressed=false]").first.click()
    expect(page.locator(".ctxcol [aria-pressed=true]")).to_be_visible()
    expect(page.locator("#answer")).to_have_value("Half of an ans")


def test_an_answer_that_never_arrived_is_still_there(street: Street, at: Callable[[str], Page]) -> None:
    page = at("lan")
    page.route("**/reply/**", lambda route: route.fulfill(status=503, body="down"))
    page.fill("#answer", "Dạ, sáu giờ ạ.")
    page.locator("#answer").press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Not sent")
    expect(page.locator("#answer")).to_have_value("Dạ, sáu giờ ạ.")
    page.reload()
    expect(page.locator("#answer")).to_have_value("Dạ, sáu giờ ạ.")
