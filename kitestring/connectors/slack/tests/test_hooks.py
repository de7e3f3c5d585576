"""What Slack calls: its own example of a signature, and whom an event rings for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kitestring.connectorkit.hooks import AppDoor, Knock, Ring
from kitestring.connectorkit.signing import hexed
from kitestring.connectors.slack import hooks
from kitestring.kit import clock

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
DOOR = AppDoor({}, {"signing_secret": SECRET})
TOLD = json.loads((Path(__file__).parent / "fixtures" / "calls.json").read_text("utf-8"))


def knock(told: dict[str, Any], age: int = 0) -> Knock:
    body, at = json.dumps(told).encode(), str(int(clock.now().timestamp()) - age)
    signed = "v0=" + hexed(SECRET, f"v0:{at}:".encode() + body)
    return Knock("POST", {}, {"x-slack-request-timestamp": at, "x-slack-signature": signed}, body)


def test_the_signature_is_the_documented_one() -> None:
    example = TOLD["signature"]
    made = "v0=" + hexed(SECRET, f"v0:{example['timestamp']}:{example['body']}".encode())
    assert made == example["made"]


@pytest.mark.parametrize("case", TOLD["cases"], ids=lambda case: case["name"])
def test_whom_an_event_rings_for(case: dict[str, Any]) -> None:
    rung = hooks.hear(knock(case["body"]), DOOR)
    assert rung is not None
    rings = tuple(Ring(one["of"], words=True, posts=tuple(one["posts"])) for one in case["rings"])
    assert rung.rings == rings


@pytest.mark.parametrize(("age", "heard"), [(0, True), (290, True), (310, False), (-310, False)])
def test_a_call_from_another_time_is_nothing(age: int, heard: bool) -> None:
    assert (hooks.hear(knock(TOLD["cases"][0]["body"], age), DOOR) is not None) is heard


def test_a_challenge_that_is_none_is_not_said_back() -> None:
    asked = {"type": "url_verification", "challenge": "3eZbrw1a"}
    rung = hooks.hear(knock(asked), DOOR)
    assert rung is not None
    assert json.loads(rung.answer) == {"challenge": "3eZbrw1a"}
    for odd in ("", "x" * 201, {"a": 1}, None):
        assert hooks.hear(knock({**asked, "challenge": odd}), DOOR) is None
