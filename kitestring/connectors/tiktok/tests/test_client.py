"""What TikTok's answers mean to us: each row of both tables on an answer that was documented or assumed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kitestring.connectorkit import errors
from kitestring.connectorkit.errors import Ambiguous, Rejected, RetryLater
from kitestring.connectorkit.sentences import has_sentence, sentence
from kitestring.connectors.tiktok import stands
from kitestring.connectors.tiktok.client import MANIFEST, Api
from kitestring.connectors.tiktok.refusals import CODES, FAILED
from kitestring.kit.http import Answer

TOLD = json.loads((Path(__file__).parent / "fixtures/errors.json").read_text("utf-8"))
CASES, FAILS = TOLD["cases"], TOLD["fails"]


class Says:
    """Stands for the guarded client: answers what it was told."""

    timeout = 1.0

    def __init__(self, status: int, body: Any, **headers: str) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answer = Answer(status, {"content-type": "application/json", **headers}, data)
        self.asked: list[dict[str, Any]] = []

    async def request(self, method: str, url: str, **more: Any) -> Answer:
        self.asked.append({"method": method, "url": url, **more})
        return self.answer


def api(status: int, body: Any, **headers: str) -> Api:
    return Api(Says(status, body, **headers), {"api": "https://there.example"}, "t")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
async def test_each_refusal_ends_in_its_outcome(case: dict[str, Any]) -> None:
    with pytest.raises(getattr(errors, case["outcome"])) as caught:
        await api(case["status"], case["body"]).ask("post/publish/content/init", {}, write=True)
    error = caught.value
    assert (error.reason, getattr(error, "field", "")) == (case["reason"], case["field"])
    assert getattr(error, "after", None) == case["after"]
    if case["status"] < 500:
        assert error.said == "Their words. (log_id 2022)"
    for language in ("en", "zh-hans", "vi"):
        assert (
            "TikTok" in sentence(error.reason, error.params, language, MANIFEST)
            or error.reason == "not_there"
        )


@pytest.mark.parametrize("case", FAILS, ids=[case["name"] for case in FAILS])
def test_each_reason_of_a_failure_ends_in_its_outcome(case: dict[str, Any]) -> None:
    error = stands.failure(stands.Told("FAILED", case["name"]))
    assert type(error).__name__ == case["outcome"]
    assert (error.reason, getattr(error, "field", "")) == (case["reason"], case["field"])
    assert error.said == case["name"]
    assert has_sentence(error.reason, MANIFEST)


def test_every_row_has_its_case() -> None:
    assert set(CODES) - {case["body"]["error"]["code"] for case in CASES} == {"internal"}
    assert set(FAILED) == {case["name"] for case in FAILS} - {"a_reason_of_tomorrow"}


async def test_a_read_that_breaks_is_only_later() -> None:
    body = {"data": {}, "error": {"code": "internal_error", "message": ""}}
    for status in (200, 500):
        with pytest.raises(RetryLater) as caught:
            await api(status, body).ask("post/publish/status/fetch", {})
        assert caught.value.reason == "broken"


async def test_what_is_no_answer_of_theirs_is_a_doubt_for_what_may_be_live() -> None:
    for status, body in (
        (200, b"<html>Maintenance</html>"),
        (200, {"data": None, "error": {"code": "ok"}}),
        (200, [1]),
    ):
        with pytest.raises(Ambiguous):
            await api(status, body).ask("post/publish/content/init", {}, write=True)
        with pytest.raises(RetryLater):
            await api(status, body).ask("post/publish/status/fetch", {})


async def test_the_wait_they_name_goes_before_ours() -> None:
    body = {"data": {}, "error": {"code": "rate_limit_exceeded", "message": "slow"}}
    with pytest.raises(RetryLater) as caught:
        await api(429, body, **{"retry-after": "7"}).ask("video/query", {})
    assert caught.value.after == 7


async def test_a_call_is_said_as_the_documents_say_it() -> None:
    caller = api(200, {"data": {"user": {}}, "error": {"code": "ok"}})
    await caller.get("user/info", "open_id")
    await caller.ask("post/publish/creator_info/query")
    first, second = caller.http.asked
    assert (first["method"], first["url"]) == ("GET", "https://there.example/v2/user/info/")
    assert first["params"] == {"fields": "open_id"}
    assert second["headers"] == {
        "Authorization": "Bearer t",
        "Content-Type": "application/json; charset=UTF-8",
    }
    assert second["json"] == {}


@pytest.mark.parametrize(
    ("status", "told", "wanted"),
    [
        (201, "bytes 0-10/10", {"done": True, "told": 10}),
        (206, "bytes 0-5/10", {"done": False, "told": 5}),
        (403, "", {"lost": True}),
        (404, "", {"lost": True}),
        (416, "bytes 0-5/10", {"refused": True, "told": 5}),
        (416, "nonsense", {"refused": True, "told": None}),
    ],
)
async def test_what_an_upload_answers(status: int, told: str, wanted: dict[str, Any]) -> None:
    stood = await api(status, b"", **{"content-range": told}).put(
        "https://up.example/", b"12345", 5, 10, "video/mp4"
    )
    assert {key: getattr(stood, key) for key in wanted} == wanted


async def test_only_the_last_piece_is_a_doubt() -> None:
    broken = api(503, b"gateway")
    with pytest.raises(RetryLater):
        await broken.put("https://up.example/", b"12345", 0, 10, "video/mp4")
    with pytest.raises(Ambiguous):
        await broken.put("https://up.example/", b"12345", 5, 10, "video/mp4")
    with pytest.raises(Rejected):
        await api(400, b"malformed").put("https://up.example/", b"12345", 5, 10, "video/mp4")
