"""What Zalo's error numbers mean to us, whatever they come with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kitestring.connectorkit.errors import ConnectorError, Rejected
from kitestring.connectorkit.sentences import has_sentence
from kitestring.connectors.zalo.client import LATER, MANIFEST, REFUSED, known
from kitestring.kit.http import Answer

CASES = json.loads((Path(__file__).parent / "fixtures" / "errors.json").read_text("utf-8"))["cases"]


def answer(body: Any, status: int = 200, **headers: str) -> Answer:
    return Answer(status, {"content-type": "application/json", **headers}, json.dumps(body).encode())


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
@pytest.mark.parametrize("status", [200, 400])
def test_each_number_ends_in_its_outcome(case: dict[str, Any], status: int) -> None:
    with pytest.raises(ConnectorError) as caught:
        known(answer(case["body"], status))
    assert (type(caught.value).__name__, caught.value.reason) == (case["outcome"], case["reason"])
    assert case["body"]["message"] in caught.value.said
    if isinstance(caught.value, Rejected):
        assert caught.value.field == case["field"]
    assert case["basis"] in {"documented", "recorded", "assumed"}
    assert case["source"]


def test_every_reason_has_its_sentence() -> None:
    for reason in (*LATER.values(), *(reason for _, reason in REFUSED.values())):
        assert has_sentence(reason, MANIFEST), reason


def test_what_is_well_or_no_json_raises_nothing() -> None:
    known(answer({"error": 0, "message": "Success", "data": {}}))
    known(answer({"data": 1}))
    known(Answer(200, {}, b"<html>"))
    known(answer({"error": -200}, status=500))  # a fault of its own: the common rules say how unclear it is
