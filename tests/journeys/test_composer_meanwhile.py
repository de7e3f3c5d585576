"""An open composer while colleagues and the worker go on: it says what is true now, without being loaded anew."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from kitestring.domains.composing.actions.freeze import freeze
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for, variants_of
from kitestring.domains.publishing.models import Delivery, DeliveryKind, DeliveryState
from kitestring.domains.reviewing.actions.decide_approval import approve
from kitestring.domains.reviewing.models import Approval
from kitestring.kit.clock import now
from tests.journeys.before import looks_again
from tests.journeys.conftest import Desk
from tests.world import World


def out(world: World, post: Post) -> None:
    """As if the worker had sent it this moment."""
    (variant,) = variants_of(post)
    Delivery.objects.create(
        account=variant.account, kind=DeliveryKind.VARIANT, subject_id=post.pk, publish_kind=variant.kind, payload={},
        revision=freeze(post, world.editor), state=DeliveryState.PUBLISHED, due_at=now(), published_at=now(),
        remote_url="https://there.example/1",
    )  # fmt: skip


def test_a_yes_given_meanwhile_is_seen_and_an_edit_voids_it_in_sight(
    world: World, post: Post, desk: Desk
) -> None:
    world.brand.needs_approval = True
    world.brand.save()
    page = desk(world.editor, f"/posts/{post.pk}/")
    expect(page.locator("#acts-desk .btn.p")).to_have_text("Ask for approval")
    page.locator("#acts-desk .btn.p").click()
    expect(page.locator("#strip-approval")).to_contain_text("Waits for approval")
    expect(page.locator("#acts-desk .btn.p")).to_have_count(0)
    approve(world.approver, Approval.objects.get().pk)
    page.locator("#acts-desk [data-open=schedule]").focus()
    looks_again(page)
    expect(page.locator("#strip-approval")).to_contain_text(f"{world.approver.name}")
    expect(page.locator("#strip-approval .chip.good")).to_be_visible()
    expect(page.locator("#acts-desk .btn.p")).to_have_text("Schedule")
    expect(page.locator("#acts-desk [data-open=schedule]")).to_be_focused()
    page.locator("#t-source").fill("Sáng nay bánh ra lò lúc 7 giờ.")
    expect(page.locator("#strip-approval")).to_contain_text("Void: changed since")
    expect(page.locator("#acts-desk .btn.p")).to_have_text("Ask for approval")


@pytest.mark.parametrize("width", [1280, 390])
def test_what_goes_out_meanwhile_looks_it_and_is_not_written_any_more(
    world: World, post: Post, desk: Desk, width: int
) -> None:
    page = desk(world.editor, f"/posts/{post.pk}/", width=width)
    expect(page.locator("#stands")).to_have_text("Draft")
    expect(page.locator("#t-source")).to_be_editable()
    out(world, post)
    looks_again(page)
    expect(page.locator("#stands")).to_have_text("Published")
    expect(page.locator("#t-source")).not_to_be_editable()
    expect(page.locator("#f-title")).not_to_be_editable()
    expect(page.locator("#drop")).to_be_hidden()
    expect(page.locator("#said-live")).to_contain_text("out on every account")
    if width < 600:
        page.locator("[data-ptab=preview]").click()
    expect(page.locator("#part-previews a")).to_have_attribute("href", "https://there.example/1")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_who_writes_when_it_goes_out_keeps_the_field_and_is_told(
    world: World, post: Post, desk: Desk
) -> None:
    page = desk(world.editor, f"/posts/{post.pk}/")
    page.locator("#t-source").click()
    out(world, post)
    looks_again(page)
    expect(page.locator("#said-live")).to_contain_text("nothing written here changes them there")
    page.keyboard.press("Control+End")
    page.keyboard.type(" Còn nóng.")
    expect(page.locator("#trouble")).to_contain_text("out on every account")
    expect(page.locator("#trouble [data-beginning]")).to_contain_text("Còn nóng.")
    expect(page.locator("#kept")).to_contain_text("Not saved")
    expect(page.locator("#t-source")).to_have_value(f"{post.text} Còn nóng.")
    assert post_for(world.editor, post.pk).text == post.text
    page.locator("#trouble [data-away]").click()
    expect(page.locator("#t-source")).to_have_value(post.text)
    expect(page.locator("#trouble")).to_be_empty()


def test_publish_now_asks_in_the_same_dialog_and_the_head_follows_to_the_end(
    world: World, post: Post, desk: Desk
) -> None:
    world.brand.needs_approval = False
    world.brand.save()
    page = desk(world.editor, f"/posts/{post.pk}/")
    page.locator("#acts-desk [data-open=schedule]").click()
    page.locator("#schedule [data-turn=now]").click()
    expect(page.locator("dialog[open]")).to_have_count(1)
    expect(page.locator("#publish-now")).to_contain_text("Publish now?")
    expect(page.locator("#deliver-day")).to_be_hidden()
    expect(page.locator("#publish-now [data-turn=when]")).to_be_focused()
    page.locator("#publish-now [data-turn=when]").click()
    expect(page.locator("#deliver-day")).to_be_focused()
    page.locator("#schedule [data-turn=now]").click()
    page.locator("#publish-now [type=submit]").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("#stands")).to_have_text("Sending")
    Delivery.objects.update(state=DeliveryState.PUBLISHED, published_at=now())
    # Within a few seconds and by itself: nobody looks again, and the page's own pulse is far slower.
    expect(page.locator("#stands")).to_have_text("Published", timeout=8_000)
    expect(page.locator("#acts-desk [data-open=schedule]")).to_have_count(0)


def test_an_hour_that_is_being_chosen_stays_under_the_hand(world: World, post: Post, desk: Desk) -> None:
    """A save ends while the dialog is open, and its part is asked for anew: what was typed there is not taken away."""
    page = desk(world.editor, f"/posts/{post.pk}/")
    page.locator("#acts-desk [data-open=schedule]").click()
    expect(page.locator("#deliver-time")).to_be_visible()
    page.fill("#deliver-time", "17:10")
    with page.expect_response(lambda answer: f"/posts/{post.pk}/deliveries/" in answer.url):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('saved'))")
    page.wait_for_timeout(300)
    expect(page.locator("#deliver-time")).to_have_value("17:10")
