"""A platform in trouble, as the manager sees it: a sentence in her language, nothing lost, never the platform's own page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from kitestring.connectorkit.emulation import Fault
from kitestring.domains.channels.actions.connect import connect
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.publishing.actions.schedule import publish_now
from kitestring.domains.publishing.models import Delivery
from tests.journeys.conftest import Desk
from tests.journeys.engine import Engine, aside
from tests.journeys.looking import calm
from tests.journeys.platforms import Platforms
from tests.world import World, make_world

SLUG = "mastodon"
TEXT = "A warm cup, before the rain"
THEIRS = ("<!doctype", "<html", "<title", "<h1")
KINDS = {
    "down": ("unknown", "scheduled"),
    "html": ("unknown", "scheduled"),
    "busy": ("scheduled",),
    "unauthorized": ("held",),
    "drop_after": ("published", "unknown"),
}


@pytest.fixture
def world(transactional_db: None) -> World:
    made = make_world()
    made.brand.needs_approval = False
    made.brand.save()
    return made


@pytest.fixture
def sent(world: World, platforms: Platforms, engine: Engine) -> Delivery:
    typed = platforms[SLUG].typed("crumb")
    account = aside(lambda: connect(world.owner, world.brand, SLUG, typed))
    post = write_post(world.editor, world.brand, title="Rain", text=TEXT)
    add_variant(world.editor, post.pk, account)
    return publish_now(world.editor, post)[0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_delivery_in_trouble_is_told_in_words(
    kind: str, sent: Delivery, world: World, platforms: Platforms, engine: Engine, desk: Desk
) -> None:
    platforms[SLUG].faults.always(Fault(kind, after=60))
    engine.work()
    sent.refresh_from_db()
    assert sent.state in KINDS[kind], (sent.state, sent.reason)
    page = desk(world.editor, f"/deliveries/{sent.pk}/", language="vi")
    calm(page)
    expect(page.locator("main")).to_contain_text(TEXT)
    shown = page.inner_text("main")
    assert not [theirs for theirs in THEIRS if theirs in shown], shown
    for path in ("/", "/calendar/", f"/settings/accounts/{sent.account_id}/", "/inbox/"):
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + path)
        calm(page, axe=False)
    assert Delivery.objects.get(pk=sent.pk).payload["text"] == TEXT


def test_questions_asked_of_a_broken_platform_leave_all_as_it_was(
    sent: Delivery, world: World, platforms: Platforms, engine: Engine, desk: Desk
) -> None:
    engine.work()
    sent.refresh_from_db()
    assert sent.state == "published"
    for kind in ("down", "html", "busy"):
        platforms[SLUG].faults.always(Fault(kind))
        engine.collect()
        engine.measure()
    platforms[SLUG].faults.clear()
    sent.account.refresh_from_db()
    assert sent.account.state == "connected"
    page = desk(world.analyst, f"/results/{sent.pk}/", language="zh-hans")
    calm(page)


def test_an_account_deleted_there_asks_for_a_person(
    sent: Delivery, world: World, platforms: Platforms, engine: Engine, desk: Desk
) -> None:
    platforms[SLUG].faults.always(Fault("unauthorized"))
    engine.work()
    sent.refresh_from_db()
    sent.account.refresh_from_db()
    assert (sent.state, sent.account.state) == ("held", "expired")
    assert platforms[SLUG].platform.posts() == []
    page = desk(world.owner, "/")
    page.locator(f"main a[href='/deliveries/{sent.pk}/']").first.click()
    page.locator(f"main a.btn[href='/settings/accounts/{sent.account_id}/reconnect/']").click()
    calm(page)
    platforms[SLUG].faults.clear()
    for key, value in platforms[SLUG].typed("crumb").items():
        page.fill(f"[name={key}]", value)
    page.click("#connect button[type=submit]")
    expect(page).to_have_url(f"{page.url.split('/settings')[0]}/settings/accounts/{sent.account_id}/")
    engine.work()
    sent.refresh_from_db()
    assert (sent.state, len(platforms[SLUG].platform.posts())) == ("published", 1), sent.reason
