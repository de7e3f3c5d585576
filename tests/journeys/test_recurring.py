"""A post is made recurring in the composer, its page shows every time, one is skipped, and it is stopped."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from kitestring.domains.composing.models import Post
from kitestring.domains.publishing.models import Delivery, Evergreen, Series
from tests.journeys.conftest import Desk
from tests.journeys.test_composer import faults
from tests.world import World


@pytest.mark.parametrize("width", [1280, 390])
def test_a_post_is_made_recurring_and_one_time_is_skipped(
    world: World, post: Post, desk: Desk, width: int
) -> None:
    page = desk(world.editor, f"/posts/{post.pk}/", width=width)
    page.locator("[data-open=schedule]:visible").first.click()
    dialog = page.locator("#schedule")
    dialog.get_by_role("button", name="Make it recurring").click()
    form = dialog.locator("#recur")
    expect(form.get_by_label("Day of the month")).to_be_hidden()
    form.get_by_label("How often").select_option("day")
    expect(form.get_by_text("On these days")).to_be_hidden()
    form.get_by_label("Ends").select_option("after")
    form.get_by_label("How many times").fill("3")
    expect(form.locator(".ahead")).to_contain_text("3 times, the last on")
    assert not Series.objects.exists()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults(page) == []
    form.get_by_role("button", name="Make it recurring").click()
    expect(page.locator("#toasts")).to_contain_text("It is recurring now")
    assert Delivery.objects.filter(series__post=post).count() == 3

    page.goto(page.url.split("/posts/")[0] + f"/series/{Series.objects.get().pk}/")
    coming = page.locator(".sec", has=page.get_by_role("heading", name="To come")).locator(".li")
    expect(coming).to_have_count(3)
    expect(coming.first.get_by_text("Crumb · Bluesky").locator("visible=true")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults(page) == []
    page.locator("a[href^='/deliveries/']").first.click()
    page.get_by_role("button", name="Skip this one").click()
    page.locator("a[href^='/series/']").first.click()
    expect(coming).to_have_count(2)
    expect(page.get_by_text("Skipped", exact=True)).to_be_visible()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.locator("#stop").get_by_role("button", name="Stop it").click()
    expect(page.get_by_text("Nothing more goes out.")).to_be_visible()
    assert Series.objects.get().state == "ended"


def test_a_post_is_kept_as_evergreen_and_an_account_given_slots(world: World, post: Post, desk: Desk) -> None:
    page = desk(world.editor, f"/posts/{post.pk}/")
    page.locator("[data-open=schedule]:visible").first.click()
    dialog = page.locator("#schedule")
    dialog.get_by_role("button", name="Keep as evergreen").click()
    dialog.locator("[data-side=evergreen]").get_by_role("button", name="Keep as evergreen").click()
    expect(page.get_by_role("heading", name="In the stock")).to_be_visible()
    assert Evergreen.objects.get().post_id == post.pk
    page.get_by_text("Give it slots").first.click()
    for day in ("Mon", "Thu"):
        page.locator("details[open] .days label", has_text=day).click()
    assert faults(page) == []
    page.locator("details[open]").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Mon 09:00").first).to_be_visible()
    assert Series.objects.get().slots == [[0, "09:00"], [3, "09:00"]]
