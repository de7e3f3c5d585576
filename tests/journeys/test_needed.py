"""What is missing or cannot be taken is said beside its field, in the member's language and not in the browser's."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from kitestring.domains.channels.models import Account
from kitestring.domains.ideas.models import Brief
from kitestring.domains.publishing.models import Delivery
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from tests.journeys.conftest import Desk
from tests.journeys.looking import calm
from tests.journeys.platforms import Platforms
from tests.world import World, make_world


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def test_an_empty_field_is_told_beside_it(world: World, desk: Desk) -> None:
    page = desk(world.editor, "/briefs/", language="zh-hans")
    page.locator("main [data-open=new-brief]").first.click()
    page.locator("#new-brief button[type=submit]").click()
    title = page.locator("#new-brief [name=title]")
    said = page.locator("#new-brief .fld .err")
    expect(said).to_have_text("这里还空着，请填写。其他内容都还在。")
    expect(title).to_be_focused()
    expect(title).to_have_attribute("aria-invalid", "true")
    assert str(said.get_attribute("id")) in str(title.get_attribute("aria-describedby")).split()
    page.locator("#new-brief button[type=submit]").click()
    expect(said).to_have_count(1)
    calm(page)
    title.fill("工位上的小电炉")
    expect(said).to_have_count(0)
    assert not Brief.objects.exists()
    page.locator("#new-brief button[type=submit]").click()
    expect(page.locator("#f-title")).to_have_value("工位上的小电炉")


def test_who_signs_in_is_told_in_their_language(world: World, visitor: Desk) -> None:
    page = visitor("/account/login/", language="vi")
    page.fill("[name=login]", "no-address")
    page.locator("main form button[type=submit], form button[type=submit]").first.click()
    expect(page.locator(".err").first).to_contain_text("Địa chỉ e-mail chưa đủ")
    expect(page.locator("[name=login]")).to_have_value("no-address")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_wrong_proof_begins_at_its_field(world: World, desk: Desk, width: int) -> None:
    account = Account.objects.create(
        workspace=world.workspace, brand=world.brand, channel="xiaohongshu", handle="us", name="Crumb"
    )
    waits = Delivery.objects.create(
        account=account, kind="variant", subject_id=uuid7(), publish_kind="note", due_at=now(), state="handed_off",
        payload={"title": "A warm loaf", "text": "Fresh from the oven. " * 60},
    )  # fmt: skip
    page = desk(world.editor, f"/deliveries/{waits.pk}/hand-off/", width=width)
    page.fill("[name=url]", "https://example.com/not-there")
    page.locator("form[action$='/proof/'] button[type=submit]").click()
    expect(page.locator("#f-url-err")).to_be_in_viewport(ratio=1)
    expect(page.locator("[name=url]")).to_be_focused()
    expect(page.locator("[name=url]")).to_have_value("https://example.com/not-there")
    page.fill(
        "[name=url]",
        "Crumb发布了一篇小红书笔记，快来看吧！ http://xhslink.com/a/Bc9，复制本条信息，打开App查看！",
    )
    page.locator("form[action$='/proof/'] button[type=submit]").click()
    expect(page.locator("a[href='http://xhslink.com/a/Bc9']").first).to_be_visible()


def test_a_refused_key_is_told_at_its_field_and_still_stands_there(
    world: World, desk: Desk, platforms: Platforms
) -> None:
    page = desk(world.owner, "/settings/accounts/add/telegram/")
    page.fill("#connect [name=bot_token]", "123456:nobody-made-this-one")
    page.fill("#connect [name=chat]", "@crumb")
    page.locator("#connect button[type=submit]").click()
    token = page.locator("#connect [name=bot_token]")
    expect(page.locator("#connect .fld.bad .err")).to_have_count(1)
    expect(token).to_be_focused()
    expect(token).to_have_attribute("aria-invalid", "true")
    expect(token).to_have_value("123456:nobody-made-this-one")
    expect(page.locator("#connect")).to_contain_text("Nothing was saved")
    calm(page)
    token.fill(platforms["telegram"].typed("crumb")["bot_token"])
    page.fill("#connect [name=chat]", "@nowhere")
    page.locator("#connect button[type=submit]").click()
    expect(page.locator("#connect [name=chat]")).to_be_focused()
    expect(token).not_to_have_attribute("aria-invalid", "true")
    assert not Account.objects.exists()


def test_a_server_that_is_not_there_is_told_at_the_head(world: World, desk: Desk, settings: Any) -> None:
    settings.CHANNEL_URLS = {"telegram": {"api": "http://127.0.0.1:9"}}
    page = desk(world.owner, "/settings/accounts/add/telegram/")
    page.fill("#connect [name=bot_token]", "123456:of-a-bot")
    page.fill("#connect [name=chat]", "@crumb")
    page.locator("#connect button[type=submit]").click()
    said = page.locator("#connect > .err")
    expect(said).to_be_focused()
    expect(said).to_contain_text("Nothing was changed here")
