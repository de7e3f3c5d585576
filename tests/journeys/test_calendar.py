"""The calendar by hand: two drags of one post, the second before the first is answered, end where the hand let go last."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post
from kitestring.domains.publishing.actions.schedule import schedule_delivery
from kitestring.domains.publishing.models import Delivery
from kitestring.kit import clock
from tests.journeys.conftest import Desk
from tests.journeys.looking import calm
from tests.world import World, make_world


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def planned(world: World, away: int) -> tuple[Post, datetime]:
    """A post that is wished for an hour of the week after next, and a whole week around it."""
    here = clock.now().astimezone(world.brand.zone).replace(hour=9, minute=0, second=0, microsecond=0)
    monday = here + timedelta(days=14 - here.weekday())
    post = write_post(world.editor, world.brand, title="Khuấy ba vòng", text="Ngụm đầu đừng khuấy.")
    return save_post(
        world.editor, post.pk, {"planned_for": monday + timedelta(days=away)}, post.version
    ), monday


def drag(page: Page, day: datetime) -> None:
    page.locator(".ev1", has_text="Khuấy ba vòng").drag_to(
        page.locator(f".slotcell[data-day='{day:%Y-%m-%d}'][data-hour='11']")
    )


def hour_of(post: Post, world: World) -> datetime:
    at = Post.objects.get(pk=post.pk).planned_for
    assert at is not None
    return at.astimezone(world.brand.zone)


def test_two_quick_drags_end_where_the_second_ended(world: World, desk: Desk) -> None:
    post, monday = planned(world, 0)
    page = desk(world.editor, f"/calendar/?view=week&day={monday:%Y-%m-%d}")
    asked: list[str] = []
    waiting: list[Route] = []

    def slowly(route: Route) -> None:
        asked.append(route.request.post_data or "")
        if len(asked) == 1:
            waiting.append(route)
        else:
            route.continue_()

    page.route("**/move/", slowly)
    tuesday, friday = monday + timedelta(days=1), monday + timedelta(days=4)
    drag(page, tuesday)
    expect(page.locator(f".slotcell[data-day='{tuesday:%Y-%m-%d}'] .ev1")).to_be_visible()
    drag(page, friday)
    expect(page.locator(f".slotcell[data-day='{friday:%Y-%m-%d}'] .ev1")).to_be_visible()
    assert len(asked) == 1, "the second waits for the first one's answer"
    there = page.locator(f".slotcell[data-day='{friday:%Y-%m-%d}'][data-hour='11']").get_attribute(
        "data-name"
    )
    waiting[0].continue_()
    expect(page.locator("[data-said]")).to_contain_text(str(there))
    assert len(asked) == 2
    assert hour_of(post, world).date() == friday.date()
    page.reload()
    expect(page.locator(f".slotcell[data-day='{friday:%Y-%m-%d}'] .ev1")).to_be_visible()


def test_a_refused_drag_goes_back_and_says_why(world: World, desk: Desk) -> None:
    post, monday = planned(world, 2)
    page = desk(world.editor, f"/calendar/?view=week&day={monday:%Y-%m-%d}")
    page.route(
        "**/move/",
        lambda route: route.fulfill(status=409, body='<div class="toast">No</div>', content_type="text/html"),
    )
    before = hour_of(post, world)
    drag(page, monday)
    wednesday = page.locator(f".slotcell[data-day='{before:%Y-%m-%d}'] .ev1")
    expect(wednesday).to_be_visible()
    expect(wednesday.locator(".tm")).to_have_text("09:00")
    assert hour_of(post, world) == before


def test_the_day_view_shows_the_whole_day(world: World, desk: Desk) -> None:
    _post, monday = planned(world, 0)
    page = desk(world.editor, f"/calendar/?view=day&day={monday:%Y-%m-%d}")
    expect(page.locator(".week.oneday .ev1", has_text="Khuấy ba vòng")).to_be_visible()
    calm(page)


def test_what_is_out_says_why_it_stays_by_hand_and_by_key(world: World, desk: Desk) -> None:
    account = Account.objects.create(
        workspace=world.workspace, brand=world.brand, channel="bluesky", remote_id="did:plc:h", name="Hiên"
    )
    due = clock.now() + timedelta(days=1)
    post = write_post(world.editor, world.brand, title="Khuấy ba vòng", text="Ngụm đầu đừng khuấy.")
    delivery = schedule_delivery(world.editor, add_variant(world.editor, post.pk, account), due)
    Delivery.objects.filter(pk=delivery.pk).update(state="published")
    page = desk(world.editor, f"/calendar/?view=week&day={due.astimezone(world.brand.zone):%Y-%m-%d}")
    chip, toasts = page.locator(".ev1[data-stays]"), page.locator("#toasts .toast")
    box = chip.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=8)
    page.mouse.up()
    expect(toasts).to_contain_text("published already")
    toasts.get_by_role("button", name="Close").click()
    expect(toasts).to_have_count(0)
    for keys in ("m", "Alt+ArrowRight", "m"):
        chip.press(keys)
        expect(toasts).to_contain_text("published already")
    expect(toasts).to_have_count(1)
    calm(page)


@pytest.mark.parametrize("way", ["dialog in the list", "key beyond the week"])
def test_a_move_after_which_the_page_is_drawn_anew_is_told_with_its_undo(
    world: World, desk: Desk, way: str
) -> None:
    post, monday = planned(world, 1)
    before, later = hour_of(post, world), monday + timedelta(days=8)
    if way == "dialog in the list":
        page = desk(world.editor, f"/calendar/?view=list&day={monday:%Y-%m-%d}", width=390)
        page.get_by_role("button", name="Move").click()
        page.get_by_role("dialog").get_by_label("Day").fill(f"{later:%Y-%m-%d}")
        page.get_by_role("dialog").get_by_role("button", name="Move").click()
    else:
        page = desk(world.editor, f"/calendar/?view=week&day={monday:%Y-%m-%d}")
        page.locator(".ev1[data-move]").press("Alt+ArrowDown")
    expect(page.locator("#toasts .toast")).to_contain_text("Moved to")
    assert hour_of(post, world) == later
    undo = page.get_by_role("button", name="Undo")
    with page.expect_navigation():
        undo.click()
    assert hour_of(post, world) == before
    expect(page.locator("#toasts .toast")).to_have_count(0)


def test_a_move_that_got_no_answer_is_told(world: World, desk: Desk) -> None:
    post, monday = planned(world, 2)
    page = desk(world.editor, f"/calendar/?view=week&day={monday:%Y-%m-%d}")
    page.route("**/move/", lambda route: route.abort())
    drag(page, monday)
    expect(page.locator("#toasts .toast")).to_contain_text("no answer came")
    expect(page.locator(f".slotcell[data-day='{hour_of(post, world):%Y-%m-%d}'] .ev1")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh-hans", "vi"])
def test_a_days_heading_is_not_ragged_on_the_phone(world: World, desk: Desk, language: str) -> None:
    """However long the day is called, and with a key date beside it."""
    page = desk(world.editor, "/calendar/?view=list", width=390, language=language)
    page.locator(".dayh").first.evaluate(
        "head => { head.querySelector('.key')?.remove(); const key = document.createElement('span');"
        " key.className = 'key'; key.textContent = 'Ngày Phụ nữ Việt Nam'; head.querySelector('.push').before(key); }"
    )
    lines = page.locator(".dayh").first.evaluate(
        "head => [...head.children].map(one => [one.className, one.getBoundingClientRect()])"
        ".map(([name, box]) => [name, Math.round(box.top), box.height])"
    )
    assert all(height < 24 for _, _, height in lines), "each in one line"
    assert len({top for name, top, _ in lines if name != "key"}) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
