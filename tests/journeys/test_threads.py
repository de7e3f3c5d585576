"""A long text becomes a thread with a first comment: written, seen, saved, opened again, and read by who approves it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from kitestring.connectorkit.emulation import Fault
from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.actions.connect import connect
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post, Variant
from kitestring.domains.composing.queries import post_for, variants_of
from kitestring.domains.composing.queries.content import content_of
from kitestring.domains.publishing.actions.schedule import publish_now
from kitestring.domains.reviewing.actions.ask_approval import ask_approval
from kitestring.kit import clock
from tests.journeys.conftest import Desk
from tests.journeys.engine import Engine, aside
from tests.journeys.looking import calm
from tests.journeys.platforms import Platforms
from tests.world import World

SLUG = "bluesky"
FIRST = "Sen Tây Hồ vào mùa. Chúng tôi ướp trà sen ngay trong đêm, mỗi cân trà một nghìn bông. " * 4
SECOND = "今天的第一锅莲花茶已经出炉，欢迎来店里尝一尝。 https://vidu.example/tra-sen"
COMMENT = "Địa chỉ: 12 Hàng Gai. Mở cửa 7:00"


@pytest.fixture
def account(world: World, platforms: Platforms) -> Account:
    typed = platforms[SLUG].typed("crumb")
    return aside(lambda: connect(world.owner, world.brand, SLUG, typed))


@pytest.fixture
def variant(world: World, account: Account) -> Variant:
    made = write_post(world.editor, world.brand, title="Trà sen", text=f"{FIRST}\n---\n{SECOND}")
    return add_variant(world.editor, made.pk, account)


def kept(world: World, variant: Variant) -> Post:
    return post_for(world.editor, variant.post_id)


def parts(world: World, variant: Variant) -> list[dict[str, str]]:
    found: list[dict[str, str]] = content_of(kept(world, variant))["variants"][str(variant.pk)].get(
        "parts", []
    )
    return found


def in_sight(page: Page, variant: Variant) -> None:
    """The account's text, wherever the phone or the address left the page."""
    page.locator(f"#part-tabs [data-show='side-{variant.pk}']").click()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_long_text_becomes_a_thread_with_a_first_comment(
    world: World, variant: Variant, desk: Desk, width: int
) -> None:
    page = desk(world.editor, f"/posts/{variant.post_id}/", width=width)
    in_sight(page, variant)
    counts = page.locator(f"#part-counts [data-with='side-{variant.pk}']")
    expect(counts).to_contain_text("too long")
    counts.get_by_role("button", name="Post it as a thread of 3").first.click()
    switch = page.get_by_role("switch", name="Post as a thread")
    expect(switch).to_be_checked()
    expect(switch).to_be_focused()
    expect(counts).not_to_contain_text("too long")
    page.locator("details.folded summary", has_text="First comment").locator("visible=true").click()
    page.locator(f"#c-{variant.pk}").fill(COMMENT)
    expect(page.locator("#part-previews")).to_contain_text(COMMENT)
    expect(page.locator("#kept")).to_contain_text("Saved")
    assert [part["role"] for part in parts(world, variant)] == ["head", "part", "part", "comment"]
    calm(page)
    page.reload()
    in_sight(page, variant)
    expect(page.get_by_role("switch", name="Post as a thread")).to_be_checked()
    expect(page.locator(f"#c-{variant.pk}")).to_have_value(COMMENT)
    if width < 600:
        page.locator("[data-ptab=preview]").click()
    rows = page.locator(f"[data-preview='side-{variant.pk}'] .pvthread > li")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("今天的第一锅莲花茶")
    expect(rows.nth(2)).to_contain_text("First comment")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    calm(page)


