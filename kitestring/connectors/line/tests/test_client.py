"""What LINE's refusals mean to us, on documented answers; and what a retry of an accepted request says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from kitestring.connectorkit.errors import ConnectorError, Rejected
from kitestring.connectorkit.sentences import has_sentence, sentence
from kitestring.connectors.line.client import MANIFEST, REFUSALS, Channel
from kitestring.kit.http import Answer, Client

CASES = json.loads((Path(__file__).parent / "fixtures" / "errors.json").read_text("utf-8"))["cases"]


class Says:
    """A client that gives one answer."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    async def request(self, *_: object, **__: object) -> Answer:
        return self.answer


def saying(status: int, body: Any, **headers: str) -> Channel:
    told = {"content-type": "application/json", **headers}
    return Channel(cast(Client, Says(Answer(status, told, json.dumps(body).encode()))), "https://l.test", "t")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
async def test_each_refusal_ends_in_its_outcome(case: dict[str, Any]) -> None:
    assert case["basis"] in {"documented", "recorded", "assumed"}
    with pytest.raises(ConnectorError) as caught:
        await saying(case["status"], case["body"]).send("broadcast", {}, "k")
    error = caught.value
    assert (type(error).__name__, error.reason) == (case["outcome"], case["reason"])
    assert has_sentence(error.reason, MANIFEST)
    if isinstance(error, Rejected):
        assert error.field == case["field"]


async def test_an_accepted_request_sent_again_names_the_first() -> None:
    body = {"message": "The retry key is already accepted", "sentMessages": [{"id": "46"}]}
    headers = {"x-line-request-id": "second", "x-line-accepted-request-id": "first"}
    sent = await saying(409, body, **headers).send("push", {}, "k")
    assert (sent.request, sent.body["sentMessages"]) == ("first", [{"id": "46"}])


def test_every_reason_of_the_table_has_a_sentence_in_three_languages() -> None:
    for *_, reason in REFUSALS:
        assert has_sentence(reason, MANIFEST)
        told = {sentence(reason, language=code, manifest=MANIFEST) for code in ("en", "zh-hans", "vi")}
        assert len(told) == 3
