"""Chips, avatars, attributes: shape and word, and nothing a person typed becomes markup."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kitestring.connectorkit import registry
from kitestring.ui import elements, marks, people, states

Draw = Callable[..., str]


@pytest.mark.parametrize("state", [*states.LOOKS, "handed_off", "needs_attention"])
def test_every_state_has_a_word_and_a_shape(state: str) -> None:
    chip = elements.state_chip(state)
    assert "#s-" in chip
    assert str(states.look(state).word) in chip


def test_an_unheard_of_state_is_still_shown() -> None:
    assert "sleeping" in elements.state_chip("sleeping")
    assert (elements.state_word("needs_attention"), elements.state_word("sleeping")) == (
        "Needs you",
        "sleeping",
    )


def test_typed_text_never_becomes_markup(draw: Draw) -> None:
    out = draw(
        '{{ ui.row(name_, second=name_, name=name_) }}{{ state_chip("draft", name_) }}', name_="<b>&Hà</b>"
    )
    assert "<b>&" not in out
    assert "&lt;b&gt;&amp;Hà" in out


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Lê Thu Hà", "TH"),
        ("陈小满", "陈"),
        ("maya.oates", "MO"),
        ("Khánh Vy Ăn Gì", "KV"),
        ("L", "L"),
        ("  ", "?"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert people.initials(name) == letters
    assert people.tint(name) == people.tint(name)


def test_attributes_leave_out_what_is_not_meant() -> None:
    out = elements.attributes({"hx_post": "/a?b=1&c", "disabled": False, "required": True, "id": None})
    assert out == ' hx-post="/a?b=1&amp;c" required'


def test_every_connector_has_a_mark_of_its_own() -> None:
    for slug in registry.connectors():
        mark = marks.channel_mark(slug)
        assert mark.startswith("<svg")
        assert 'aria-label="' in mark


def test_a_channel_whose_folder_is_gone_gets_its_initial() -> None:
    assert "ch-none" in marks.channel_mark("gone-channel")
    assert ">G<" in marks.channel_mark("gone-channel")


def test_ids_of_two_marks_do_not_meet() -> None:
    ids = [i for slug in registry.connectors() for i in _ids(marks.channel_mark(slug))]
    assert len(ids) == len(set(ids))


def _ids(mark: str) -> list[str]:
    return [part.split('"')[0] for part in mark.split('id="')[1:]]


@pytest.mark.parametrize(
    ("name", "language", "given"),
    [
        ("Lê Thu Hà", "en", "Hà"),
        ("Minh Quân", "vi", "Quân"),
        ("Nguyen Van An", "en", "An"),
        ("周明珊", "zh-hans", "周明珊"),
        ("Mira Okafor", "en", "Mira"),
        ("José García", "en", "José"),
        ("Minh Quân", "en", "Quân"),
        ("John Smith", "en", "John"),
        ("Lan", "vi", "Lan"),
        ("Minh Quan", "vi", "Quan"),
        ("Mira Okafor", "vi", "Mira"),
        ("", "en", ""),
    ],
)
def test_people_are_greeted_as_in_their_country(name: str, language: str, given: str) -> None:
    assert people.given_name(name, language) == given
