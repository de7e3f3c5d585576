"""Templates parse, hold no code, and trust a text only with a reason."""

from __future__ import annotations

import pytest
from jinja2 import Environment

from tests.architecture.laws import templates
from tests.architecture.laws.findings import keep
from tests.architecture.laws.tree import ROOT, matching, sources


def _files() -> list[tuple[str, str]]:
    return [item for item in matching(".html", ".txt", under="kitestring/") if "/templates/" in item[0]]


def _environment() -> Environment:
    return Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)


def test_templates_parse() -> None:
    keep(templates.broken(_files(), _environment()), right="Jinja2, as in docs/contributors/interface.md.")


def test_templates_hold_no_code() -> None:
    keep(
        templates.with_code(_files()),
        right="behaviour lives in frontend/ (Alpine's CSP build or an island); data goes by data-* or "
        "`<script type=\"application/json\">`. The policy is `script-src 'self'`.",
    )


def test_trust_gives_its_reason() -> None:
    right = "`{{ text|safe }} {# safe: cleaned by nh3 in actions/save.py #}`; in Python `Markup(...)` with a comment why."
    keep(templates.trusting(_files()), right=right)


def test_colons_are_the_languages_own() -> None:
    keep(
        templates.with_colons(_files()),
        right='`_("%(who)s: %(words)s", who=.., words=..)`: 到访：, not 到访: .',
    )


def test_no_page_is_named_that_is_not_there() -> None:
    """Templates named by `extends`, `include` and `render` exist."""
    there = {path.split("/templates/", 1)[1] for path, _ in _files()}
    named = []
    for path, text in _files():
        tree = _environment().parse(text)
        named += [(path, name) for name in templates.named(tree)]
    for source in sources():
        named += [(source.path, name) for name in templates.rendered(source)]
    lost = [f"{path}: {name}" for path, name in named if name not in there]
    assert not lost, "templates that do not exist:\n" + "\n".join(lost)
    assert (ROOT / "kitestring" / "ui" / "templates").is_dir()


@pytest.mark.parametrize("text", ["{% if %}", "{{ a", "{% block x %}"])
def test_the_law_sees_a_broken_template(text: str) -> None:
    assert list(templates.broken([("a.html", text)], _environment()))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<a onclick="go()">x</a>',
        "<style>p{}</style>",
        '<a href="javascript:go()">x</a>',
        '<b hx-on:click="go()">x</b>',
    ],
)
def test_the_law_sees_code_in_a_template(text: str) -> None:
    assert list(templates.with_code([("a.html", text)]))


def test_data_and_files_are_no_code() -> None:
    fine = '<script type="application/json" id="d">{"a": 1}</script>\n<script type="module" src="/x.js"></script>'
    assert not list(templates.with_code([("a.html", fine)]))


def test_the_law_sees_trust_without_a_reason() -> None:
    assert list(templates.trusting([("a.html", "{{ text|safe }}")]))
    assert not list(templates.trusting([("a.html", "{{ text|safe }} {# safe: cleaned by nh3 on saving #}")]))


def test_the_law_sees_a_colon_of_its_own() -> None:
    assert list(templates.with_colons([("a.html", "<p>{{ kind }}: {{ what }}</p>")]))
    assert list(templates.with_colons([("a.html", "{% if note %}{{ by }}{% endif %}: {{ note }}")]))
    assert not list(templates.with_colons([("a.html", '{{ _("%(who)s: %(words)s", who=by, words=note) }}')]))
