"""Every connector of the registry against the one suite. A new folder is tested here by being there."""

from __future__ import annotations

from pathlib import Path

import pytest

from kitestring.connectorkit.conformance import Case, cases_for, cases_of_a_way, run, ways_of
from kitestring.connectorkit.registry import Connector, connectors

PAIRS = [(connector, case) for connector in connectors().values() for case in cases_for(connector)]
PAIRS += [
    (by_way, case)
    for connector in connectors().values()
    for by_way in ways_of(connector)
    for case in cases_of_a_way(by_way)
]


def _name(connector: Connector, case: Case) -> str:
    return "-".join(filter(None, (connector.manifest.slug, connector.way, case.name)))


@pytest.mark.parametrize(("connector", "case"), PAIRS, ids=[_name(*pair) for pair in PAIRS])
async def test_keeps_the_contract(connector: Connector, case: Case, tmp_path: Path) -> None:
    await run(connector, case, tmp_path)


def test_there_are_connectors_to_test() -> None:
    assert {case.name for _, case in PAIRS} >= {"every_kind", "stored_but_unheard", "comments_come_in"}
