"""Writing in the composer, as two people do it at the same time."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, Route, expect

from kitestring.connectorkit.conformance.films import film
from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.composing.tests.test_kinds import two_ways
from kitestring.kit.clock import now
from tests.journeys.conftest import Desk
from tests.world import World

SERIOUS = {"serious", "critical"}


def faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found if v["impact"] in SERIOUS]


@pytest.mark.parametrize("width", [1280, 390])
def test_typing_is_saved_counted_and_previewed(world: World, post: Post, desk: Desk, width: int) -> None:
    page = desk(world.editor, f"/posts/{post.pk}/", width=width)
    page.locator("#t-source").fill("Sáng nay bánh ra lò lúc 6 giờ. 早上好")
    expect(page.locator("#kept")).to_contain_text("Saved")
    expect(page.locator("#part-previews")).to_contain_text("早上好")
    assert post_for(world.editor, post.pk).text.endswith("早上好")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults(page) == []


def test_the_phone_has_three_tabs_and_its_tools_at_the_thumb(world: World, post: Post, desk: Desk) -> None:
    page = desk(world.editor, f"/posts/{post.pk}/", width=390)
    expect(page.locator("nav.bottom")).to_be_hidden()
    page.locator("[data-insert='#']").click()
    page.keyboard.type("banhmi")
    expect(page.locator("#t-source")).to_have_value("Sáng nay bánh ra lò. #banhmi")
    expect(page.locator("#part-previews")).to_contain_text("#banhmi")
    page.locator("#t-source").fill("x" * 900)
    expect(page.locator("#found")).to_have_text("1")
    page.locator("[data-ptab=checks]").click()
    expect(page.locator("#part-problems .chk")).to_be_visible()
    expect(page.locator("#strip-approval")).to_be_visible()
    assert faults(page) == []
    page.locator("#part-problems [data-show]").click()
    expect(page.locator("#part-problems")).to_be_hidden()
    expect(page.locator("form:not([hidden]) textarea[name=text]")).to_have_value("x" * 900)
    expect(page.locator("#part-tally [data-with]:not([hidden])")).to_contain_text("900/")
    with page.expect_file_chooser():
        page.locator("[data-pick]").click()


def test_the_hour_of_a_save_is_the_brands(world: World, post: Post, desk: Desk) -> None:
    Brand.objects.filter(pk=world.brand.pk).update(timezone="Pacific/Kiritimati")
    page = desk(world.editor, f"/posts/{post.pk}/")
    page.locator("#t-source").fill("Bánh ra lò.")
    there = now().astimezone(ZoneInfo("Pacific/Kiritimati"))
    near = "|".join((there + timedelta(minutes=late)).strftime("%H:%M") for late in range(3))
    expect(page.locator("#kept")).to_have_text(re.compile(f"Saved ({near})"))


def test_the_way_of_publishing_follows_the_picture_in_sight(world: World, desk: Desk) -> None:
    slug, bare, full = two_ways()
    account = Account.objects.create(
        workspace=world.workspace, brand=world.brand, channel=slug, remote_id="9", handle="@nine", name="Nine"
    )
    made = write_post(world.editor, world.brand, text="Bánh ra lò")
    variant = add_variant(world.editor, made.pk, account)
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "#c8372d").save(out, "PNG")
    page = desk(world.editor, f"/posts/{made.pk}/#side-{variant.pk}")
    choice = page.locator(f"[data-panel='side-{variant.pk}'] select[name=kind]")
    expect(choice).to_have_value(bare.key)
    page.set_input_files("#f-files", {"name": "kite.png", "mimeType": "image/png", "buffer": out.getvalue()})
    expect(choice).to_have_value(full.key)
    expect(page.locator("#toasts")).to_contain_text(full.label.en)
    expect(page.locator("#part-tabs .chip.danger")).to_have_count(0)
    page.locator("#part-media [data-drop]").click()
    expect(choice).to_have_value(bare.key)
    expect(page.locator("#part-media .shot")).to_have_count(0)


def test_words_saved_after_a_picture_leave_the_way_it_chose(world: World, desk: Desk) -> None:
    """The words are written while the file is on its way, on a form that still shows the old way of publishing."""
    slug, bare, full = two_ways()
    account = Account.objects.create(
        workspace=world.workspace, brand=world.brand, channel=slug, remote_id="9", handle="@nine", name="Nine"
    )
    made = write_post(world.editor, world.brand, text="Bánh ra lò")
    variant = add_variant(world.editor, made.pk, account)
    page = desk(world.editor, f"/posts/{made.pk}/#side-{variant.pk}")
    held: list[Route] = []
    page.route("**/media/", lambda route: held.append(route))
    page.set_input_files(
        "#f-files", {"name": "kite.png", "mimeType": "image/png", "buffer": painted("#c8372d")}
    )
    expect(page.locator("#kept")).to_contain_text("Saving")
    page.locator(f"#t-{variant.pk}").fill("Bánh nóng đây")
    page.wait_for_timeout(600)
    assert post_for(world.editor, made.pk).version == made.version + 1
    held.pop().continue_()
    choice = page.locator(f"[data-panel='side-{variant.pk}'] select[name=kind]")
    expect(choice).to_have_value(full.key)
    expect(page.locator("#part-previews")).to_contain_text("Bánh nóng đây")
    expect(page.locator("#kept")).to_contain_text("Saved")
    variant.refresh_from_db()
    assert (variant.kind, variant.text) == (full.key, "Bánh nóng đây")
    assert (variant.title, variant.language) == (None, None)
    choice.select_option(bare.key)
    expect(page.locator("#part-tabs .chip.danger")).to_have_count(1)
    variant.refresh_from_db()
    assert variant.kind == bare.key


def test_words_for_a_picture_typed_while_another_arrives_keep_both(
    world: World, post: Post, desk: Desk
) -> None:
    page = desk(world.editor, f"/posts/{post.pk}/")
    page.set_input_files(
        "#f-files", {"name": "red.png", "mimeType": "image/png", "buffer": painted("#c8372d")}
    )
    expect(page.locator("#part-media .shot")).to_have_count(1)
    held: list[Route] = []
    page.route("**/media/", lambda route: route.continue_() if held else held.append(route))
    page.set_input_files(
        "#f-files", {"name": "blue.png", "mimeType": "image/png", "buffer": painted("#2b6cb0")}
    )
    expect(page.locator("#kept")).to_contain_text("Saving")
    page.locator("#part-media [data-alt]").fill("A red square")
    page.locator("#t-source").click()
    page.wait_for_timeout(200)
    held[0].continue_()
    expect(page.locator("#part-media .shot")).to_have_count(2)
    expect(page.locator("#part-previews img").first).to_have_attribute("alt", "A red square")
    expect(page.locator("#part-media [data-alt]").first).to_have_value("A red square")
    page.reload()
    expect(page.locator("#part-media .shot")).to_have_count(2)
    expect(page.locator("#part-media [data-alt]").first).to_have_value("A red square")


def test_huge_and_lying_files_are_refused_in_words_and_a_clip_goes_as_it_is(
    world: World, post: Post, desk: Desk, tmp_path: Path
) -> None:
    page, out = desk(world.editor, f"/posts/{post.pk}/"), io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(out, "PNG")

    def send(name: str, mime: str, data: bytes) -> None:
        page.set_input_files("#f-files", {"name": name, "mimeType": mime, "buffer": data})

    send("huge.png", "image/png", out.getvalue())
    expect(page.locator("#file-trouble")).to_contain_text("10,000 × 10,000 pixels")
    send("page.png", "image/png", b"<script>alert(1)</script>")
    expect(page.locator("#file-trouble")).to_contain_text("whatever its name says")
    expect(page.locator("#part-media .shot")).to_have_count(0)
    send("cut.mp4", "video/mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 5000)
    expect(page.locator("#file-trouble")).to_contain_text("cut off or damaged")
    send("clip.mp4", "video/mp4", film(tmp_path / "clip.mp4").read_bytes())
    expect(page.locator("#part-media .shot")).to_have_count(1)
    expect(page.locator("#file-trouble")).to_be_hidden()
    page.locator("#part-media [data-drop]").click()
    expect(page.locator("#part-media .shot")).to_have_count(0)
    expect(page.locator("#t-source")).to_have_value("Sáng nay bánh ra lò.")


def test_own_words_for_one_account_and_back(world: World, post: Post, desk: Desk) -> None:
    page = desk(world.editor, f"/posts/{post.pk}/")
    page.locator("#part-tabs [data-show^=side-]").click()
    area = page.locator("form:not([hidden]) textarea[name=text]")
    expect(area).to_have_value("Sáng nay bánh ra lò.")
    area.fill("x" * 400)
    expect(page.locator("#part-tabs")).to_contain_text("its own words")
    expect(page.locator("#part-counts")).to_contain_text("400")
    page.locator("[data-inherit]").click()
    expect(page.locator("#part-tabs")).to_contain_text("as the source")
    expect(area).to_have_value("Sáng nay bánh ra lò.")


def test_the_later_of_two_writers_is_told_and_loses_nothing(world: World, post: Post, desk: Desk) -> None:
    first = desk(world.editor, f"/posts/{post.pk}/")
    second = desk(world.manager, f"/posts/{post.pk}/")
    first.locator("#t-source").fill("Minh Quân was here")
    expect(first.locator("#kept")).to_contain_text("Saved")
    second.locator("#t-source").fill("Hà writes too")
    expect(second.locator("#trouble")).to_contain_text("Minh Quân saved this post")
    expect(second.locator("#trouble")).to_contain_text("Minh Quân was here")
    expect(second.locator("#kept")).to_have_text("Not saved. Your words are kept in this browser.")
    expect(second.locator("#t-source")).to_have_value("Hà writes too")
    second.reload()
    expect(second.locator("#t-source")).to_have_value("Hà writes too")


def test_the_later_of_ones_own_two_tabs_is_told_and_loses_nothing(
    world: World, post: Post, desk: Desk
) -> None:
    first = desk(world.editor, f"/posts/{post.pk}/")
    second = first.context.new_page()
    second.goto(first.url)
    second.locator("#composer[data-ready]").wait_for()
    first.locator("#t-source").fill("In the first tab")
    expect(first.locator("#kept")).to_contain_text("Saved")
    second.locator("#t-source").fill("In the second tab")
    expect(second.locator("#trouble")).to_contain_text("You saved this post in another tab")
    expect(second.locator("#trouble")).to_contain_text("In the first tab")
    first.locator("#t-source").fill("In the first tab, again")
    expect(first.locator("#kept")).to_contain_text("Saved")
    expect(first.locator("#part-counts")).to_contain_text("23")
    first.reload()
    expect(first.locator("#t-source")).to_have_value("In the first tab, again")
    second.reload()
    expect(second.locator("#t-source")).to_have_value("In the second tab")
    expect(second.locator("#trouble")).to_contain_text("In the first tab, again")
    assert post_for(world.editor, post.pk).text == "In the first tab, again"
    second.locator("[data-keep-mine]").click()
    expect(second.locator("#trouble")).to_be_empty()
    expect(second.locator("#kept")).to_contain_text("Saved")
    assert post_for(world.editor, post.pk).text == "In the second tab"


def painted(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "PNG")
    return out.getvalue()


def test_a_picture_is_added_described_and_a_false_one_is_refused(
    world: World, post: Post, desk: Desk
) -> None:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "#c8372d").save(out, "PNG")
    page = desk(world.editor, f"/posts/{post.pk}/")
    page.set_input_files("#f-files", {"name": "kite.png", "mimeType": "image/png", "buffer": out.getvalue()})
    expect(page.locator("#part-media .shot")).to_have_count(1)
    page.locator("#part-media [data-alt]").fill("A red kite")
    page.locator("#t-source").click()
    expect(page.locator("#part-previews img")).to_have_attribute("alt", "A red kite")
    page.set_input_files("#f-files", {"name": "lie.png", "mimeType": "image/png", "buffer": b"not a picture"})
    expect(page.locator("#file-trouble")).to_contain_text("lie.png")
    expect(page.locator("#part-media .shot")).to_have_count(1)


def test_a_file_that_arrives_while_words_are_written_stays(world: World, post: Post, desk: Desk) -> None:
    page = desk(world.editor, f"/posts/{post.pk}/")
    page.set_input_files(
        "#f-files", {"name": "red.png", "mimeType": "image/png", "buffer": painted("#c8372d")}
    )
    page.locator("#part-media [data-alt]").click()
    page.keyboard.type("A red")
    page.evaluate(
        """bytes => {
            const carried = new DataTransfer();
            carried.items.add(new File([new Uint8Array(bytes)], 'blue.png', { type: 'image/png' }));
            const drop = new DragEvent('drop', { dataTransfer: carried, bubbles: true, cancelable: true });
            document.querySelector('#composer').dispatchEvent(drop);
        }""",
        list(painted("#2b6cb0")),
    )
    expect(page.locator("#part-media .shot")).to_have_count(2)
    page.keyboard.type(" square")
    expect(page.locator("#part-media [data-alt]").first).to_have_value("A red square")
    expect(page.locator("#kept")).to_contain_text("Saved")
    page.locator("#t-source").click()
    expect(page.locator("#part-previews img").first).to_have_attribute("alt", "A red square")
    page.reload()
    expect(page.locator("#part-media .shot")).to_have_count(2)
    expect(page.locator("#part-media [data-alt]").first).to_have_value("A red square")
