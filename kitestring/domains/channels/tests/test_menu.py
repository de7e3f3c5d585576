"""The menu of an account: read live, edited, looked at, put live once it is right, taken off; never over one not yet seen."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from kitestring.connectorkit import registry
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.menus import Menu, MenuItem
from kitestring.domains.channels.actions import put_menu as put
from kitestring.domains.channels.actions.examine import refresh_settings
from kitestring.domains.channels.actions.put_menu import live_menus, put_menu, remove_menu
from kitestring.domains.channels.models import Hook
from kitestring.domains.channels.tests.counter import Counter
from kitestring.domains.channels.views import menu_draft
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit.clock import now
from kitestring.kit.refusals import Conflict, Refusal
from tests.world import World

Door = Callable[[Member], Client]
SHOP = MenuItem("Shop", "link", {"url": "https://tea.example/shop"})


def fields(page: str) -> dict[str, str]:
    """What a browser without script would send of the page's form."""
    form = page[page.index('id="menu-form"') : page.index("</form>", page.index('id="menu-form"'))]
    found = dict(re.findall(r'<input[^>]*name="(e[^"]+|seen)"[^>]*value="([^"]*)"', form))
    for name, inside in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        found[name] = chosen[1] if chosen else ""
    words = re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL)
    return found | dict(words)


def typed(**more: str) -> dict[str, str]:
    told = {"do": "put", "seen": "", "e0-label": "Shop", "e0-does": "link", "e0-link-url": SHOP.values["url"]}
    return told | more


def off(client: Client, path: str) -> dict[str, str]:
    """What the dialog that takes the menu off sends."""
    page = client.get(path).content.decode()
    form = page[page.index('id="menu-off-form"') :]
    return dict(re.findall(r'<input type="hidden" name="(for|seen)" value="([^"]*)"', form))


def live(world: World, counter: Counter) -> list[Menu]:
    return list(live_menus(world.manager, counter.of.pk))


def test_a_menu_is_put_live_and_written_down(world: World, door: Door, counter: Counter) -> None:
    client = door(world.manager)
    assert counter.path in client.get(f"/settings/accounts/{counter.of.pk}/").content.decode()
    assert "There is no menu yet." in client.get(counter.path).content.decode()
    below = {
        "e1-label": "茶", "e1-does": "list", "e1_0-label": "今日", "e1_0-does": "link", "e1_0-link-url": "https://tea.example/1",
        "e1_3-label": "Map", "e1_3-does": "link", "e1_3-link-url": "https://tea.example/map",
    }  # fmt: skip
    assert client.post(counter.path, typed(**below)).status_code == 302
    (menu,) = live(world, counter)
    assert [one.label for one in menu.items] == ["Shop", "茶"]
    assert [one.label for one in menu.items[1].items] == ["今日", "Map"]
    told = AuditEntry.objects.get(verb="account.menu")
    assert told.after["menu"][1] == "茶 › 今日: https://tea.example/1"
    shown = client.get(counter.path).content.decode()
    assert "<summary>茶</summary>" in shown.replace(' lang="zh-Hans"', "").replace(' lang="zh"', "")
    again = fields(shown) | {"do": "put", "e0-label": "Store"}
    assert client.post(counter.path, again).status_code == 302
    (menu,) = live(world, counter)
    assert [one.label for one in menu.items] == ["Store", "茶"]
    assert AuditEntry.objects.filter(verb="account.menu").latest("id").before["menu"][0].startswith("Shop: ")


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    world: World, door: Door, counter: Counter
) -> None:
    client = door(world.manager)
    wrong = {
        "e0-label": "一二三四五六",
        "e0-link-url": "tea.example/shop",
        "e2-label": "Later",
        "e2-does": "list",
    }
    answer = client.post(counter.path, typed(**wrong))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "This name takes 18 bytes" in shown
    assert "Address: an address begins with https://" in shown
    assert "Choose what a tap on this entry does" in shown
    assert 'value="一二三四五六"' in shown
    assert 'value="tea.example/shop"' in shown
    assert live(world, counter) == []
    assert not AuditEntry.objects.filter(verb="account.menu").exists()
    for language, said in (("zh-hans", "名称占18字节"), ("vi", "Tên này chiếm 18 byte")):
        world.manager.language = language
        world.manager.save()
        assert said in client.post(counter.path, typed(**wrong)).content.decode()


