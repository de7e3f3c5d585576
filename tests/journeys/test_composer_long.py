"""A text longer than a post may be, and words that come back: nothing freezes, nothing is lost, nothing poisons the post."""

from __future__ import annotations

import json

from playwright.sync_api import Page, Route, expect

from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.composing.rules import LONGEST_TEXT
from tests.journeys.conftest import Desk
from tests.world import World


def kept(page: Page, post: Post) -> list[str]:
    """What lies in the browser for this post."""
    rows = page.evaluate("Object.entries(localStorage)")
    return [json.loads(value)["text"] for key, value in rows if str(post.pk) in key]


def test_a_megabyte_from_the_clipboard_is_refused_by_name_and_the_post_stays(
    world: World, post: Post, desk: Desk
) -> None:
    page = desk(world.editor, f"/posts/{post.pk}/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#composer[data-ready]").wait_for()
    page.evaluate("text => navigator.clipboard.writeText(text)", "Bánh ra lò. " * 90_000)
    page.locator("#t-source").click()
    page.keyboard.press("Control+v")
    expect(page.locator("#trouble")).to_contain_text("1,080,000 characters; a post takes 100,000")
    expect(page.locator("#trouble [data-beginning]")).to_contain_text("Bánh ra lò.")
    expect(page.locator("#t-source")).to_have_value(post.text)
    assert kept(page, post) == []
    page.locator("#trouble [data-put]").click()
    expect(page.locator("#kept")).to_contain_text("Saved", timeout=60_000)
    expect(page.locator("#part-counts")).to_contain_text("characters")
    page.wait_for_function("document.querySelector('#t-source').value.length === 100000")


def test_what_is_typed_beyond_the_limit_waits_in_sight_and_the_rest_is_saved(
    world: World, post: Post, desk: Desk
) -> None:
    page = desk(world.editor, f"/posts/{post.pk}/")
    page.locator("#composer[data-ready]").wait_for()
    page.locator("#t-source").fill("x" * (LONGEST_TEXT + 5))
    expect(page.locator("#trouble")).to_contain_text("make it 5 shorter")
    page.locator("#f-title").fill("Bánh mì nóng")
    expect(page.locator("#kept")).to_have_text("Not saved. Your words are kept in this browser.")
    page.wait_for_timeout(1500)
    stored = post_for(world.editor, post.pk)
    assert (stored.title, stored.text) == ("Bánh mì nóng", post.text)
    expect(page.locator("#trouble")).to_contain_text("make it 5 shorter")
    page.reload()
    expect(page.locator("#trouble")).to_contain_text("was left here unsaved")
    expect(page.locator("#t-source")).to_have_value(post.text)
    page.locator("#trouble [data-away]").click()
    assert kept(page, post) == []
    page.locator("#t-source").fill("Bánh nóng đây")
    expect(page.locator("#part-previews")).to_contain_text("Bánh nóng đây")
    assert post_for(world.editor, post.pk).text == "Bánh nóng đây"


def test_a_title_that_never_arrived_comes_back_as_it_was_typed(world: World, post: Post, desk: Desk) -> None:
    page = desk(world.editor, f"/posts/{post.pk}/")
    page.locator("#composer[data-ready]").wait_for()
    page.route("**/save/", lambda route: route.abort())
    page.locator("#f-title").fill("Bánh mì lúc sáu giờ")
    expect(page.locator("#kept")).to_contain_text("Not saved")
    page.unroute("**/save/")
    page.reload()
    expect(page.locator("#f-title")).to_have_value("Bánh mì lúc sáu giờ")
    expect(page.locator("#toasts")).to_contain_text("They are back")
    expect(page.locator("#kept")).to_contain_text("Saved")
    assert post_for(world.editor, post.pk).title == "Bánh mì lúc sáu giờ"


def test_a_save_whose_answer_is_lost_is_tried_again_without_another_tabs_blame(
    world: World, post: Post, desk: Desk
) -> None:
    page = desk(world.editor, f"/posts/{post.pk}/")
    page.locator("#composer[data-ready]").wait_for()
    lost: list[Route] = []

    def lose(route: Route) -> None:
        if not lost:
            route.fetch()
            lost.append(route)
            route.abort()
        else:
            route.continue_()

    page.route("**/save/", lose)
    page.locator("#t-source").fill("Bánh nóng")
    expect(page.locator("#kept")).to_contain_text("Not saved")
    assert post_for(world.editor, post.pk).text == "Bánh nóng"
    page.locator("#t-source").fill("Bánh nóng đây")
    expect(page.locator("#kept")).to_contain_text("Saved")
    expect(page.locator("#trouble")).to_be_empty()
    assert post_for(world.editor, post.pk).text == "Bánh nóng đây"


def test_words_left_in_a_shared_browser_come_back_only_to_who_wrote_them(
    world: World, post: Post, desk: Desk
) -> None:
    page = desk(world.editor, f"/posts/{post.pk}/")
    page.locator("#composer[data-ready]").wait_for()
    page.route("**/save/", lambda route: route.abort())
    page.locator("#t-source").fill("Not for other eyes")
    expect(page.locator("#kept")).to_contain_text("Not saved")
    left = page.evaluate("Object.entries(localStorage)")
    assert kept(page, post) == ["Not for other eyes"]
    # The same browser, another person: the tab that wrote it is closed.
    other = desk(world.manager, f"/posts/{post.pk}/")
    lay = "rows => rows.forEach(([key, words]) => localStorage.setItem(key, words))"
    other.evaluate(lay, left)
    other.reload()
    other.locator("#composer[data-ready]").wait_for()
    other.wait_for_timeout(2000)
    expect(other.locator("#t-source")).to_have_value(post.text)
    assert kept(other, post) == ["Not for other eyes"]
    assert post_for(world.editor, post.pk).text == post.text
