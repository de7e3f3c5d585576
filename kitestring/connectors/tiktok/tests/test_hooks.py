"""What TikTok calls: which post of whose it names, and by when."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kitestring.connectorkit.hooks import AppDoor, Knock, Ring
from kitestring.connectorkit.signing import hexed
from kitestring.connectors.tiktok import hooks
from kitestring.kit import clock

SECRET = "client-secret"
DOOR = AppDoor({}, {"client_secret": SECRET})
CASES = json.loads((Path(__file__).parent / "fixtures" / "calls.json").read_text("utf-8"))["cases"]


def knock(told: Any, age: int = 0) -> Knock:
    body, at = json.dumps(told).encode(), str(int(clock.now().timestamp()) - age)
    return Knock(
        "POST", {}, {"tiktok-signature": f"t={at},s={hexed(SECRET, at.encode() + b'.' + body)}"}, body
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_which_post_an_event_names(case: dict[str, Any]) -> None:
    rung = hooks.hear(knock(case["body"]), DOOR)
    assert rung is not None
    assert rung.rings == tuple(Ring(one["of"], about=(one["about"],)) for one in case["rings"])


@pytest.mark.parametrize(("age", "heard"), [(0, True), (290, True), (310, False), (-310, False)])
def test_a_call_from_another_time_is_nothing(age: int, heard: bool) -> None:
    assert (hooks.hear(knock(CASES[0]["body"], age), DOOR) is not None) is heard


@pytest.mark.parametrize(
    "header", ["", "t=1", "s=1", "t=,s=", "t=1e9,s=x", "t=☃,s=☃", "," * 50, "t=" + "9" * 40]
)
def test_a_header_that_is_none_is_nothing(header: str) -> None:
    good = knock(CASES[0]["body"])
    assert hooks.hear(Knock("POST", {}, {"tiktok-signature": header}, good.body), DOOR) is None