def test_looking_and_moving_put_nothing_live(world: World, door: Door, counter: Counter) -> None:
    client = door(world.manager)
    shown = client.post(counter.path, typed(do="preview", **{"e0-label": "一二三四五"})).content.decode()
    assert "一二三四…" in shown
    assert "cuts the rest" in shown
    moved = fields(client.post(counter.path, typed(do="down:0", **{"e0-app-page": "kept"})).content.decode())
    assert (moved["e0-label"], moved["e1-label"], moved["e1-does"]) == ("", "Shop", "link")
    assert moved["e1-app-page"] == "kept"
    for nowhere in ("up:0", "down:9", "up:x", "down:0.7", "up:"):
        assert client.post(counter.path, typed(do=nowhere)).status_code == 200
    assert live(world, counter) == []


def test_a_menu_that_changed_there_meanwhile_is_not_overwritten_unseen(
    world: World, door: Door, counter: Counter
) -> None:
    client = door(world.manager)
    theirs = Menu((MenuItem("Theirs", "link", SHOP.values),))
    put_menu(world.owner, counter.of.pk, theirs, "")
    answer = client.post(counter.path, typed())
    assert answer.status_code == 409
    assert "somebody changed it meanwhile" in answer.content.decode()
    assert live(world, counter)[0].items == theirs.items
    again = fields(answer.content.decode())
    assert again["e0-label"] == "Shop"
    assert client.post(counter.path, again | {"do": "put"}).status_code == 302
    assert live(world, counter)[0].items == (SHOP,)


def test_words_need_the_channels_calls(world: World, door: Door, counter: Counter) -> None:
    client = door(world.manager)
    says = {"e0-does": "reply", "e0-reply-text": "9:00–21:00"}
    answer = client.post(counter.path, typed(**says))
    assert answer.status_code == 422
    assert "has never called this server" in answer.content.decode()
    Hook.objects.create(account=counter.of, token_hash="h", sealed="", heard_at=now())
    assert client.post(counter.path, typed(**says)).status_code == 302
    assert [text for _key, text in counter.of.settings["menu_replies"]] == ["9:00–21:00"]


def test_a_tag_has_a_menu_of_its_own(world: World, door: Door, counter: Counter) -> None:
    client, own = door(world.manager), f"{counter.path}?for=100"
    assert client.get(f"{counter.path}?for=7").status_code == 404
    first = client.post(own, typed())
    assert first.status_code == 422
    assert "a menu for everybody before one for a tag" in first.content.decode()
    client.post(counter.path, typed())
    client.post(own, typed(**{"e0-label": "Regulars"}))
    assert [(one.audience, one.items[0].label) for one in live(world, counter)] == [
        ("", "Shop"),
        ("100", "Regulars"),
    ]
    assert 'value="Regulars"' in client.get(own).content.decode()
    client.post(f"{counter.path}off/", off(client, own))
    assert [one.audience for one in live(world, counter)] == [""]
    assert AuditEntry.objects.get(verb="account.menu_off").before["menu"][0].startswith("Regulars")


