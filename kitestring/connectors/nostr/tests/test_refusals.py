"""What a relay's refusals mean to us."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kitestring.connectorkit.errors import Ambiguous, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.sentences import has_sentence
from kitestring.connectors.nostr.client import MANIFEST, not_opened, worst
from kitestring.connectors.nostr.line import refusal
from kitestring.kit.http import Answer

CASES = json.loads((Path(__file__).parent / "fixtures" / "refusals.json").read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_each_word_ends_in_its_outcome(case: dict[str, Any]) -> None:
    error = refusal(case["said"], write=True)
    assert (type(error).__name__, error.reason) == (case["outcome"], case["reason"])
    assert has_sentence(error.reason, MANIFEST)
    assert case["basis"] in {"documented", "recorded", "assumed"}
    assert case["source"]
    if isinstance(error, Rejected):
        assert error.field == case["field"]
    if isinstance(error, RetryLater):
        assert error.after == case["after"]


def test_trouble_in_a_read_is_later() -> None:
    assert isinstance(refusal("error: shutting down", write=False), RetryLater)


@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        (429, RetryLater, "busy"),
        (403, RetryLater, "not_itself"),
        (401, RetryLater, "not_itself"),
        (200, RetryLater, "not_itself"),
        (503, RetryLater, "broken"),
        (410, Rejected, "version_retired"),
        (426, Rejected, "version_retired"),
    ],
)
def test_who_opens_no_line_disconnects_nobody(status: int, outcome: type[Exception], reason: str) -> None:
    error = not_opened(Answer(status, {"retry-after": "9"}, b""))
    assert (type(error), error.reason) == (outcome, reason)
    if status == 429:
        assert isinstance(error, RetryLater)
        assert error.after == 9


def test_of_several_relays_the_worst_is_told() -> None:
    shut, refused = GrantExpired("relays_shut"), Rejected("", "relay_refuses")
    later, longer, unclear = RetryLater("busy", after=3), RetryLater("busy", after=9), Ambiguous()
    assert worst([shut, refused, later, unclear]) is unclear
    assert worst([shut, later, longer, refused]) is longer
    assert worst([shut, refused]) is refused
    assert worst([shut, shut]) is shut
    assert worst([]).reason == "no_relay"
