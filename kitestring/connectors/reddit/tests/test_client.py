"""What Reddit's refusals become: each row of the fixture, and who the program says it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from kitestring.connectorkit.emulation import serve
from kitestring.connectorkit.errors import Ambiguous, ConnectorError, RetryLater
from kitestring.connectorkit.sentences import has_sentence
from kitestring.connectors.reddit.client import MANIFEST, Api, agent
from kitestring.kit.http import Client

CASES = json.loads((Path(__file__).parent / "fixtures/errors.json").read_text("utf-8"))["cases"]
APP = {"client_id": "abc", "client_secret": "s", "developer": "u/tea_dev"}


async def answered(case: dict[str, Any]) -> ConnectorError:
    """What a write that is answered so raises."""

    async def handler(request: web.Request) -> web.Response:
        headers = case.get("headers", {})
        if "page" in case:
            return web.Response(
                text=case["page"], status=case["status"], content_type="text/html", headers=headers
            )
        return web.json_response(case["body"], status=case["status"], headers=headers)

    app = web.Application()
    app.router.add_post("/api/submit", handler)
    async with serve(app) as base, Client([base.partition("//")[2]], allow_loopback=True) as http:
        caller = Api(http, {"api": base}, APP, "token")
        with pytest.raises(ConnectorError) as raised:
            await caller.write("api/submit", {"kind": "self"})
    return raised.value


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
async def test_a_refusal_is_told_as_what_it_is(case: dict[str, Any]) -> None:
    error = await answered(case)
    assert (type(error).__name__, error.reason) == (case["outcome"], case["reason"])
    if case["outcome"] == "Rejected":
        assert getattr(error, "field", None) == case["field"]
    if "after" in case:
        assert isinstance(error, RetryLater)
        assert error.after == case["after"]
    assert has_sentence(error.reason, MANIFEST)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_a_fixture_says_where_it_is_from(case: dict[str, Any]) -> None:
    assert case["basis"] in ("documented", "recorded", "assumed")
    assert len(case["source"]) > 10


async def test_a_page_in_place_of_an_answer_is_unclear() -> None:
    case = {"status": 200, "page": "<html>Our servers are busy</html>"}
    assert isinstance(await answered(case), Ambiguous)


def test_the_program_says_who_it_is() -> None:
    told = agent(APP)
    assert told.startswith("web:kitestring.abc:v")
    assert told.endswith("(by /u/tea_dev)")


def test_every_sentence_is_whole_in_three_languages() -> None:
    for key, text in MANIFEST.sentences.items():
        assert text.en.endswith("."), key
        assert text.zh_hans.endswith("。"), key
        assert text.vi.endswith("."), key
        assert " " not in text.zh_hans, key
