"""Every connector of the registry against the one suite. A new folder is tested here by being there."""

from __future__ import annotations

from pathlib import Path

import pytest

from kitestring.connectorkit.conformance import Case, cases_for, run
from kitestring.connectorkit.registry import Connector, connectors

PAIRS = [(connector, case) for connector in connectors().values() for case in cases_for(connector)]


@pytest.mark.parametrize(
    ("connector", "case"), PAIRS, ids=[f"{c.manifest.slug}-{case.name}" for c, case in PAIRS]
)
async def test_keeps_the_contract(connector: Connector, case: Case, tmp_path: Path) -> None:
    await run(connector, case, tmp_path)


def test_there_are_connectors_to_test() -> None:
    assert {case.name for _, case in PAIRS} >= {"every_kind", "stored_but_unheard", "comments_come_in"}
