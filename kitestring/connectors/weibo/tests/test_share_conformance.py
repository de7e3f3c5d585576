"""The suite for every connector, run once more through the share interface: what it claims it does, and no more."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest

from kitestring.connectorkit import registry
from kitestring.connectorkit.conformance import Case, cases_for, run
from kitestring.connectorkit.registry import Connector


@dataclass(frozen=True)
class AsShare(Connector):
    """The same connector as an account without a contract sees it."""

    @property
    def emulator(self) -> ModuleType | None:
        real: Any = super().emulator
        return cast(ModuleType, SimpleNamespace(**{**vars(real), "answers": real.share_answers}))

    def deeds(self) -> tuple[str, ...]:
        return ()


def share() -> AsShare:
    found = registry.get("weibo")
    assert "remove" in next(kind.cannot for kind in found.manifest.account_types if kind.key == "share")
    return AsShare(found.manifest, found.package, found.folder)


CASES = cases_for(share())


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
async def test_keeps_the_contract(case: Case, tmp_path: Path) -> None:
    await run(share(), case, tmp_path)


def test_what_it_is_tried_for() -> None:
    names = {case.name for case in CASES}
    assert names >= {
        "every_kind",
        "a_look_tells_them_apart",
        "answers_go_out",
        "the_end_is_told",
        "mentions_come_in",
    }
    assert "deeds_are_done" not in names
