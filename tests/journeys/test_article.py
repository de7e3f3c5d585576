"""Writing an article in the browser: its buttons, its keys, what is pasted, its pictures, its preview on both widths."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from kitestring.connectorkit.marked import picture_name
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.set_media import set_post_media
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Variant
from kitestring.domains.composing.queries import post_for
from kitestring.domains.composing.tests.test_articles import styled_account
from kitestring.domains.library.actions.add_asset import add_asset
from kitestring.domains.library.models import Asset
from tests.journeys.conftest import Desk
from tests.journeys.test_composer import faults
from tests.world import World

HTML = "<h2>春茶</h2><p style='color:red'>一<b>芽</b>一叶</p><ul><li>温杯</li><li>投茶</li></ul><iframe></iframe>"
PLAIN = "春茶\n一芽一叶\n温杯\n投茶"
CLIPBOARD = """async ([html, plain]) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", plain);
  const area = document.activeElement;
  if (!area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }))) return;
  document.execCommand("insertText", false, plain);
}"""


def drawn(world: World, name: str, colour: str) -> Asset:
    file = io.BytesIO()
    Image.new("RGB", (640, 400), colour).save(file, "PNG")
    return add_asset(world.editor, world.brand, f"{name}.png", [file.getvalue()])


@pytest.fixture
def variant(world: World) -> Variant:
    post = write_post(world.editor, world.brand, title="明前龙井", text="今日到店")
    variant = add_variant(world.editor, post.pk, styled_account(world))
    cover = drawn(world, "cover", "#2F4A3C")
    set_post_media(world.editor, post.pk, [(cover.pk, "封面")], post_for(world.editor, post.pk).version)
    return variant


def at_work(world: World, variant: Variant, desk: Desk, width: int = 1280, language: str = "en") -> Page:
    page = desk(world.editor, f"/posts/{variant.post_id}/", width=width, language=language)
    expect(page.locator("[data-tools=t-source]")).to_be_visible()
    return page


def text(world: World, variant: Variant) -> str:
    return post_for(world.editor, variant.post_id).text


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["en", "zh-hans", "vi"])
def test_buttons_write_marks_and_the_preview_shows_what_they_mean(
    world: World, variant: Variant, desk: Desk, width: int, language: str
) -> None:
    page = at_work(world, variant, desk, width, language)
    area, tools = page.locator("#t-source"), page.locator("[data-tools=t-source]")
    tools.locator("[data-mark=h2]").click()
    expect(area).to_have_value("# 今日到店")
    page.keyboard.press("End")
    page.keyboard.type("\n\n头一拨芽")
    tools.locator("[data-mark=quote]").click()
    page.keyboard.press("End")
    tools.locator("[data-mark=hr]").click()
    expect(area).to_have_value("# 今日到店\n\n> 头一拨芽\n\n---\n\n")
    expect(page.locator("#kept")).not_to_have_text("")
    if width == 390:
        page.locator("[data-ptab=preview]").click()
    body = page.locator(".pvbody")
    expect(body.locator("h2")).to_have_text("今日到店")
    expect(body.locator("blockquote")).to_have_text("头一拨芽")
    expect(body.locator("hr")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults(page) == []


def test_keys_alone(world: World, variant: Variant, desk: Desk) -> None:
    page = at_work(world, variant, desk)
    area = page.locator("#t-source")
    area.fill("")
    page.keyboard.type("- một")
    page.keyboard.press("Enter")
    page.keyboard.type("hai")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("xong")
    expect(area).to_have_value("- một\n- hai\nxong")
    page.keyboard.press("Shift+Home")
    page.keyboard.press("Control+b")
    expect(area).to_have_value("- một\n- hai\n**xong**")
    page.keyboard.press("Control+b")
    expect(area).to_have_value("- một\n- hai\nxong")
    page.locator("[data-tools=t-source] button").first.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-tools=t-source] [data-mark=hr]")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(area).to_have_value("- một\n- hai\n# xong")
    page.keyboard.press("Control+z")
    expect(area).to_have_value("- một\n- hai\nxong")


def test_what_is_pasted_keeps_its_words_and_says_what_it_lost(
    world: World, variant: Variant, desk: Desk
) -> None:
    page = at_work(world, variant, desk)
    area = page.locator("#t-source")
    area.fill("đầu\n\n")
    page.evaluate(CLIPBOARD, [HTML, PLAIN])
    marked = "đầu\n\n# 春茶\n\n一**芽**一叶\n\n- 温杯\n- 投茶"
    expect(area).to_have_value(marked)
    expect(page.locator("[data-pasted=t-source] li")).to_have_count(2)
    page.keyboard.press("Control+z")
    expect(area).to_have_value(f"đầu\n\n{PLAIN}")
    page.keyboard.press("Control+y")
    expect(area).to_have_value(marked)
    page.locator("[data-pasted=t-source] [data-away]").click()
    expect(page.locator("[data-pasted=t-source]")).to_be_hidden()
    expect(page.locator(".pvbody li")).to_have_count(2)
    assert text(world, variant) == marked


def test_the_words_stay_as_they_were_pasted_when_the_line_is_lost(
    world: World, variant: Variant, desk: Desk
) -> None:
    page = at_work(world, variant, desk)
    page.route("**/paste/", lambda route: route.abort())
    page.locator("#t-source").fill("")
    page.evaluate(CLIPBOARD, [HTML, PLAIN])
    expect(page.locator("#t-source")).to_have_value(PLAIN)
    expect(page.locator(".pvbody")).to_contain_text("投茶")
    assert text(world, variant) == PLAIN


def test_a_picture_of_the_library_is_placed_and_missed_when_taken_out(
    world: World, variant: Variant, desk: Desk
) -> None:
    tea = drawn(world, "longjing", "#C8372D")
    page = at_work(world, variant, desk)
    page.locator("#t-source").focus()
    page.keyboard.press("Control+End")
    page.locator("[data-tools=t-source] [data-mark=picture]").click()
    page.locator(f"#picks [data-place='{tea.pk}']").click()
    expect(page.locator("#t-source")).to_have_value(f"今日到店\n\n![](file:{picture_name(tea.pk)})\n\n")
    expect(page.locator("#t-source")).to_be_focused()
    expect(page.locator(".pvbody img")).to_have_attribute("src", f"/files/{tea.pk}/thumb/")
    assert [row.asset_id for row in post_for(world.editor, variant.post_id).assets.all()][1] == tea.pk
    page.locator(f"#part-media [data-asset='{tea.pk}'] [data-drop]").click()
    lost = page.locator("#part-counts [data-with=source] [data-ruled]")
    expect(lost).to_be_visible()
    expect(page.locator("#t-source + .marklayer .m-rule")).to_have_text(f"![](file:{picture_name(tea.pk)})")
    lost.locator("[data-rewrite]").click()
    expect(page.locator("#t-source")).not_to_have_value(re.compile("file:"))
    expect(lost).to_have_count(0)


def test_a_link_that_would_be_dropped_is_marked_shown_and_mended(
    world: World, variant: Variant, desk: Desk
) -> None:
    page = at_work(world, variant, desk)
    page.locator("#t-source").fill("茶\n\n" * 40 + "见[菜单](https://x.cn/menu)")
    row = page.locator("#part-counts [data-with=source] [data-ruled]")
    expect(row).to_contain_text("菜单")
    row.locator("[data-goto]").click()
    chosen = "e => e.value.slice(e.selectionStart, e.selectionEnd)"
    assert page.locator("#t-source").evaluate(chosen) == "[菜单](https://x.cn/menu)"
    row.locator("[data-rewrite]").click()
    expect(page.locator("#t-source")).to_have_value("茶\n\n" * 40 + "见菜单")
    expect(row).to_have_count(0)


def test_without_script_there_is_a_plain_field(world: World, variant: Variant, desk: Desk) -> None:
    page = desk(world.editor, f"/posts/{variant.post_id}/")
    page.route("**/islands/composer*", lambda route: route.abort())
    page.reload()
    expect(page.locator("#t-source")).to_be_editable()
    expect(page.locator("[data-tools=t-source]")).to_be_hidden()