def test_everybodys_menu_goes_with_those_of_tags_which_is_said_and_written_down(
    world: World, door: Door, counter: Counter
) -> None:
    client = door(world.manager)
    client.post(counter.path, typed())
    sent = off(client, counter.path)
    assert "and so do the menus for" not in client.get(counter.path).content.decode()
    client.post(f"{counter.path}?for=100", typed(**{"e0-label": "Regulars"}))
    late = client.post(f"{counter.path}off/", sent, follow=True).content.decode()
    assert "Nothing was taken off" in late
    assert [one.audience for one in live(world, counter)] == ["", "100"]
    assert not AuditEntry.objects.filter(verb="account.menu_off").exists()
    with pytest.raises(Conflict):
        remove_menu(world.manager, counter.of.pk, "", "")
    for language, said in (
        ("zh-hans", "以下标签的菜单也会一并撤下"),
        ("vi", "cũng mất theo"),
        ("en", "and so do the menus for"),
    ):
        world.manager.language = language
        world.manager.save()
        assert said in client.get(counter.path).content.decode()
    client.post(f"{counter.path}off/", off(client, counter.path))
    assert live(world, counter) == []
    told = AuditEntry.objects.get(verb="account.menu_off").before
    assert told["menu"] == ["Shop: https://tea.example/shop"]
    assert told["others"] == {"100": ["Regulars: https://tea.example/shop"]}
    client.post(f"{counter.path}off/", {"for": ""})
    assert AuditEntry.objects.filter(verb="account.menu_off").count() == 1


def test_a_lost_answer_loses_no_words_and_the_menu_can_be_put_again(
    world: World, door: Door, counter: Counter
) -> None:
    client = door(world.manager)
    Hook.objects.create(account=counter.of, token_hash="h", sealed="", heard_at=now())
    counter.faults.next(Fault("drop_after", at="store"))
    sent = typed(**{"e0-does": "reply", "e0-reply-text": "9:00–21:00"})
    lost = client.post(counter.path, sent)
    assert lost.status_code == 422
    assert [text for _key, text in counter.of.settings["menu_replies"]] == ["9:00–21:00"]
    assert live(world, counter)[0].items == (MenuItem("Shop", "reply", {"text": "9:00–21:00"}),)
    again = fields(lost.content.decode())
    assert again["seen"] == ""
    assert client.post(counter.path, again | {"do": "put"}).status_code == 302
    assert AuditEntry.objects.filter(verb="account.menu").count() == 1


def test_two_menus_put_live_at_once_keep_the_words_of_both(
    world: World, door: Door, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second is put between the first one's reading and its keeping: by a session that knows nothing of it."""
    say = [
        Menu((MenuItem("A", "reply", {"text": text}),), who) for text, who in (("one", ""), ("two", "100"))
    ]
    put_menu(world.manager, counter.of.pk, Menu((SHOP,)), "")
    menus, kept = counter.connector.menus, put._keep
    assert menus is not None
    keeps = menus.keeps

    def late(account_id: UUID, told: Any) -> None:
        refresh_settings(counter.of.pk, keeps(SimpleNamespace(settings={}), say[1], []))
        kept(account_id, told)

    monkeypatch.setattr(put, "_keep", late)
    put_menu(world.manager, counter.of.pk, say[0], Menu((SHOP,)).digest())
    assert [text for _key, text in counter.of.settings["menu_replies"]] == ["two", "one"]


def test_menus_by_other_rules_are_told_of_and_go_only_when_it_was_seen(
    world: World, door: Door, counter: Counter
) -> None:
    client = door(world.manager)
    client.post(counter.path, typed())
    sent = off(client, counter.path)
    button = {"type": "view", "name": "iPhone", "url": "https://tea.example/i"}
    row = {"button": [button], "matchrule": {"client_platform_type": "1"}, "menuid": 7}
    for mine in counter.platform.memory[counter.of.channel]["menus"].values():
        mine["some"] = [row]
    page = client.get(counter.path).content.decode()
    assert "Menus that are not from here" in page
    assert (
        page.count("client_platform_type=1") == 2
    )  # in the notice, and in the dialog that takes the menu off
    assert client.post(counter.path, fields(page) | {"do": "put", "e0-label": "Store"}).status_code == 302
    assert [one.whom for one in live(world, counter)] == ["", "client_platform_type=1"]
    assert "Nothing was taken off" in client.post(f"{counter.path}off/", sent, follow=True).content.decode()
    assert len(live(world, counter)) == 2


def test_an_entry_kept_for_one_account_is_none_of_anothers() -> None:
    one, another = uuid4(), uuid4()
    scan = Menu((MenuItem("Scan", kept={"type": "scancode_push", "key": "k"}, note="scancode_push"),))
    facts = next(each for each in registry._ours() if each.menus is not None).manifest.menu
    assert facts is not None
    (slot, *_rest) = menu_draft.of_menu(facts, scan, one)
    given = {"e0-label": "Scan", "e0-does": "kept", "e0-kept": slot.kept}
    mine, _places = menu_draft.menu_of(facts, menu_draft.typed(facts, given, one), "")
    theirs, _places = menu_draft.menu_of(facts, menu_draft.typed(facts, given, another), "")
    assert mine.items == scan.items
    assert theirs.items[0].kept == {}


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("drop_after", "the menu may be live or not"),
        ("busy", "Nothing"),
        ("unauthorized", "nothing was disconnected"),
    ],
)
def test_trouble_is_told_and_what_was_typed_stays(
    kind: str, said: str, world: World, door: Door, counter: Counter
) -> None:
    # A refused grant is renewed and the call made once more: it is refused again.
    counter.faults.next(*[Fault(kind, at="store")] * (2 if kind == "unauthorized" else 1))
    answer = door(world.manager).post(counter.path, typed())
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert said in shown
    assert 'value="https://tea.example/shop"' in shown


