"""Law 7: an error carries its cure, and a sentence for the person who meets it."""

from __future__ import annotations

import tomllib

import pytest

from tests.architecture.laws import errors
from tests.architecture.laws.findings import keep
from tests.architecture.laws.tree import ROOT, Source, sources

COMMON = sorted((ROOT / "kitestring" / "connectorkit").glob("sentences*.toml"))


def _sentences() -> dict[str, set[str]]:
    """Keys of `[sentences]`, and of `sentences*.toml` where they stand apart, by slug."""
    folder = ROOT / "kitestring" / "connectors"
    found = {
        path.parent.name: set(tomllib.loads(path.read_text("utf-8")).get("sentences", {}))
        for path in folder.glob("*/manifest.toml")
    }
    for path in folder.glob("*/sentences*.toml"):
        found[path.parent.name] |= set(tomllib.loads(path.read_text("utf-8")))
    return found


def _common() -> dict[str, dict[str, str]]:
    tables = [tomllib.loads(path.read_text("utf-8")) for path in COMMON]
    found = {key: said for table in tables for key, said in table.items()}
    assert len(found) == sum(len(table) for table in tables), "a reason stands in two files"
    return found


def test_every_reason_has_its_sentence() -> None:
    rooms = ("connectors", "connectorkit", "providers")
    ours = [source for room in rooms for source in sources(f"kitestring/{room}/")]
    keep(
        errors.without_sentence(ours, _sentences(), set(_common())),
        right="[sentences.REASON] with en, zh-hans and vi in the manifest, or in connectorkit/sentences.toml when "
        "every channel may meet it: what happened, what was kept, what to do.",
    )


def test_common_sentences_stand_in_three_languages() -> None:
    lacking = [
        key for key, said in _common().items() if not all(said.get(code) for code in ("en", "zh-hans", "vi"))
    ]
    assert not lacking, f"not in all three languages: {lacking}"


def test_connectors_raise_outcomes_and_nothing_of_a_vendor() -> None:
    keep(
        errors.other_exceptions(sources("kitestring/connectors/")),
        right="RetryLater, GrantExpired, Rejected or Ambiguous from connectorkit.errors; the network's and the "
        "vendor's exceptions are turned into them in client.py.",
    )


@pytest.mark.parametrize(
    "text",
    [
        "raise RetryLater('tired')",
        "raise errors.Rejected('text', 'odd')",
        "raise Rejected('text', reason='odd')",
    ],
)
def test_the_law_sees_a_reason_without_a_sentence(text: str) -> None:
    source = Source("kitestring/connectors/x/publishing.py", text)
    assert list(errors.without_sentence([source], {"x": {"kept"}}, {"busy"}))
    assert not list(errors.without_sentence([source], {"x": {"tired", "odd"}}, set()))


def test_the_law_sees_a_foreign_exception() -> None:
    bad = "try:\n    pass\nexcept aiohttp.ClientError:\n    raise VendorError('x')"
    assert len(list(errors.other_exceptions([Source("kitestring/connectors/x/inbox.py", bad)]))) == 2
    assert not list(errors.other_exceptions([Source("kitestring/connectors/x/client.py", bad)]))
