"""What X's answers mean to us: each row of the table on an answer that was documented, recorded or assumed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from kitestring.connectorkit.errors import ConnectorError, Rejected, RetryLater
from kitestring.connectorkit.sentences import has_sentence, sentence
from kitestring.connectors.x import refusals
from kitestring.connectors.x.client import MANIFEST, Api, one, told_at
from kitestring.connectors.x.tests.saying import URLS, Says, answer
from kitestring.kit import clock
from kitestring.kit.http import Answer, Client

FIXTURES = Path(__file__).parent / "fixtures"
CASES = json.loads((FIXTURES / "errors.json").read_text("utf-8"))["cases"]


def api(*answers: Answer) -> Api:
    return Api(cast(Client, Says(*answers)), URLS, "t")


async def _written(given: Answer) -> object:
    return await api(given).write("tweets", {"text": "x"})


async def _read(given: Answer) -> object:
    return one(await api(given).read("users/me"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
async def test_each_refusal_ends_in_its_outcome(case: dict[str, Any]) -> None:
    given = Answer(
        case["status"],
        {"content-type": "application/json", **case["headers"]},
        json.dumps(case["body"]).encode(),
    )
    with pytest.raises(ConnectorError) as caught:
        await (_written(given) if case["write"] else _read(given))
    error = caught.value
    assert (type(error).__name__, error.reason) == (case["outcome"], case["reason"])
    if isinstance(error, Rejected):
        assert error.field == case["field"]
    if isinstance(error, RetryLater):
        assert error.after == case.get("after")
    assert {**error.params, **case.get("params", {})} == error.params


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_every_fixture_says_what_it_stands_on(case: dict[str, Any]) -> None:
    assert case["basis"] in {"documented", "recorded", "assumed"}
    assert len(case["source"]) > 10


def test_every_row_has_a_sentence_and_its_own_case() -> None:
    rows = {
        row.reason
        for row in (*(row for _, row in refusals.WORDS), *refusals.TYPES.values(), *refusals.CODES.values())
    }
    assert all(has_sentence(reason, MANIFEST) for reason in rows)
    assert rows <= {case["reason"] for case in CASES}


def test_a_sentence_names_the_figure_and_the_way_out() -> None:
    told = sentence("video_too_long", {"minutes": "20"}, "zh-hans", MANIFEST)
    assert "20分钟" in told
    by_hand = sentence("cannot_reply", {"link": "https://x.test/i/status/7"}, "vi", MANIFEST)
    assert "https://x.test/i/status/7" in by_hand


async def test_pages_end_where_nothing_new_comes_whatever_the_token_says() -> None:
    page = {"data": [{"id": "1"}], "meta": {"next_token": "again"}}
    caller = api(answer(page), answer(page), answer(page))
    assert len(await caller.pages("users/1/mentions", [])) == 1
    longer = [answer({"data": [{"id": str(n)}], "meta": {"next_token": f"n{n}"}}) for n in range(5)]
    assert len(await api(*longer).pages("users/1/mentions", [], most=3)) == 3


def test_time_is_read_from_the_answer_or_is_ours() -> None:
    assert (
        told_at(answer({}, date="Mon, 30 Nov 2026 15:00:00 GMT")).isoformat() == "2026-11-30T15:00:00+00:00"
    )
    assert abs((told_at(answer({}, date="soon")) - clock.now()).total_seconds()) < 5


async def test_a_list_in_place_of_an_object_is_not_x() -> None:
    with pytest.raises(RetryLater) as caught:
        await api(answer([1, 2])).read("users/me")
    assert caught.value.reason == "not_itself"
