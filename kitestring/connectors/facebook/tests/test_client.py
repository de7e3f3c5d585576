"""What Meta's refusals mean to us, row by row, and that every reason of the tables is said in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kitestring.connectorkit.errors import Ambiguous, ConnectorError, Rejected, RetryLater
from kitestring.connectorkit.sentences import has_sentence
from kitestring.connectors.facebook.client import MANIFEST, ROWS
from kitestring.kit.http import Answer
from kitestring.providers.meta import errors
from kitestring.providers.meta.graph import Graph

CASES = json.loads((Path(__file__).parent / "fixtures" / "errors.json").read_text("utf-8"))["cases"]


class Says:
    """A client that gives one answer."""

    def __init__(self, answer):
        self.answer = answer

    async def request(self, *_, **__):
        return self.answer


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
async def test_each_refusal_ends_in_its_outcome(case):
    headers = {"content-type": "application/json", **case.get("headers", {})}
    body = {"error": {"type": "OAuthException", "fbtrace_id": "Ab1", **case["error"]}}
    answer = Answer(case["status"], headers, json.dumps(body).encode())
    with pytest.raises(ConnectorError) as caught:
        await Graph(Says(answer), "https://g.test/v25.0", "t", "s", ROWS).post(
            "1/feed", write=True, message="x"
        )
    error = caught.value
    assert (type(error).__name__, error.reason) == (case["outcome"], case["reason"])
    assert "Ab1" in error.said
    if isinstance(error, Rejected):
        assert error.field == case["field"]
    if isinstance(error, RetryLater):
        assert error.after == case["after"]


async def test_what_is_unclear_for_a_write_is_later_for_a_read():
    body = json.dumps({"error": {"code": 2, "message": "Try again"}}).encode()
    graph = Graph(Says(Answer(500, {"content-type": "application/json"}, body)), "https://g.test", "t")
    with pytest.raises(RetryLater):
        await graph.get("1")
    with pytest.raises(Ambiguous):
        await graph.post("1", write=True)


@pytest.mark.parametrize(
    "row", [*errors.ROWS, *ROWS], ids=lambda row: f"{row.code}-{row.subcode or row.words}"
)
def test_every_reason_has_its_sentence(row):
    assert has_sentence(row.reason, MANIFEST)


def test_every_fixture_says_what_it_stands_on():
    assert all(case["basis"] in {"documented", "recorded", "assumed"} and case["source"] for case in CASES)
