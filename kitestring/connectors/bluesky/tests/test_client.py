"""What the servers' refusals mean to us, on answers recorded from a real one or documented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from kitestring.connectorkit.errors import LONGEST, ConnectorError, Rejected, RetryLater
from kitestring.connectorkit.sentences import has_sentence
from kitestring.connectors.bluesky.client import MANIFEST, Caller
from kitestring.kit.http import Answer, Client

CASES = json.loads((Path(__file__).parent / "fixtures" / "errors.json").read_text("utf-8"))["cases"]


class Says:
    """A client that gives one answer."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    async def request(self, *_: object, **__: object) -> Answer:
        return self.answer


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
async def test_each_refusal_ends_in_its_outcome(case: dict[str, Any]) -> None:
    headers = {"content-type": "application/json", **case["headers"]}
    answer = Answer(case["status"], headers, json.dumps(case["body"]).encode())
    with pytest.raises(ConnectorError) as caught:
        await Caller(cast(Client, Says(answer)), "https://pds.test", "t").do(case["call"], {}, write=True)
    error = caught.value
    assert (type(error).__name__, error.reason) == (case["outcome"], case["reason"])
    assert error.said in case["body"].values() or error.reason in {"broken", "refused"}
    assert has_sentence(error.reason, MANIFEST)
    if isinstance(error, Rejected):
        assert error.field == case["field"]
    if isinstance(error, RetryLater) and error.reason == "busy":
        assert error.after is not None
        assert error.after == LONGEST  # the fixture's reset is years ahead


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_every_fixture_says_what_it_stands_on(case: dict[str, Any]) -> None:
    assert case["basis"] in {"documented", "recorded", "assumed"}
