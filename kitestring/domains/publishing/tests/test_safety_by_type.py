"""A kind of account, or of post, without a look-up is never looked up, though others are; a person decides."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from kitestring.connectorkit.manifest import Manifest
from kitestring.domains.publishing.actions import call
from kitestring.domains.publishing.actions.speak import Speaker
from kitestring.domains.publishing.rules.answers import Unclear

NAMED = {"en": "Lantern", "zh-hans": "灯笼", "vi": "Đèn lồng"}
FACT = {"source": "the reference", "checked_on": "2026-11-21"}
KIND = {"label": NAMED, "text": {"limit": 10, "unit": "codepoint", **FACT}}
WAYS = [
    ("whole", "film", True),
    ("whole", "photos", False),
    ("blind", "film", False),
    ("", "film", True),
    ("", "reply", True),
]


def manifest() -> Manifest:
    return Manifest.model_validate(
        {
            "slug": "lantern", "name": NAMED, "provider": "lantern", "mode": "api", "duplicate_safety": "read_back",
            "settle": {"seconds": 30, **FACT}, "auth": {"kind": "none"},
            "kinds": [{"key": "film", **KIND}, {"key": "photos", **KIND, "duplicate_safety": "none"}],
            "account_types": [
                {"key": "whole", "label": NAMED},
                {"key": "blind", "label": NAMED, "duplicate_safety": "none"},
            ],
            "look": {"shape": "chat", "colour": "#000000"},
        }
    )  # fmt: skip


@pytest.mark.parametrize(("account_type", "kind", "looks"), WAYS)
def test_whether_it_is_looked_up(account_type: str, kind: str, looks: bool) -> None:
    session: Any = SimpleNamespace(account_type=account_type)
    said: Any = SimpleNamespace(kind=kind)
    nothing: Any = None
    assert call.Line(session, nothing, manifest(), said, 0, 0).has_look_up is looks


@pytest.mark.parametrize(("account_type", "kind", "looks"), WAYS)
def test_a_doubt_that_nobody_can_look_into_goes_to_a_person(
    account_type: str, kind: str, looks: bool
) -> None:
    claimed: Any = SimpleNamespace(
        id=1, account_id=2, attempt=3, attempts=1, unclear=0, in_doubt=5.0, backup_at=None, deadline=None,
        part=0, parts=1, publish_kind=kind,
    )  # fmt: skip
    desk: Any = SimpleNamespace(manifest=manifest(), account=SimpleNamespace(account_type=account_type))
    speaker = Speaker("unknown", 30.0)
    result = speaker._result(claimed, Unclear("no_answer"), desk)
    assert cast(Any, result).next.state == ("unknown" if looks else "needs_attention")
