"""A menu is looked over before anything is sent: names in the unit of the channel, actions with their fields, one list deep."""

from __future__ import annotations

from datetime import date

import pytest

from kitestring.connectorkit import registry
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.facts import Text, TextLimit
from kitestring.connectorkit.manifest import Manifest
from kitestring.connectorkit.menu_facts import MenuAction, MenuFacts, MenuField
from kitestring.connectorkit.menus import Menu, MenuItem, check_menu, menu_problems, needs_hook, shown_of

FACT = {"source": "x", "checked_on": date(2026, 1, 1)}


def words(text: str) -> Text:
    return Text.model_validate({"en": text, "zh-hans": text, "vi": text})


FACTS = MenuFacts(
    items=2,
    below=2,
    shown=4,
    label=TextLimit(limit=16, unit="utf8", **FACT),
    label_below=TextLimit(limit=10, unit="codepoint", **FACT),
    actions=(
        MenuAction(
            key="link",
            label=words("Link"),
            fields=(
                MenuField(
                    key="url",
                    kind="url",
                    label=words("Address"),
                    limit=TextLimit(limit=30, unit="utf8", **FACT),
                ),
            ),
        ),
        MenuAction(
            key="say",
            label=words("Say"),
            needs_hook=True,
            account_types=("grand",),
            fields=(
                MenuField(
                    key="text", label=words("Words"), limit=TextLimit(limit=5, unit="codepoint", **FACT)
                ),
            ),
        ),
    ),
    explains=words("Soon."),
    **FACT,
)
LINK = MenuItem("Tea", "link", {"url": "https://a.example"})


@pytest.fixture
def manifest() -> Manifest:
    return next(iter(registry.connectors().values())).manifest.model_copy(update={"menu": FACTS})


@pytest.mark.parametrize(
    ("menu", "found"),
    [
        (Menu((LINK,)), []),
        (Menu(), [("", "menu_empty")]),
        (Menu((LINK, LINK, LINK)), [("", "menu_too_many")]),
        (Menu((MenuItem("", "link", LINK.values),)), [("0.label", "menu_label_missing")]),
        (Menu((MenuItem("一二三四五六", "link", LINK.values),)), [("0.label", "menu_label_bytes")]),
        (Menu((MenuItem("一二三四五", "link", LINK.values),)), [("0.label", "menu_label_cut")]),
        (Menu((MenuItem("A", items=(MenuItem("x" * 11, "link", LINK.values),)),)), [("0.0.label", "menu_label_long")]),
        (Menu((MenuItem("A", items=(LINK, LINK, LINK)),)), [("0", "menu_too_many_below")]),
        (Menu((MenuItem("A", items=(MenuItem("B", "link", LINK.values, (LINK,)),)),)), [("0.0", "menu_too_deep")]),
        (Menu((MenuItem("A", "dance"),)), [("0.action", "menu_action_missing")]),
        (Menu((MenuItem("A", kept={"type": "dance"}),)), []),
        (Menu((MenuItem("A", "link"),)), [("0.url", "menu_field_missing")]),
        (Menu((MenuItem("A", "link", {"url": "javascript:alert(1)"}),)), [("0.url", "menu_address")]),
        (Menu((MenuItem("A", "link", {"url": "https://" + "a" * 30}),)), [("0.url", "menu_field_bytes")]),
        (Menu((MenuItem("A", "say", {"text": "xxxxxx"}),)), [("0.text", "menu_field_long")]),
    ],
)  # fmt: skip
def test_everything_in_the_way_is_found(manifest: Manifest, menu: Menu, found: list[tuple[str, str]]) -> None:
    told = menu_problems(manifest, menu, "grand")
    assert [(one.field, one.reason) for one in told] == found
    assert all(one.sentence and "{" not in one.sentence and "…" not in one.sentence[:3] for one in told)


def test_the_first_error_is_raised_and_a_warning_is_not(manifest: Manifest) -> None:
    check_menu(manifest, Menu((MenuItem("一二三四五", "link", LINK.values),)))
    with pytest.raises(Rejected) as raised:
        check_menu(manifest, Menu((MenuItem("A", "say", {"text": "x"}),)), "small")
    assert (raised.value.field, raised.value.reason) == ("0.action", "menu_action_not_here")
    with pytest.raises(Rejected, match="menu_not_here"):
        check_menu(manifest.model_copy(update={"menu": None}), Menu((LINK,)))


def test_what_people_see_of_a_name() -> None:
    assert shown_of("一二三四五", 4) == "一二三四…"
    assert shown_of("Tea", 4) == "Tea"
    assert shown_of("一二三四五", None) == "一二三四五"


def test_what_only_calls_of_the_channel_bring_to_life() -> None:
    say = MenuItem("B", "say", {"text": "x"})
    menu = Menu((say, MenuItem("A", items=(LINK, say))))
    assert [place for place, _action in needs_hook(FACTS, menu)] == ["0", "1.1"]


def test_two_menus_that_look_alike_are_one() -> None:
    assert Menu((LINK,)).digest() == Menu((LINK,), elsewhere=True).digest()
    assert Menu((LINK,)).digest() != Menu((LINK, LINK)).digest()
