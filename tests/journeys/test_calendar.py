"""The calendar by hand: two drags of one post, the second before the first is answered, end where the hand let go last."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post
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
