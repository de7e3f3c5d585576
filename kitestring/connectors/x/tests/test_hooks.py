"""What X calls: whom an event rings for, and that its trial of an address signs nothing that could be a body."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kitestring.connectorkit.hooks import AppDoor, Knock, Ring
from kitestring.connectorkit.signing import base64ed
from kitestring.connectors.x import hooks

SECRET = "api-key-secret"
DOOR = AppDoor({}, {"api_secret": SECRET})
CASES = json.loads((Path(__file__).parent / "fixtures" / "calls.json").read_text("utf-8"))["cases"]


def knock(body: bytes) -> Knock:
    return Knock("POST", {}, {"x-twitter-webhooks-signature": "sha256=" + base64ed(SECRET, body)}, body)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_whom_an_event_rings_for(case: dict[str, Any]) -> None:
    rung = hooks.hear(knock(json.dumps(case["body"]).encode()), DOOR)
    assert rung is not None
    assert rung.rings == tuple(Ring(one, words=True) for one in case["rings"])


def test_the_trial_of_an_address_is_answered_by_its_mark() -> None:
    rung = hooks.hear(Knock("GET", {"crc_token": "MGRhYzI2-_=", "nonce": "x"}), DOOR)
    assert rung is not None
    assert not rung.signed, "anybody who has the address can ask this"
    assert json.loads(rung.answer) == {"response_token": "sha256=" + base64ed(SECRET, b"MGRhYzI2-_=")}


@pytest.mark.parametrize("asked", ["", "x" * 201, '{"for_user_id": "1"}', "a b", "☃", "[]", "a\n"])
def test_nothing_is_signed_that_could_be_a_body(asked: str) -> None:
    """Whoever found the address could else have X's mark put on words of their own."""
    assert hooks.hear(Knock("GET", {"crc_token": asked}), DOOR) is None