def test_by_keyboard_alone_and_turned_off_again(world: World, variant: Variant, desk: Desk) -> None:
    page = desk(world.editor, f"/posts/{variant.post_id}/#side-{variant.pk}")
    page.locator(f"#t-{variant.pk}").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("#part-previews .pvthread > li")).to_have_count(2)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("#part-previews")).to_contain_text("1/3")
    expect(page.locator("#kept")).to_contain_text("Saved")
    assert parts(world, variant)[0]["text"].endswith("\n\n1/3")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Ở Hàng Gai")
    expect(page.locator("#part-previews")).to_contain_text("Ở Hàng Gai")
    page.get_by_role("switch", name="Post as a thread").press("Space")
    expect(page.locator("#part-previews .pvthread > li")).to_have_count(1)
    assert [part["role"] for part in parts(world, variant)] == ["head", "comment"]
    page.locator("[data-inherit]").locator("visible=true").wait_for(state="detached")
    expect(page.locator(f"#t-{variant.pk}")).to_have_class("inherits")


def test_a_comment_that_could_not_be_saved_comes_back(world: World, variant: Variant, desk: Desk) -> None:
    page = desk(world.editor, f"/posts/{variant.post_id}/#side-{variant.pk}")
    page.locator("details.folded summary", has_text="First comment").locator("visible=true").click()
    page.route("**/variants/**", lambda route: route.abort())
    page.locator(f"#c-{variant.pk}").fill(COMMENT)
    expect(page.locator("#kept")).to_contain_text("Not saved")
    page.unroute("**/variants/**")
    page.reload()
    expect(page.locator(f"#c-{variant.pk}")).to_have_value(COMMENT)
    expect(page.locator(f"#c-{variant.pk}")).to_be_visible()
    expect(page.locator("#part-previews")).to_contain_text(COMMENT)
    [saved] = variants_of(kept(world, variant))
    assert (saved.first_comment, saved.text) == (COMMENT, None)


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (390, "zh-hans"), (1280, "vi")])
def test_who_approves_reads_every_part_and_the_comment(
    world: World, variant: Variant, desk: Desk, width: int, language: str
) -> None:
    Variant.objects.filter(pk=variant.pk).update(sequence=True, first_comment=COMMENT)
    ask = ask_approval(world.editor, variant.post_id)
    page = desk(world.approver, f"/approvals/{ask.pk}/", width=width, language=language)
    rows = page.locator(".review .pvthread > li")
    expect(rows).to_have_count(3)
    expect(page.locator(".review")).to_contain_text("Sen Tây Hồ vào mùa")
    expect(rows.nth(1)).to_contain_text("今天的第一锅莲花茶")
    expect(rows.nth(2)).to_contain_text(COMMENT)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    calm(page)


def test_it_is_published_with_every_part_in_its_place(
    world: World, variant: Variant, platforms: Platforms, engine: Engine, desk: Desk
) -> None:
    Brand.objects.filter(pk=world.brand.pk).update(needs_approval=False)
    Variant.objects.filter(pk=variant.pk).update(sequence=True, numbered=True, first_comment=COMMENT)
    there = platforms[SLUG]
    [delivery] = publish_now(world.editor, kept(world, variant))
    there.faults.next(Fault("drop_after", at="store"))
    for _round in range(12):
        engine.work()
        delivery.refresh_from_db()
        if delivery.state == "published":
            break
        engine.go_to(clock.now() + timedelta(minutes=2))
    assert delivery.state == "published", (delivery.state, delivery.reason)
    [head] = there.platform.posts()
    [comment, second] = sorted(there.answers_to(head.id), key=lambda item: item.text != COMMENT)
    [third] = there.answers_to(second.id)
    assert [item.text.rpartition("\n\n")[2] for item in (head, second, third)] == ["1/3", "2/3", "3/3"]
    assert (comment.text, third.text.startswith(SECOND)) == (COMMENT, True)
    assert len(there.platform.items) == 4
    page = desk(world.editor, f"/deliveries/{delivery.pk}/")
    expect(page.locator("main")).to_contain_text(COMMENT)
    calm(page)
    page.goto(page.url.partition("/deliveries")[0] + f"/posts/{variant.post_id}/#side-{variant.pk}")
    expect(page.get_by_role("switch", name="Post as a thread")).to_be_disabled()
    expect(page.locator(f"#c-{variant.pk}")).not_to_be_editable()
    calm(page)
