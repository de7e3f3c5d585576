"""What a post is declared to be shows at once where a channel has a switch for it, and a person's own choice stays."""

from __future__ import annotations

from playwright.sync_api import expect

from kitestring.domains.composing.models import Post
from kitestring.domains.composing.tests.test_about import on
from tests.journeys.conftest import Desk
from tests.world import World


def test_a_declaration_turns_the_channels_switch_on_in_sight(world: World, post: Post, desk: Desk) -> None:
    variant = on(world, post, "paid")
    page = desk(world.editor, f"/posts/{post.pk}/")
    expect(page.locator("#composer[data-ready]")).to_be_attached()
    switch = page.locator(f"#settings-{variant.pk} input[name=option-paid]")
    expect(switch).not_to_be_checked()
    page.locator("#about summary").click()
    page.locator("#about-paid").check()
    expect(page.locator("#part-about")).to_contain_text("Advertising")
    expect(switch).to_be_checked()
    page.locator("#about-paid").uncheck()
    expect(switch).not_to_be_checked()


def test_it_turns_on_while_another_of_its_settings_is_filled_in(world: World, post: Post, desk: Desk) -> None:
    """The answer comes back when the person writes in the channel's panel already."""
    variant = on(world, post, "paid")
    page = desk(world.editor, f"/posts/{post.pk}/")
    expect(page.locator("#composer[data-ready]")).to_be_attached()
    switch = page.locator(f"#settings-{variant.pk} input[name=option-paid]")
    field = page.locator(f"#settings-{variant.pk} input:not([type=checkbox])").first
    page.locator("#about summary").click()
    page.evaluate(
        """id => {
            document.getElementById("about-paid").click();
            document.querySelector(`[data-show="side-${id}"]`).click();
            for (const fold of document.querySelectorAll(`#settings-${id} details`)) fold.open = true;
            document.querySelector(`#settings-${id} input:not([type=checkbox])`).focus();
        }""",
        str(variant.pk),
    )
    expect(switch).to_be_checked()
    expect(field).to_be_focused()
