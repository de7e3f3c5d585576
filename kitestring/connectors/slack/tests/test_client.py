"""Slack: each word of the tables becomes an outcome with a sentence; what is not Slack's own disconnects nobody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kitestring.connectorkit.errors import ConnectorError
from kitestring.connectorkit.sentences import has_sentence
from kitestring.connectors.slack import client
from kitestring.connectors.slack.client import MANIFEST, Workspace
from kitestring.kit.http import Answer

CASES = json.loads((Path(__file__).parent / "fixtures" / "errors.json").read_text("utf-8"))["cases"]


class Answering:
    def __init__(self, case: dict[str, Any]) -> None:
        body = case["page"] if "page" in case else json.dumps(case["body"])
        self.answer = Answer(case.get("status", 200), case.get("headers", {}), body.encode())

    async def request(self, method: str, url: str, **more: Any) -> Answer:
        return self.answer


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
async def test_what_refusals_mean(case: dict[str, Any]) -> None:
    http: Any = Answering(case)
    place, posting = Workspace(http, "https://api.example", "t"), bool(case.get("posting"))
    with pytest.raises(ConnectorError) as raised:
        await place.call("chat.postMessage", write=posting, posting=posting)
    error: Any = raised.value
    assert (type(error).__name__, error.reason) == (case["outcome"], case["reason"])
    assert getattr(error, "field", None) == case["field"]
    assert getattr(error, "after", None) == case.get("after")
    assert error.said == case.get("said", error.said)
    assert has_sentence(error.reason, MANIFEST)


def test_every_row_of_the_tables_has_a_sentence() -> None:
    reasons = {*client.ENDED.values(), *client.SHUT_OUT.values()}
    reasons |= {reason for _field, reason in client.REFUSED.values()}
    assert [reason for reason in sorted(reasons) if not has_sentence(reason, MANIFEST)] == []
