"""The suite for every connector, run once more with the webhook as the account: what it claims it does, and no more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest

from kitestring.connectorkit import registry
from kitestring.connectorkit.conformance import Case, cases_for, run
from kitestring.connectorkit.registry import Connector

WITHOUT = {"inbox", "metrics", "moderation"}


@dataclass(frozen=True)
class ByWebhook(Connector):
    """The same connector as a webhook's account sees it."""

    @property
    def emulator(self) -> ModuleType | None:
        real: Any = super().emulator
        return cast(ModuleType, SimpleNamespace(build=real.build, answers=real.webhook_answers))

    def can(self, power: str) -> bool:
        return power not in WITHOUT and super().can(power)

    @property
    def inbox(self) -> Any:
        return None

    @property
    def metrics(self) -> Any:
        return None


def webhook() -> ByWebhook:
    found = registry.get("discord")
    changes: dict[str, Any] = {
        "duplicate_safety": "none", "sequence": None, "first_comment": None, "metrics": (), "account_metrics": (),
        "capabilities": ("publishing", "media"),
    }  # fmt: skip
    assert found.manifest.safety_for("webhook") == "none"
    made = ByWebhook(found.manifest, found.package, found.folder)
    return replace(made, manifest=found.manifest.model_copy(update=changes))


CASES = cases_for(webhook())


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
async def test_keeps_the_contract(case: Case, tmp_path: Path) -> None:
    await run(webhook(), case, tmp_path)


def test_what_it_is_tried_for() -> None:
    names = {case.name for case in CASES}
    assert names >= {"every_kind", "stored_but_unheard", "takes_back", "words_are_changed", "health_is_told"}
    assert not names & {"a_look_tells_them_apart", "comments_come_in", "deeds_are_done"}
