"""What Bilibili's numbers mean to us, whatever they come with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kitestring.connectorkit.errors import Ambiguous, ConnectorError, Rejected, RetryLater
from kitestring.connectorkit.sentences import has_sentence
from kitestring.connectors.bilibili.client import MANIFEST, known
from kitestring.connectors.bilibili.refusals import ROWS
from kitestring.kit.http import Answer

CASES = json.loads((Path(__file__).parent / "fixtures" / "errors.json").read_text("utf-8"))["cases"]


def answer(body: Any, status: int = 200, **headers: str) -> Answer:
    return Answer(status, {"content-type": "application/json", **headers}, json.dumps(body).encode())


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
@pytest.mark.parametrize("status", [200, 400])
def test_each_number_ends_in_its_outcome(case: dict[str, Any], status: int) -> None:
    with pytest.raises(ConnectorError) as caught:
        known(True)(answer(case["body"], status))
    assert (type(caught.value).__name__, caught.value.reason) == (case["outcome"], case["reason"])
    assert case["body"]["message"] in caught.value.said
    assert str(case["body"]["code"]) in caught.value.said
    if isinstance(caught.value, Rejected):
        assert caught.value.field == case["field"]
    if isinstance(caught.value, RetryLater):
        assert caught.value.after == case["after"]
    assert case["basis"] in {"documented", "recorded", "assumed"}
    assert case["source"]


def test_every_reason_has_its_sentence() -> None:
    for row in ROWS.values():
        assert has_sentence(row.reason, MANIFEST), row


def test_what_is_unclear_is_only_later_where_nothing_could_have_been_stored() -> None:
    busy = answer({"code": 127201, "message": "系统繁忙,请稍后再试"})
    with pytest.raises(Ambiguous):
        known(True)(busy)
    with pytest.raises(RetryLater):
        known(False)(busy)


def test_a_wait_that_is_told_goes_before_ours() -> None:
    with pytest.raises(RetryLater) as caught:
        known(True)(answer({"code": 123026, "message": ""}, **{"retry-after": "7"}))
    assert caught.value.after == 7


def test_what_is_well_or_no_json_raises_nothing() -> None:
    known(True)(answer({"code": 0, "message": "0", "data": None}))
    known(True)(answer([1]))
    known(True)(Answer(200, {}, b"<html>"))
    known(True)(answer({"code": -500}, status=500))  # the common rules say how unclear it is
