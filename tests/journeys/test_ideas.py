"""The brief and the idea wall in the browser: presses that count at once, hostile pastes, two people at one letter."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from kitestring.domains.ideas.actions.add_ideas import add_ideas
from kitestring.domains.ideas.actions.save_brief import save_brief
from kitestring.domains.ideas.actions.write_brief import write_brief
from kitestring.domains.ideas.models import Brief, Idea
from tests.journeys.conftest import Desk
from tests.journeys.looking import calm
from tests.world import World, make_world

FIRST = ["A crust", "A crumb", "A toast", "Bánh mì cũ", "شاي للشخص الواحد", "zero\u200bwidth"]


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def brief(world: World) -> Brief:
    written = write_brief(world.editor, world.brand, "The last loaf")
    answers = {"key_message": "Nothing is thrown away.", "response": "share"}
    return save_brief(world.editor, written.pk, answers, written.version)


def on_shortlist(page: Page) -> list[str]:
    return page.locator(".chosen .idea p").all_inner_texts()


@pytest.mark.parametrize("width", [1280, 390])
def test_every_press_is_seen_at_once_and_the_reason_stays(
    world: World, brief: Brief, desk: Desk, width: int
) -> None:
    add_ideas(world.editor, brief.pk, FIRST)
    page = desk(world.manager, f"/briefs/{brief.pk}/ideas/", width=width)
    expect(page.locator(".decide .why")).to_be_hidden()
    page.locator(".idea .vote").nth(1).click()
    expect(page.locator(".idea .votes")).to_have_count(len(FIRST))
    expect(page.locator("#wall-voters")).to_have_text("1 person has voted")
    page.locator(".flow .idea button[name=on]").nth(2).click()
    expect(page.locator("#wall-facts")).to_contain_text("1 shortlisted")
    page.fill("#f-reason", "Half a reason")
    page.locator(".flow .idea button[name=on]").first.click()
    expect(page.locator("#wall-facts")).to_contain_text("2 shortlisted")
    expect(page.locator("#f-idea option")).to_have_count(3)
    expect(page.locator("#f-idea")).to_have_value("")
    expect(page.locator("#f-reason")).to_have_value("Half a reason")
    assert on_shortlist(page) == ["A crust", "A toast"]
    foot = page.locator("form.decide").evaluate("e => innerHeight - e.getBoundingClientRect().bottom")
    assert abs(foot - (64 if width < 600 else 0)) <= 1  # at the foot of the screen, above the phone's bar
    assert page.locator(".idea p", has_text="شاي").evaluate("e => getComputedStyle(e).direction") == "rtl"
    calm(page)
    page.click("form.decide button[type=submit]")
    expect(page.locator("#decide-pick .err")).to_contain_text("Choose the idea")
    expect(page.locator("#f-reason")).to_have_value("Half a reason")
    calm(page)
    page.select_option("#f-idea", index=1)
    page.click("form.decide button[type=submit]")
    expect(page).to_have_url(re.compile("/campaigns/"))
    page.goto(page.url.split("/campaigns/")[0] + f"/briefs/{brief.pk}/ideas/")
    expect(page.locator(".idea").first).to_have_class(re.compile("won"))
    calm(page, axe=False)


def test_a_megabyte_in_the_paste_is_refused_in_words_and_still_there(
    world: World, brief: Brief, desk: Desk
) -> None:
    page, much = desk(world.editor, f"/briefs/{brief.pk}/ideas/"), "bread " * 175_000
    page.click("main [data-open=add-ideas]")
    page.evaluate("much => { document.querySelector('#add-ideas textarea').value = much; }", much)
    page.click("#add-ideas button[type=submit]")
    expect(page.locator("#add-ideas .err")).to_contain_text("an idea holds 2,000")
    assert len(page.input_value("#add-ideas textarea")) == len(much)
    assert not Idea.objects.exists()


@pytest.mark.parametrize(("width", "height"), [(390, 844), (320, 568), (768, 500), (1280, 900)])
def test_add_stays_in_sight_under_a_long_paste(
    world: World, brief: Brief, desk: Desk, width: int, height: int
) -> None:
    page = desk(world.editor, f"/briefs/{brief.pk}/ideas/", width=width)
    page.set_viewport_size({"width": width, "height": height})
    page.click("main [data-open=add-ideas]")
    page.fill("#add-ideas textarea", "\n".join(f"An idea that tells a longer story, {n}" for n in range(60)))
    expect(page.locator("#add-ideas [data-bulk-for]")).to_have_text("60 of 500")
    expect(page.locator("#add-ideas button[type=submit]")).to_be_in_viewport(ratio=1)


def test_what_says_the_same_is_counted_alike_before_and_after_and_opens(
    world: World, brief: Brief, desk: Desk
) -> None:
    page = desk(world.editor, f"/briefs/{brief.pk}/ideas/", width=390)
    page.click("main [data-open=add-ideas]")
    page.fill("#add-ideas textarea", "A crust\na crust!\nＡ ｃｒｕｓｔ\nA crumb")
    expect(page.locator("#add-ideas [data-bulk-for]")).to_have_text("4 of 500; 2 repeat a line above")
    page.click("#add-ideas button[type=submit]")
    expect(page.locator("#toasts")).to_contain_text("2 of them repeat an earlier one")
    page.get_by_text("+2 the same").click()
    expect(page.locator("details.same li")).to_have_count(2)
    expect(page.locator("details.same li").first).to_be_visible()
    calm(page)


def test_a_long_title_is_read_whole_on_a_phone_and_stays_one_line(
    world: World, brief: Brief, desk: Desk
) -> None:
    page = desk(world.editor, f"/briefs/{brief.pk}/", width=390)
    title = page.locator("#f-title")
    title.fill("A title that is longer than a phone\nis wide, and then some more of it")
    expect(title).to_have_value("A title that is longer than a phone is wide, and then some more of it")
    assert title.evaluate("e => e.scrollHeight <= e.clientHeight + 1 && e.clientHeight > 60")
    title.press("Enter")
    expect(page.locator("#brief-kept")).to_contain_text("Saved")
    assert "\n" not in title.input_value()


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_a_sheet_in_any_usual_encoding_is_read(
    world: World, brief: Brief, desk: Desk, tmp_path: Path, encoding: str
) -> None:
    sheet = tmp_path / "ideas.csv"
    sheet.write_bytes("谁,点子\n周,一只橘子\n林,冻柿子\n林,一只橘子\n".encode(encoding))
    page = desk(world.editor, f"/briefs/{brief.pk}/ideas/")
    page.click("main [data-open=add-ideas]")
    page.set_input_files("#add-ideas [name=file]", sheet)
    page.click("#add-ideas button[type=submit]")
    expect(page.locator("#toasts")).to_contain_text("3 ideas added. 1 of them")
    assert page.locator(".idea p").all_inner_texts() == ["一只橘子", "冻柿子"]


def test_a_file_that_is_no_sheet_is_refused_and_the_paste_stays(
    world: World, brief: Brief, desk: Desk, tmp_path: Path
) -> None:
    false = tmp_path / "ideas.csv"
    false.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\xff\xfe\x81")
    page = desk(world.editor, f"/briefs/{brief.pk}/ideas/")
    page.click("main [data-open=add-ideas]")
    page.fill("#add-ideas textarea", "1. Kept\n2. kept!")
    expect(page.locator("#add-ideas [data-bulk-for]")).to_contain_text("2 of 500")
    page.set_input_files("#add-ideas [name=file]", false)
    page.click("#add-ideas button[type=submit]")
    expect(page.locator("#add-ideas .err")).to_contain_text(re.compile(r"\w+ \w+ \w+"))
    expect(page.locator("#add-ideas textarea")).to_have_value("1. Kept\n2. kept!")
    calm(page)


def test_ones_own_save_whose_answer_is_slow_is_nobody_elses(world: World, brief: Brief, desk: Desk) -> None:
    page = desk(world.editor, f"/briefs/{brief.pk}/")
    slow: list[tuple[Route, APIResponse]] = []

    def saved_and_slow(route: Route) -> None:
        answer = route.fetch()
        if slow:
            route.fulfill(response=answer)
        else:
            slow.append((route, answer))

    page.route("**/briefs/*/", saved_and_slow)
    page.fill("#a-insight", "The first half")
    while not slow:
        page.wait_for_timeout(100)
    page.fill("#a-insight", "The first half and the second")
    page.wait_for_timeout(1300)
    slow[0][0].fulfill(response=slow[0][1])
    expect(page.locator("#brief-version")).to_have_value(str(brief.version + 2))
    expect(page.locator("#brief-kept")).to_contain_text("Saved")
    expect(page.locator("#brief-trouble")).to_be_empty()
    expect(page.locator("#a-insight")).to_have_value("The first half and the second")
    assert Brief.objects.get(pk=brief.pk).insight == "The first half and the second"


@pytest.mark.parametrize("leaves", [False, True])
def test_ones_own_save_whose_answer_was_lost_is_nobody_elses(
    world: World, brief: Brief, desk: Desk, leaves: bool
) -> None:
    page = desk(world.editor, f"/briefs/{brief.pk}/")
    lost: list[int] = []

    def saved_and_lost(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/briefs/*/", saved_and_lost)
    page.fill("#a-insight", "Said")
    while not lost:
        page.wait_for_timeout(100)
    assert (lost, Brief.objects.get(pk=brief.pk).insight) == ([200], "Said")
    page.fill("#a-insight", "Said and saved")
    page.unroute("**/briefs/*/")
    if leaves:
        page.reload()
    expect(page.locator("#brief-version")).to_have_value(str(brief.version + 2))
    expect(page.locator("#brief-trouble")).to_be_empty()
    expect(page.locator("#a-insight")).to_have_value("Said and saved")
    assert Brief.objects.get(pk=brief.pk).insight == "Said and saved"


def test_the_later_of_two_at_one_letter_is_told_and_chooses(world: World, brief: Brief, desk: Desk) -> None:
    first, second = (desk(who, f"/briefs/{brief.pk}/") for who in (world.editor, world.manager))
    first.fill("#a-insight", "Hers")
    expect(first.locator("#brief-version")).not_to_have_value(str(brief.version))
    second.fill("#a-insight", "His")
    expect(second.locator("#brief-trouble")).to_contain_text("Nothing was overwritten")
    expect(second.locator("#a-insight")).to_have_value("His")
    assert Brief.objects.get(pk=brief.pk).insight == "Hers"
    calm(second)
    second.locator("#brief-trouble button").click()
    expect(second.locator("#brief-trouble .notice")).to_have_count(0)
    expect(second.locator("#brief-kept")).to_contain_text("Saved")
    assert Brief.objects.get(pk=brief.pk).insight == "His"