def test_a_menu_that_cannot_be_read_is_not_offered_for_writing(
    world: World, door: Door, counter: Counter
) -> None:
    counter.faults.next(Fault("down"))
    shown = door(world.manager).get(counter.path).content.decode()
    assert "The live menu cannot be read now." in shown
    assert 'id="menu-form"' not in shown


def test_what_is_none_of_ours_is_kept_and_cannot_be_forged(
    world: World, door: Door, counter: Counter
) -> None:
    client = door(world.manager)
    scan = {"type": "scancode_push", "name": "Scan", "key": "k"}
    put_menu(world.owner, counter.of.pk, Menu((SHOP, MenuItem("Scan", kept=scan))), "")
    sent = fields(client.get(counter.path).content.decode())
    assert sent["e1-does"] == "kept"
    client.post(counter.path, sent | {"do": "put", "e1-label": "Scan me"})
    assert live(world, counter)[0].items[1].kept == {"type": scan["type"], "key": "k"}
    assert live(world, counter)[0].items[1].label == "Scan me"
    sent = fields(client.get(counter.path).content.decode())
    forged = client.post(counter.path, sent | {"do": "put", "e1-kept": '{"type": "dance"}'})
    assert forged.status_code == 422


def test_only_who_may_connect_accounts_sees_it(world: World, door: Door, counter: Counter) -> None:
    client = door(world.editor)
    assert client.get(counter.path).status_code == 403
    assert client.post(counter.path, typed()).status_code == 403
    assert counter.path not in client.get(f"/settings/accounts/{counter.of.pk}/").content.decode()
    with pytest.raises(Refusal):
        put_menu(world.editor, counter.of.pk, Menu((SHOP,)), "")
    with pytest.raises(Conflict):
        put_menu(world.manager, counter.of.pk, Menu((SHOP,)), "another")


def test_a_channel_without_a_menu_has_no_page(world: World, door: Door, counter: Counter) -> None:
    of = counter.of
    of.capabilities = {"menus": "needs_verification"}
    of.save()
    client = door(world.manager)
    assert counter.path not in client.get(f"/settings/accounts/{of.pk}/").content.decode()
    of.channel = "nowhere"
    of.save()
    assert client.get(counter.path).status_code == 404
    assert client.post(f"{counter.path}off/").status_code == 404
