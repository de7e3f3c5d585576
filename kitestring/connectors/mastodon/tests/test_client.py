"""What a server's refusals mean to us, on documented answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from kitestring.connectorkit.errors import LONGEST, ConnectorError, Rejected, RetryLater
from kitestring.connectorkit.sentences import has_sentence
from kitestring.connectors.mastodon.client import MANIFEST, Server
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
        await Server(cast(Client, Says(answer)), "https://m.test", "t").write("/api/v1/statuses", {}, "k")
    error = caught.value
    assert (type(error).__name__, error.reason) == (case["outcome"], case["reason"])
    assert has_sentence(error.reason, MANIFEST)
    if isinstance(error, Rejected):
        assert error.field == case["field"]
    if isinstance(error, RetryLater):
        assert error.after is not None
        assert error.after == LONGEST  # the fixture's reset is years ahead


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_every_fixture_says_what_it_stands_on(case: dict[str, Any]) -> None:
    assert case["basis"] in {"documented", "recorded", "assumed"}
