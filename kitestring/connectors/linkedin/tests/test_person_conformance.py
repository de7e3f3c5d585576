"""The suite for every connector, run once more with a person as the account: what it claims it does, and no more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest

from kitestring.connectorkit import registry
from kitestring.connectorkit.conformance import Case, cases_for, run
from kitestring.connectorkit.registry import Connector

WITHOUT = {"inbox", "metrics", "moderation", "hooks"}  # LinkedIn calls about Pages only


@dataclass(frozen=True)
class AsPerson(Connector):
    """The same connector as a person's account sees it."""

    @property
    def emulator(self) -> ModuleType | None:
        real: Any = super().emulator
        return cast(
            ModuleType,
            SimpleNamespace(
                build=real.build,
                answers=real.person_answers,
                app=real.app,
                without_quotas=real.without_quotas,
                lose_files=real.lose_files,
            ),
        )

    def can(self, power: str) -> bool:
        return power not in WITHOUT and super().can(power)

    def deeds(self) -> tuple[str, ...]:
        return ()

    @property
    def inbox(self) -> Any:
        return None

    @property
    def metrics(self) -> Any:
        return None


def person() -> AsPerson:
    found = registry.get("linkedin")
    assert found.manifest.safety_for("person") == "none"
    changes: dict[str, Any] = {
        "duplicate_safety": "none",
        "metrics": (),
        "account_metrics": (),
        "hooks": None,
    }
    made = AsPerson(found.manifest, found.package, found.folder)
    return replace(made, manifest=found.manifest.model_copy(update=changes))


CASES = cases_for(person())


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
async def test_keeps_the_contract(case: Case, tmp_path: Path) -> None:
    await run(person(), case, tmp_path)


def test_what_it_is_tried_for() -> None:
    names = {case.name for case in CASES}
    assert "files_that_are_gone_go_up_anew" in names
    assert names >= {"every_kind", "stored_but_unheard", "takes_back", "words_are_changed", "health_is_told"}
    assert not names & {"a_look_tells_them_apart", "comments_come_in", "deeds_are_done"}
