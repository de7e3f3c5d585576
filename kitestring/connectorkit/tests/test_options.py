"""Settings of a post: choices from the manifest or from the account, defaults, and what is wrong."""

from __future__ import annotations

from kitestring.connectorkit.manifest import Option, PublishKind
from kitestring.connectorkit.options import choices, chosen, wrongs

WORDS = {"en": "Board", "zh-hans": "画板", "vi": "Bảng"}
FACT = {"source": "a test", "checked_on": "2026-01-01"}


def kind(**option: object) -> PublishKind:
    text = {"limit": 10, "unit": "codepoint", **FACT}
    made = {"key": "board", "label": WORDS, "kind": "choice", **option}
    return PublishKind.model_validate({"key": "pin", "label": WORDS, "text": text, "options": [made]})


def option(**more: object) -> Option:
    return kind(**more).options[0]


def test_choices_are_the_manifests_in_the_readers_language() -> None:
    listed = option(choices=[{"value": "a", "label": WORDS}])
    assert choices(listed, {}, "vi") == [("a", "Bảng")]


def test_choices_are_what_the_account_has() -> None:
    found = {"boards": [{"value": "1", "label": "Trà"}, {"value": "2"}, "odd", {"label": "no value"}]}
    assert choices(option(choices_from="boards"), found, "en") == [("1", "Trà"), ("2", "2")]
    assert choices(option(choices_from="boards"), {"boards": None}, "en") == []


def test_the_accounts_list_says_which_of_the_manifests_choices_it_has() -> None:
    both = option(choices=[{"value": one, "label": WORDS} for one in "abc"], choices_from="levels")
    assert choices(both, {"levels": [{"value": "c"}, {"value": "a"}, {"value": "z"}]}, "vi") == [
        ("a", "Bảng"), ("c", "Bảng"),
    ]  # fmt: skip
    assert len(choices(both, {}, "vi")) == 3
    assert choices(both, {"levels": []}, "vi") == []


def test_what_the_account_lost_is_gone_and_what_nobody_has_is_unknown() -> None:
    both = kind(choices=[{"value": one, "label": WORDS} for one in "abc"], choices_from="levels")
    has = {"levels": [{"value": "a"}]}
    for value, told in (("a", []), ("b", ["option_gone"]), ("z", ["option_unknown"])):
        assert [w[1] for w in wrongs(both, {"board": value}, settings=has)] == told
    assert list(wrongs(both, {"board": "b"})) == []


def test_a_default_goes_out_unless_nothing_was_chosen() -> None:
    assert chosen(kind(default="a"), {}) == {"board": "a"}
    assert chosen(kind(default="a"), {"board": "b"}) == {"board": "b"}
    assert chosen(kind(default="a"), {"board": ""}) == {}


def test_what_is_wrong_is_said_at_its_field() -> None:
    told = list(wrongs(kind(required=True), {}, "zh-hans"))
    assert told == [("options.board", "option_missing", {"option": "画板"})]
    assert [w[1] for w in wrongs(kind(limit=2), {"board": "abc"})] == ["option_too_long"]
    listed = kind(choices=[{"value": "a", "label": WORDS}])
    assert [w[1] for w in wrongs(listed, {"board": "b"})] == ["option_unknown"]
    assert list(wrongs(listed, {"board": "a"})) == []


def test_one_of_several_must_be_chosen_and_be_there_still() -> None:
    one, two = ({"boards": [{"value": str(n)} for n in range(count)]} for count in (1, 2))
    pin = kind(choices_from="boards", required_of_several=True)
    assert list(wrongs(pin, {}, settings=one)) == []
    assert [w[1] for w in wrongs(pin, {}, settings=two)] == ["option_missing"]
    assert list(wrongs(pin, {"board": "1"}, settings=two)) == []
    assert [w[1] for w in wrongs(pin, {"board": "7"}, settings=two)] == ["option_gone"]
    assert list(wrongs(pin, {"board": "7"})) == []  # whoever does not know the account does not judge it
