"""A sequence that stopped in its middle, in the browser: what is out, what is not, and what a person makes of the rest."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from kitestring.domains.composing.models import Post
from kitestring.domains.publishing.actions.close_part import make_parts
from kitestring.domains.publishing.actions.schedule import publish_now
from kitestring.domains.publishing.models import Attempt, Delivery, Part, Step
from kitestring.kit.clock import now
from tests.journeys.conftest import Desk
from tests.journeys.looking import troubles
from tests.world import World

TEXTS = ("Sáng nay bánh ra lò.", "Nhân heo quay và rau thơm.", "Chỉ có đến trưa.", "Đặt trước ở đây.")


@pytest.fixture
def stopped(world: World, post: Post) -> Delivery:
    """Two of its four parts are live; the third was refused."""
    world.brand.needs_approval = False
    world.brand.save()
    (delivery,) = publish_now(world.editor, post)
    roles = ("head", "part", "part", "comment")
    begun = now()
    Delivery.objects.filter(pk=delivery.pk).update(
        payload={
            **delivery.payload,
            "parts": [{"role": role, "text": text} for role, text in zip(roles, TEXTS, strict=True)],
        },
        state="needs_attention", reason="text_too_long", part=2, part_from=2, part_since=begun, attempts=3,
        remote_id="at://did:plc:x/app.bsky.feed.post/3kaaaaaaaaa2a", remote_url="https://bsky.app/profile/x/post/3k",
        published_at=begun, counted_at=begun,
    )  # fmt: skip
    make_parts({delivery.pk: 4})
    Part.objects.filter(delivery=delivery, place=1).update(
        remote_id="at://did:plc:x/app.bsky.feed.post/3kaaaaaaaaa2b", published_at=begun, counted_at=begun,
        remote_url="https://bsky.app/profile/x/post/3l",
    )  # fmt: skip
    for part, outcome in enumerate(("partly_out", "partly_out", "needs_attention")):
        Attempt.objects.create(
            delivery=delivery, number=part + 1, step=Step.PUBLISH, part=part, outcome=outcome,
            started_at=begun + timedelta(seconds=part), ended_at=begun + timedelta(seconds=part + 0.4),
            reason="text_too_long" if part == 2 else "",
        )  # fmt: skip
    delivery.refresh_from_db()
    return delivery


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["en", "zh-hans", "vi"])
def test_its_page_says_how_much_is_live(
    world: World, stopped: Delivery, desk: Desk, width: int, language: str
) -> None:
    page = desk(world.editor, f"/deliveries/{stopped.pk}/", width=width, language=language)
    assert troubles(page) == []
    for text in TEXTS:
        expect(page.locator("body")).to_contain_text(text)
    expect(page.locator("a[href='https://bsky.app/profile/x/post/3l']")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_its_title_has_room_beside_what_can_be_done(
    world: World, stopped: Delivery, desk: Desk, width: int
) -> None:
    """Five deeds fit this state; two are buttons, the others in a menu that opens within the window."""
    Delivery.objects.filter(pk=stopped.pk).update(payload={**stopped.payload, "title": "A warm loaf " * 6})
    page = desk(world.editor, f"/deliveries/{stopped.pk}/", width=width)
    assert page.locator(".head .acts .btn:visible, .head .acts > .ico:visible").count() <= 3
    title = page.locator(".head h1").bounding_box()
    assert title is not None
    assert title["width"] >= min(width, 960) / 2
    page.locator(".head").get_by_role("button", name="More").click()
    menu = page.locator("#more-deeds")
    expect(menu.get_by_role("menuitem")).to_have_count(3)
    box = menu.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


def test_left_as_it_is_it_is_published_and_says_so(world: World, stopped: Delivery, desk: Desk) -> None:
    page = desk(world.editor, f"/deliveries/{stopped.pk}/")
    expect(page.locator("#delivery")).to_contain_text("2 of its 4 parts are live.")
    page.locator(".head").get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Leave it as it is").click()
    page.get_by_role("dialog").get_by_role("button", name="Leave it as it is").click()
    expect(page.locator("#delivery")).to_contain_text("The rest is never sent.")
    stopped.refresh_from_db()
    assert (stopped.state, stopped.part) == ("published", 2)
    page.goto(re.sub(r"/deliveries/.*", "/calendar/", page.url))
    expect(page.locator("body")).to_contain_text("2 of 4")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["en", "zh-hans", "vi"])
def test_what_ended_while_nobody_knew_of_a_part_says_so_and_is_settled(
    world: World, stopped: Delivery, desk: Desk, width: int, language: str
) -> None:
    """Left while the answer about its third part was missing: the page says it, and takes the word of who looked."""
    Delivery.objects.filter(pk=stopped.pk).update(reason="no_look_up", doubt_since=now())
    page = desk(world.editor, f"/deliveries/{stopped.pk}/", width=width, language=language)
    page.locator("[popovertarget=more-deeds]").click()
    page.locator("#more-deeds [data-open=leave]").click()
    assert troubles(page) == []
    page.locator("dialog[open] button[type=submit]").click()
    expect(page.locator("[data-open=live]")).to_be_visible()
    assert troubles(page) == []
    page.locator("[data-open=live]").click()
    page.locator("dialog[open] input[name=url]").fill("https://bsky.app/profile/x/post/3m")
    page.locator("dialog[open] button[type=submit]").click()
    expect(page.locator("a[href='https://bsky.app/profile/x/post/3m']")).to_be_visible()
    stopped.refresh_from_db()
    assert (stopped.state, stopped.part, stopped.doubt_since) == ("published", 3, None)
