"""Law 8: every limit, price, quota and rule says where it was read, and when."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest

from kitestring.kit import clock
from tests.architecture.laws.facts import unsourced
from tests.architecture.laws.findings import keep
from tests.architecture.laws.tree import matching


def _data() -> list[tuple[str, dict[str, Any]]]:
    """Manifests and rule packs; the posts that tests hold against them state nothing."""
    found = [*matching("/manifest.toml", under="kitestring/connectors/")]
    packs = matching(".toml", under="kitestring/rulepacks/")
    found += [(path, text) for path, text in packs if "/tests/" not in path]
    return [(path, tomllib.loads(text)) for path, text in found]


def test_every_fact_has_its_source() -> None:
    today = clock.now().date()
    keep(
        [finding for path, table in _data() for finding in unsourced(path, table, today)],
        right='beside the figure: `source = "vendor\'s page, chapter"` and `checked_on = 2026-11-21` (the day that source '
        "was read, never the day of coding); hearsay carries `verified = false`.",
    )


@pytest.mark.parametrize(
    "text",
    [
        "[[kinds]]\nkey='post'\ntext={limit=300, unit='grapheme'}",
        "[[quotas]]\nlimit=4\nsource='todo'\nchecked_on=2026-11-21",
        "[[prices]]\nper_post=0.01\nsource='the price list'",
        "[settle]\nseconds=3\nsource='the reference'\nchecked_on=2999-01-01",
        "[[rules]]\nkey='absolute-words'",
        "[settle]\nseconds=3\nsource='channels.md B1 [60]'\nchecked_on=2026-11-21",
        "[settle]\nseconds=3\nsource='the reference [60]'\nchecked_on=2026-11-21",
        "[settle]\nseconds=3\nsource='specs some/openapi.json'\nchecked_on=2026-11-21",
    ],
)
def test_the_law_sees_a_bare_figure(text: str) -> None:
    assert list(unsourced("m.toml", tomllib.loads(text), date(2026, 11, 22)))


def test_a_sourced_figure_and_our_own_choices_pass() -> None:
    text = "version = 3\n[settle]\nseconds=3\nsource='API reference, 2.1'\nchecked_on=2026-11-21\n[look]\nfold_lines=4"
    assert not list(unsourced("m.toml", tomllib.loads(text), date(2026, 11, 22)))
