"""What a forum's refusals mean to us, on documented answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from kitestring.connectorkit.errors import ConnectorError, Rejected, RetryLater
from kitestring.connectorkit.sentences import has_sentence, sentence
from kitestring.connectors.discourse.client import MANIFEST, REFUSALS, Forum
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
    assert case["basis"] in {"documented", "recorded", "assumed"}
    answer = Answer(case["status"], {"content-type": "application/json"}, json.dumps(case["body"]).encode())
    with pytest.raises(ConnectorError) as caught:
        await Forum(cast(Client, Says(answer)), "https://f.test", "k", "u").write("POST", "/posts.json", {})
    error = caught.value
    assert (type(error).__name__, error.reason) == (case["outcome"], case["reason"])
    assert has_sentence(error.reason, MANIFEST)
    if isinstance(error, Rejected):
        assert error.field == case["field"]
    if isinstance(error, RetryLater):
        assert error.after == case["after"]


def test_every_reason_of_the_table_has_a_sentence_in_three_languages() -> None:
    for _, _, reason in REFUSALS:
        assert has_sentence(reason, MANIFEST)
        told = {sentence(reason, language=code, manifest=MANIFEST) for code in ("en", "zh-hans", "vi")}
        assert len(told) == 3
