"""What LinkedIn's answers mean to us, each row on an answer that was documented, recorded or assumed; and how we ask."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from kitestring.connectorkit.errors import ConnectorError, Rejected, RetryLater
from kitestring.connectorkit.sentences import has_sentence, sentence
from kitestring.connectors.linkedin import refusals, urns
from kitestring.connectors.linkedin.client import MANIFEST, VERSION, Api, pages
from kitestring.kit.http import Answer, Client

CASES = json.loads((Path(__file__).parent / "fixtures" / "errors.json").read_text("utf-8"))["cases"]


class Says:
    """A client that gives these answers, one after another."""

    def __init__(self, *answers: Answer) -> None:
        self.answers, self.asked = list(answers), list[dict[str, Any]]()

    async def request(self, method: str, url: str, **more: Any) -> Answer:
        self.asked.append({"method": method, "url": url, **more})
        return self.answers.pop(0)


def answer(body: object, status: int = 200) -> Answer:
    return Answer(status, {"content-type": "application/json"}, json.dumps(body).encode())


def api(*answers: Answer) -> tuple[Api, Says]:
    says = Says(*answers)
    return Api(cast(Client, says), {"api": "https://api.test"}, "t"), says


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
async def test_each_refusal_ends_in_its_outcome(case: dict[str, Any]) -> None:
    caller, _ = api(answer(case["body"], case["status"]))
    with pytest.raises(ConnectorError) as caught:
        await caller.call("POST", "posts", write=True, body={})
    error = caught.value
    assert (type(error).__name__, error.reason) == (case["outcome"], case["reason"])
    assert has_sentence(error.reason, MANIFEST)
    if isinstance(error, Rejected):
        assert error.field == case["field"]
    if "after" in case:
        assert isinstance(error, RetryLater)
        assert error.after == case["after"]


def test_every_fixture_says_what_it_stands_on() -> None:
    assert all(
        case["basis"] in {"documented", "recorded", "assumed"} and len(case["source"]) > 10 for case in CASES
    )


def test_every_row_has_a_sentence() -> None:
    for row in (*refusals.CODES.values(), *(row for _, row in refusals.WORDS)):
        for language in ("en", "zh-hans", "vi"):
            assert sentence(row.reason, {}, language, MANIFEST)


async def test_a_used_up_day_ends_at_midnight_utc() -> None:
    body = next(case["body"] for case in CASES if case["name"] == "day used")
    caller, _ = api(answer(body, 429))
    with pytest.raises(RetryLater) as caught:
        await caller.read("posts")
    assert caught.value.after is not None
    assert 0 < caught.value.after <= 86400


async def test_names_are_encoded_and_the_month_is_told() -> None:
    caller, says = api(answer({}))
    await caller.read(f"posts/{urns.post('urn:li:share:7')}")
    assert says.asked[0]["url"] == "https://api.test/rest/posts/urn%3Ali%3Ashare%3A7"
    assert says.asked[0]["headers"]["LinkedIn-Version"] == VERSION
    assert says.asked[0]["headers"]["X-Restli-Protocol-Version"] == "2.0.0"


@pytest.mark.parametrize("name", ["7", "urn:li:share:x", "urn:li:share:7/..", "urn:li:person:a"])
def test_what_cannot_be_a_post_is_not_asked_for(name: str) -> None:
    with pytest.raises(Rejected):
        urns.post(name)


async def test_pages_end_at_one_that_is_not_full() -> None:
    full = answer({"elements": [{"id": str(n)} for n in range(100)]})
    caller, says = api(full, answer({"elements": [{"id": "100"}]}))
    assert len(await pages(caller, "posts", "q=author")) == 101
    assert [one["url"].partition("start=")[2] for one in says.asked] == ["0&count=100", "100&count=100"]
