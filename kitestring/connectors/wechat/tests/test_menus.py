"""WeChat's menus: what is none of ours goes back as it came, taps are answered with words, refusals have words."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.hooks import Door, Knock
from kitestring.connectorkit.menus import Menu, MenuItem, menu_problems
from kitestring.connectors.wechat import hooks, menus, permits, sealing
from kitestring.connectors.wechat.client import MANIFEST, app, refusal
from kitestring.connectors.wechat.emulated import callbacks
from kitestring.connectors.wechat.emulated.world import World
from kitestring.connectors.wechat.tests.test_hooks import SECRETS

PAGE = json.loads((Path(__file__).parent / "fixtures" / "calls.json").read_text("utf-8"))["menu_of_the_page"]
SHOP = MenuItem("Shop", "link", {"url": "https://tea.example/shop"})
HOURS = MenuItem("营业时间", "reply", {"text": "每天9:00–21:00 ]]> <b>"})


def with_(session, kept):
    return replace(session, settings={**session.settings, **kept})


async def test_what_is_none_of_ours_goes_back_as_it_came(at_work):
    there = await at_work("wechat")
    scan = {"type": "scancode_push", "name": "扫码", "key": "rselfmenu_0_1"}
    await app(there.session).call(
        "/cgi-bin/menu/create", {"button": [{"name": "更多", "sub_button": [scan]}]}, write=True
    )
    (live,) = await menus.read(there.session)
    (entry,) = live.items[0].items
    assert (entry.label, entry.action, entry.note) == ("扫码", "", "scancode_push")
    renamed = replace(entry, label="扫一扫")
    await menus.put(there.session, Menu((replace(live.items[0], items=(renamed, SHOP)),)))
    (again,) = await menus.read(there.session)
    assert again.items[0].items[0].kept == {"type": scan["type"], "key": scan["key"]}
    assert again.items[0].items[0].label == "扫一扫"
    assert again.items[0].items[1] == SHOP


async def test_the_menu_made_on_its_own_page_is_read_and_what_cannot_be_carried_over_is_seen(at_work):
    there = await at_work("wechat")
    there.platform.memory["wechat"]["page_menu"] = PAGE["told"]["selfmenu_info"]
    (live,) = await menus.read(there.session)
    assert live.elsewhere
    assert [one.action for one in live.items[0].items] == ["link", "", ""]
    assert live.items[1] == MenuItem("text", "reply", {"text": "This is text!"})
    found = menu_problems(MANIFEST, live, "service_verified")
    assert [(one.field, one.reason) for one in found] == [
        ("0.1.action", "menu_action_missing"),
        ("0.2.action", "menu_action_missing"),
    ]


async def test_menus_of_some_by_other_rules_are_left_alone(at_work):
    there = await at_work("wechat")
    await menus.put(there.session, Menu((SHOP,)))
    phones = {
        "button": [menus._button(SHOP, {})],
        "matchrule": {"tag_id": "100", "client_platform_type": "2"},
    }
    await app(there.session).call("/cgi-bin/menu/addconditional", phones, write=True)
    await menus.put(there.session, Menu((SHOP,), "100"))
    await menus.remove(there.session, "100")
    everybodys, theirs = await menus.read(there.session)
    assert (everybodys.audience, everybodys.whom) == ("", "")
    assert (theirs.whom, theirs.items) == ("client_platform_type=2, tag_id=100", (SHOP,))
    told = await app(there.session).call("/cgi-bin/menu/get")
    assert [one["matchrule"] for one in told["conditionalmenu"]] == [phones["matchrule"]]


async def test_everybodys_menu_comes_first_and_takes_the_others_with_it(at_work):
    there = await at_work("wechat")
    with pytest.raises(Rejected) as raised:
        await menus.put(there.session, Menu((SHOP,), "100"))
    assert raised.value.reason == "menu_first_for_all"
    await menus.put(there.session, Menu((SHOP,)))
    await menus.put(there.session, Menu((SHOP,), "100"))
    await menus.remove(there.session, "")
    assert await menus.read(there.session) == []


@pytest.mark.parametrize("safe", [True, False])
async def test_a_tap_is_answered_with_the_words_of_the_menu(at_work, safe):
    there = await at_work("wechat")
    kept = menus.keeps(there.session, Menu((HOURS,)), [])
    (key,) = menus.keys(Menu((HOURS,)))
    there.platform.memory["wechat"]["callback"] = SECRETS if safe else {"token": SECRETS["token"]}
    door = Door(SECRETS, there.session.remote_id, kept)
    push = callbacks.tap(World(there.platform), there.session.remote_id, "lan", key)
    knock = Knock("POST", dict(parse_qsl(push.query)), body=push.body)
    heard = hooks.verify(knock, door)
    text = heard.answer
    if safe:
        told = dict(re.findall(r"<(\w+)>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</\1>", text.removeprefix("<xml>")))
        signed = (SECRETS["token"], told["TimeStamp"], told["Nonce"], told["Encrypt"])
        assert told["MsgSignature"] == sealing.signature(*signed)
        text = sealing.opened(told["Encrypt"], SECRETS["aes_key"], there.session.remote_id)
    assert "<ToUserName><![CDATA[olan]]></ToUserName>" in text
    assert "<![CDATA[每天9:00–21:00 ]]]]><![CDATA[> <b>]]>" in text
    assert hooks.verify(knock, replace(door, settings={})).answer == "success"
    forged = replace(door, secrets={**SECRETS, "token": "another"})
    assert hooks.verify(knock, forged) is None


async def test_the_words_of_an_older_menu_are_kept_for_phones_that_show_it_still(at_work):
    there = await at_work("wechat")
    session = with_(there.session, menus.keeps(there.session, Menu((HOURS,)), []))
    kept = menus.keeps(session, Menu((SHOP,)), [])
    assert list(menus.kept_words(kept).values()) == [HOURS.values["text"]]
    many = {f"ks-{n:024d}": str(n) for n in range(menus.MOST + 5)}
    kept = menus.keeps(with_(session, {"menu_replies": many}), Menu((HOURS,)), [])
    assert len(kept["menu_replies"]) == menus.MOST
    assert HOURS.values["text"] in menus.kept_words(kept).values()


async def test_the_newest_words_stay_though_the_database_sorts_what_it_keeps(at_work):
    there = await at_work("wechat")
    session = there.session
    for number in range(menus.MOST + 5):
        menu = Menu((MenuItem("A", "reply", {"text": str(number)}),))
        kept = json.loads(json.dumps(menus.keeps(session, menu, []), sort_keys=True))
        session = with_(session, kept)
    texts = list(menus.kept_words(session.settings).values())
    assert texts == [str(number) for number in range(5, menus.MOST + 5)]


async def test_words_of_a_menu_that_is_put_live_now_are_not_crowded_out(at_work):
    there = await at_work("wechat")
    entries = [MenuItem("A", "reply", {"text": str(n)}) for n in range(menus.MOST)]
    live = [Menu((MenuItem("L", items=tuple(entries[n : n + 5])),), str(n)) for n in range(0, menus.MOST, 5)]
    session = there.session
    for one in live:
        session = with_(session, menus.keeps(session, one, live))
    session = with_(session, menus.keeps(session, Menu((HOURS,)), live))
    kept = menus.keeps(session, live[0], live)
    assert HOURS.values["text"] in menus.kept_words(kept).values()


async def test_a_rule_about_people_is_refused(at_work):
    there = await at_work("wechat")
    await menus.put(there.session, Menu((SHOP,)))
    asked = {"button": [menus._button(SHOP, {})], "matchrule": {"language": "zh_CN"}}
    with pytest.raises(Rejected):
        await app(there.session).call("/cgi-bin/menu/addconditional", asked, write=True)


async def test_words_that_a_live_menu_names_outlast_any_number_of_newer_ones(at_work):
    there = await at_work("wechat")
    old = Menu((MenuItem("List", items=(HOURS,)),), "100")
    words = menus.kept_words(menus.keeps(there.session, old, []))
    many = words | {f"ks-{n:024d}": str(n) for n in range(menus.MOST + 5)}
    session = with_(there.session, {"menu_replies": many})
    kept = menus.kept_words(menus.keeps(session, Menu((SHOP,)), [old]))
    assert words.items() <= kept.items()
    assert len(kept) == menus.MOST
    assert not words.items() <= menus.kept_words(menus.keeps(session, Menu((SHOP,)), [])).items()


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (40016, "menu_refused"), (40018, "menu_name_refused"), (40025, "menu_name_refused"),
        (40054, "menu_address_refused"), (40055, "menu_address_refused"), (65301, "menu_gone"),
        (65316, "menu_addresses_too_many"),
    ],
)  # fmt: skip
def test_what_codes_of_menus_mean(code, reason):
    assert refusal({"errcode": code, "errmsg": "x"}, write=True, headers={}).reason == reason


@pytest.mark.parametrize(
    ("button", "code"),
    [
        ({"type": "view", "name": "一二三四五六", "url": "https://a.example"}, 40018),
        ({"type": "view", "name": "店", "url": "https://nowhere"}, 40055),
        ({"type": "dance", "name": "店"}, 40017),
        ({"type": "click", "name": "店", "key": "k" * 129}, 40019),
        ({"name": "店", "sub_button": [{"type": "view", "name": "一", "url": "ftp://a.example"}]}, 40054),
        (
            {"name": "店", "sub_button": [{"type": "view", "name": "茶" * 21, "url": "https://a.example"}]},
            40025,
        ),
    ],
)
async def test_the_emulator_refuses_what_wechat_refuses(at_work, button, code):
    there = await at_work("wechat")
    with pytest.raises(Rejected) as raised:
        await app(there.session).call("/cgi-bin/menu/create", {"button": [button]}, write=True)
    assert str(code) in raised.value.said


async def test_who_may_set_a_menu_is_asked(at_work):
    there = await at_work("wechat")
    assert there.connected.capabilities["menus"] is True
    there.platform.memory["wechat"]["without"] = ["/cgi-bin/menu"]
    assert (await permits.asked(app(there.session)))["menus"] == "not_permitted"
    personal = await permits.found(app(there.session), "subscription_unverified")
    assert personal["menus"] == "needs_verification"


def test_a_mini_program_is_for_verified_accounts():
    program = MenuItem("小程序", "app", {"app_id": "wx1", "page": "pages/index", "url": "https://a.example"})
    assert menu_problems(MANIFEST, Menu((program,)), "service_verified") == []
    (found,) = menu_problems(MANIFEST, Menu((program,)), "service_unverified", "zh-hans")
    assert found.reason == "menu_action_not_here"
    assert "打开小程序" in found.sentence
