"""Rules while one writes: the mark under the words, one press that mends them, an exemption with its document."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from kitestring.domains.composing.models import Exemption, Post
from kitestring.domains.composing.queries import post_for
from kitestring.kit.clock import now
from tests.journeys.conftest import Desk
from tests.journeys.test_composer import faults
from tests.world import World

TEXT = "Sáng nay ☕️ ly cà phê muối ngon nhất Sài Gòn đã ra quầy. Bánh cũng ngon nhất."


def write(page: Page, words: str) -> None:
    page.locator("#t-source").fill(words)
    expect(page.locator("#kept")).to_contain_text("Saved")


def test_words_are_marked_where_they_stand_and_mended_with_one_press(
    world: World, post: Post, desk: Desk
) -> None:
    page = desk(world.editor, f"/posts/{post.pk}/")
    write(page, TEXT)
    marks = page.locator("form[data-panel=source] .marklayer .m-rule")
    expect(marks).to_have_text(["ngon nhất", "ngon nhất"])
    row = page.locator("#part-counts [data-ruled]:visible")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("“ngon nhất” needs a document that proves it")
    row.locator("summary").click()
    expect(row.locator("a[href*='thuvienphapluat'], q")).to_contain_text("thuvienphapluat.vn")
    assert faults(page) == []
    # The mark lies under its words, to the pixel of the line.
    under = page.evaluate(
        "() => { const area = document.querySelector('#t-source').getBoundingClientRect();"
        " const layer = document.querySelector('form[data-panel=source] .marklayer').getBoundingClientRect();"
        " return [area.left - layer.left, area.top - layer.top, area.width - layer.width]; }"
    )
    assert under == [0, 0, 0]
    page.locator("#t-source").press("Control+Home")
    page.keyboard.type("Hiên: ")
    expect(marks.first).to_have_text("ngon nhất")
    row.locator("[data-rewrite]").first.click()
    expect(page.locator("#t-source")).to_have_value("Hiên: " + TEXT.replace("ngon nhất", "đáng nhớ"))
    expect(marks).to_have_count(0)
    expect(page.locator("#part-counts [data-ruled]:visible")).to_have_count(0)
    page.wait_for_function("document.querySelector('#kept').textContent.includes('Saved')")
    assert "đáng nhớ" in post_for(world.editor, post.pk).text


@pytest.mark.parametrize("width", [1280, 390])
def test_an_exemption_is_claimed_with_its_document(world: World, post: Post, desk: Desk, width: int) -> None:
    page = desk(world.editor, f"/posts/{post.pk}/", width=width)
    write(page, TEXT)
    row = page.locator("#part-counts [data-ruled]:visible")
    row.locator("[data-exempt]").click()
    dialog = page.locator("#exempt")
    assert faults(page) == []
    dialog.get_by_role("button", name="Claim the exemption").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Name the document")
    expect(page.locator("#trouble")).to_be_empty()
    expect(page.locator("#kept")).to_contain_text("Saved")
    dialog.get_by_label("Name of the document").fill("Khảo sát Mekong 2026")
    dialog.get_by_label("Date of the document").fill(now().date().isoformat())
    dialog.get_by_role("button", name="Claim the exemption").click()
    expect(dialog).to_be_hidden()
    expect(row).to_contain_text("The document's name must stand in the post")
    row.locator("[data-write]").click()
    expect(page.locator("#t-source")).to_have_value(f"{TEXT}\nKhảo sát Mekong 2026")
    expect(page.locator("#kept")).to_contain_text("Saved")
    expect(row).to_contain_text("Claimed by")
    expect(page.locator("form[data-panel=source] .marklayer span")).to_have_count(0)
    assert Exemption.objects.get(post=post).claimed_by == world.editor
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    row.locator("[data-unexempt]").click()
    expect(row.locator("[data-exempt]")).to_be_visible()
    assert not Exemption.objects.exists()


@pytest.mark.parametrize("width", [1280, 390])
def test_advertising_is_declared_where_a_rule_asks_for_it(
    world: World, post: Post, desk: Desk, width: int
) -> None:
    world.brand.markets = ["CN"]
    world.brand.save()
    page = desk(world.editor, f"/posts/{post.pk}/", width=width)
    write(page, "这杯茶是全城最好喝的。")
    row = page.locator("#part-counts [data-ruled]:visible")
    expect(row.locator(".warn").first).to_be_visible()
    tab = page.locator("#part-tabs [data-state-of]")
    expect(tab.first).to_contain_text("1")
    expect(row).to_contain_text("Is this advertising?")
    row.get_by_role("button", name="Is this advertising? Yes, it is").click()
    expect(page.locator("#about-paid")).to_be_checked()
    expect(row.locator(".danger").first).to_be_visible()
    expect(row.locator("[data-declare]")).to_have_count(0)
    assert post_for(world.editor, post.pk).about["paid"]


def test_what_breaks_a_rule_is_not_put_before_who_approves(world: World, post: Post, desk: Desk) -> None:
    page = desk(world.editor, f"/posts/{post.pk}/")
    write(page, TEXT)
    page.get_by_role("button", name="Ask for approval").first.click()
    expect(page.locator("body")).to_contain_text("claim an exemption there")
