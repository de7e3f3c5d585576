"""From the code on the desk's screen to the proof, on a phone that nobody is signed in on: 390 px, one hand."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from kitestring.domains.channels.models import Account
from kitestring.domains.library.actions.add_asset import add_asset
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.phone_link import link_for
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from tests.journeys.conftest import Desk, Open
from tests.journeys.looking import PHONE, calm
from tests.journeys.platforms import by_hand
from tests.world import World

SHARES = """
navigator.canShare = (data) => Boolean(data.files?.length);
navigator.share = async (data) => { window.shared = data.files.map((file) => [file.name, file.type, file.size > 0]); };
"""
IN_WECHAT = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126 Mobile Safari/537.36 MicroMessenger/8.0.50"
)


@pytest.fixture
def waits(world: World) -> Delivery:
    """A note with two pictures, due now."""
    channel = by_hand().manifest.slug
    account = Account.objects.create(
        workspace=world.workspace, brand=world.brand, channel=channel, handle="us", name="青岚茶事"
    )
    media = []
    for name, colour in (("封面.png", "#2F4A3C"), ("步骤.png", "#C8372D")):
        drawn = io.BytesIO()
        Image.new("RGB", (300, 400), colour).save(drawn, "PNG")
        asset = add_asset(world.editor, world.brand, name, [drawn.getvalue()])
        media.append({"asset": str(asset.pk), "sha256": asset.sha256, "alt": "一碗姜撞奶"})
    return Delivery.objects.create(
        account=account, kind="variant", subject_id=uuid7(), publish_kind=by_hand().manifest.kinds[0].key,
        due_at=now(), state="handed_off",
        payload={"title": "姜撞奶怎么点", "text": "第一口先不搅，第二口搅三圈。", "language": "zh-hans", "media": media},
    )  # fmt: skip


def opened_link(world: World, delivery: Delivery) -> str:
    return f"/on-phone/{link_for(world.editor, delivery)}/"


@pytest.mark.parametrize("language", ["en", "zh-hans", "vi"])
def test_from_the_code_to_the_proof(
    world: World, waits: Delivery, desk: Desk, opened: Open, live_server: object, settings: Any, language: str
) -> None:
    settings.PUBLIC_URL = "http://desk.example"
    at_desk = desk(world.editor, language=language)
    at_desk.clock.install()
    at_desk.goto(f"{live_server}/deliveries/{waits.pk}/hand-off/")
    expect(at_desk.locator(".onphone .qr")).to_be_visible()
    calm(at_desk)
    context = opened(PHONE, language)
    context.add_init_script(SHARES)
    phone = context.new_page()
    phone.goto(f"{live_server}{opened_link(world, waits)}")
    expect(phone.locator(".onphone")).to_have_count(0)
    expect(phone.locator("#copy-text")).to_have_value("第一口先不搅，第二口搅三圈。")
    expect(phone.locator("[data-in-app]")).to_be_hidden()
    calm(phone)
    phone.locator("form[action$='/take/'] button").click()
    expect(phone.locator("form[action$='/take/']")).to_have_count(0)
    phone.click("[data-share-files]")
    expect(phone.locator("[data-taken]")).to_be_empty()
    shared = phone.evaluate(
        "() => new Promise((done) => { const look = () => window.shared ? done(window.shared) : setTimeout(look, 50); look(); })"
    )
    assert shared == [
        ["01 封面.png", "image/png", True], ["02 步骤.png", "image/png", True],
    ]  # fmt: skip
    phone.fill("[name=url]", "8.23 复制打开 https://example.com/1")
    phone.click("form[action$='/proof/'] button[type=submit]")
    expect(phone.locator("#f-url-err")).to_be_in_viewport(ratio=1)
    expect(phone.locator("[name=url]")).to_have_value("8.23 复制打开 https://example.com/1")
    calm(phone)
    proof = "http://xhslink.com/a/Bc9"
    phone.fill(
        "[name=url]", f"86 青岚茶事发布了一篇小红书笔记，快来看吧！ {proof}，复制本条信息，打开App查看！"
    )
    phone.click("form[action$='/proof/'] button[type=submit]")
    expect(phone.locator(f"a[href='{proof}']")).to_be_visible()
    calm(phone)
    waits.refresh_from_db()
    assert (waits.state, waits.remote_url, waits.carried_by_id) == ("published", proof, world.editor.pk)
    at_desk.clock.fast_forward(21_000)
    expect(at_desk).to_have_url(f"{live_server}/deliveries/{waits.pk}/")


def test_all_files_are_saved_in_their_order(
    world: World, waits: Delivery, opened: Open, live_server: object
) -> None:
    phone = opened(PHONE, "en").new_page()
    saved: list[str] = []
    phone.on("download", lambda download: saved.append(download.suggested_filename))
    phone.goto(f"{live_server}{opened_link(world, waits)}")
    expect(phone.locator("[data-share-files]")).to_be_hidden()
    with phone.expect_download(predicate=lambda one: one.suggested_filename.startswith("02")):
        phone.click("[data-save-files]")
    assert saved == ["01 封面.png", "02 步骤.png"]


def test_inside_another_app_the_browser_is_asked_for(
    world: World, waits: Delivery, chromium: Any, live_server: object, at_rest: None
) -> None:
    context = chromium.new_context(viewport={"width": PHONE, "height": 844}, user_agent=IN_WECHAT)
    phone = context.new_page()
    phone.goto(f"{live_server}{opened_link(world, waits)}")
    expect(phone.locator("[data-in-app]")).to_be_visible()
    context.close()


def test_words_are_copied_where_the_browser_forbids_the_clipboard(
    world: World, waits: Delivery, opened: Open, live_server: object
) -> None:
    """As on a page without https: the old way is taken, and the field pastes what was copied."""
    context = opened(PHONE, "en")
    context.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined });")
    phone = context.new_page()
    phone.goto(f"{live_server}{opened_link(world, waits)}")
    expect(phone.locator("[data-paste-to]")).to_be_hidden()
    phone.click("[data-copy-from=copy-title]")
    expect(phone.locator("#toasts .toast.good")).to_be_visible()
    phone.focus("[name=url]")
    phone.keyboard.press("Control+V")
    expect(phone.locator("[name=url]")).to_have_value("姜撞奶怎么点")
