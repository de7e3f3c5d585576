"""Law 2: a new channel is a new folder; nobody outside names it."""

from __future__ import annotations

import pytest

from tests.architecture.laws import channel_names
from tests.architecture.laws.findings import keep
from tests.architecture.laws.tree import Source, matching, sources

RIGHT = (
    "ask the manifest, not the name: `if channel.limits.text is not None`, never `if account.channel == 'x'`; "
    "shown names come from `manifest.name`, and a test that needs some channel takes one from the registry."
)
KNOWN = {"bluesky", "微信公众号"}


def test_no_python_text_names_a_channel() -> None:
    keep(channel_names.in_python(sources(), channel_names.names()), right=RIGHT)


def test_no_template_or_script_names_a_channel() -> None:
    ours = [
        *matching(".html", ".txt", ".typ", ".jinja", under="kitestring/"),
        *matching(".ts", ".css", under="frontend/"),
    ]
    keep(channel_names.in_markup(ours, channel_names.names()), right=RIGHT)


def test_nothing_outside_imports_a_connector() -> None:
    keep(
        channel_names.imported(sources()),
        right="`registry.get(slug)` from kitestring.connectorkit; the registry scans, nobody lists.",
    )


@pytest.mark.parametrize(
    "text",
    ["if account.channel == 'bluesky': pass", "X = {'Bluesky': 1}", "match c:\n    case '微信公众号': pass"],
)
def test_the_law_sees_a_name_in_python(text: str) -> None:
    assert list(channel_names.in_python([Source("kitestring/domains/x/rules.py", text)], KNOWN))
    assert not list(channel_names.in_python([Source("kitestring/sandbox/x.py", text)], KNOWN))


ONE_LETTER = {"q"}


def test_a_name_that_is_a_word_of_ours_is_one_where_it_stands_for_a_channel() -> None:
    asked = [Source("kitestring/domains/q/rules.py", "if account.channel == 'line': pass")]
    drawn = [Source("kitestring/domains/q/rules.py", "rows = [{'line': line}]")]
    assert list(channel_names.in_python(asked, {"line"}))
    assert not list(channel_names.in_python(drawn, {"line"}))


@pytest.mark.parametrize(
    "text",
    [
        "if account.channel == 'q': pass",
        "if row['channel'] in ('a', 'q'): pass",
        "match of.slug:\n    case 'q': pass",
        "Account(channel='q')",
        "row = {'channel': 'q'}",
        "CHANNEL = 'q'",
    ],
)
def test_a_name_of_one_letter_is_one_where_it_stands_for_a_channel(text: str) -> None:
    assert list(channel_names.in_python([Source("kitestring/domains/q/rules.py", text)], ONE_LETTER))


@pytest.mark.parametrize("text", ["box['q']", "icon('q')", "WORDS = {'en': 'q'}", "if key == 'q': pass"])
def test_a_name_of_one_letter_is_none_elsewhere(text: str) -> None:
    assert not list(channel_names.in_python([Source("kitestring/domains/q/rules.py", text)], ONE_LETTER))


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("{% if channel == 'q' %}", True),
        ('<i data-channel="q">', True),
        ("{% if of.channel in ['a', 'q'] %}", True),
        ('{{ icon("q") }}', False),
        ("<b>Q</b>", False),
    ],
)
def test_a_name_of_one_letter_in_markup(text: str, seen: bool) -> None:
    found = channel_names.in_markup([("kitestring/ui/templates/a.html", text)], ONE_LETTER)
    assert bool(list(found)) is seen


@pytest.mark.parametrize("text", ["{% if c == 'bluesky' %}", '<i data-channel="bluesky">', "<b>Bluesky</b>"])
def test_the_law_sees_a_name_in_markup(text: str) -> None:
    assert list(channel_names.in_markup([("kitestring/ui/templates/a.html", text)], KNOWN))


@pytest.mark.parametrize(
    "text",
    [
        "import kitestring.connectors.bluesky.client",
        "from kitestring.connectors import bluesky",
        "import importlib\nimportlib.import_module('kitestring.connectors.bluesky')",
    ],
)
def test_the_law_sees_an_import(text: str) -> None:
    assert list(channel_names.imported([Source("kitestring/domains/x/actions/a.py", text)]))
