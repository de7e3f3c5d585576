"""Discord: each code of the table becomes an outcome with a sentence; what is not Discord's own disconnects nobody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kitestring.connectorkit.errors import ConnectorError
from kitestring.connectorkit.sentences import has_sentence
from kitestring.connectors.discord import client
from kitestring.connectors.discord.client import MANIFEST, Caller
from kitestring.kit.http import Answer

CASES = json.loads((Path(__file__).parent / "fixtures" / "errors.json").read_text("utf-8"))["cases"]


class Answering:
    def __init__(self, case: dict[str, Any]) -> None:
        body = case["page"] if "page" in case else json.dumps(case["body"])
        self.answer = Answer(case["status"], case.get("headers", {}), body.encode())

    async def request(self, method: str, url: str, **more: Any) -> Answer:
        return self.answer


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
async def test_what_refusals_mean(case: dict[str, Any]) -> None:
    http: Any = Answering(case)
    bot, posting = Caller(http, "https://api.example", "t"), bool(case.get("posting"))
    with pytest.raises(ConnectorError) as raised:
        await bot.call("POST", "/channels/1/messages", write=posting, posting=posting)
    error: Any = raised.value
    assert (type(error).__name__, error.reason) == (case["outcome"], case["reason"])
    assert getattr(error, "field", None) == case["field"]
    assert getattr(error, "after", None) == case.get("after")
    assert has_sentence(error.reason, MANIFEST)


def test_every_row_of_the_tables_has_a_sentence() -> None:
    reasons = {*client.ENDED.values(), *(reason for _field, reason in client.REFUSED.values())}
    reasons |= {reason for _name, _field, reason in client.FIELDS}
    assert [reason for reason in sorted(reasons) if not has_sentence(reason, MANIFEST)] == []


async def test_secrets_are_in_no_error() -> None:
    case = {"status": 400, "body": {"message": "no such hook: hush-hush", "code": 1}}
    http: Any = Answering(case)
    with pytest.raises(ConnectorError) as raised:
        await Caller(http, "https://api.example", secret="hush-hush").call("GET", "/webhooks/1/hush-hush")
    assert "hush-hush" not in f"{raised.value.said} {raised.value!r} {raised.value}"
    assert raised.value.said == "no such hook: ***"
