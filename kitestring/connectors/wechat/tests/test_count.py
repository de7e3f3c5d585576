"""WeChat: numbers come the next day, from the last day's sum, and what is not told is not invented."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from kitestring.connectorkit.emulation import Item
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.wechat import metrics
from kitestring.connectors.wechat.client import App
from kitestring.kit import clock

FIXTURES = json.loads((Path(__file__).parent / "fixtures" / "answers.json").read_text("utf-8"))
POST = "2247490098_1:m31"


@pytest.fixture(autouse=True)
def own_time():
    yield
    clock.move(timedelta(0))


def _article(there, days_ago):
    at = (clock.now() - timedelta(days=days_ago)).isoformat()
    there.platform.load(
        [Item(POST, "hien-ca-phe", "x", at, counts={"views": 55, "shares": 3, "likes": 5, "saves": 6})]
    )


async def test_yesterdays_sum(at_work):
    there = await at_work("wechat")
    _article(there, 2)
    there.platform.comment(POST, "lin", "林", "好")
    told = {r.metric: (r.value, r.field) for r in await metrics.read(there.session, [POST])}
    assert told == {
        "reach": (55, "read_user"), "shares": (3, "share_user"), "likes": (5, "like_user"),
        "saves": (6, "collection_user"), "replies": (1, "comment_count"),
    }  # fmt: skip


async def test_today_there_are_none_yet(at_work):
    there = await at_work("wechat")
    _article(there, 0)
    for reading in await metrics.read(there.session, [POST]):
        assert (reading.value, reading.why) == (None, "not_counted_yet")


async def test_an_adopted_send_is_said_to_be_unknown_and_not_asked_for(at_work):
    there = await at_work("wechat")
    asked = len(there.faults.seen)
    readings = await metrics.read(there.session, ["0_1:m31"])
    assert {(r.value, r.why) for r in readings} == {(None, "number_unknown")}
    assert len(there.faults.seen) == asked


async def test_an_account_that_gives_one_day_at_a_time(at_work, monkeypatch):
    there = await at_work("wechat")
    _article(there, 5)
    real, spans = App.call, []

    async def one_day(self, path, payload=None, **more):
        spans.append((payload["begin_date"], payload["end_date"]))
        if payload["begin_date"] != payload["end_date"]:
            raise Rejected("", "date_range")
        return await real(self, path, payload, **more)

    monkeypatch.setattr(App, "call", one_day)
    readings = await metrics.read(there.session, [POST])
    assert [r.value for r in readings if r.metric == "reach"] == [55]
    assert len(spans) == 6


async def test_the_last_day_counts_and_a_missing_field_is_missing(at_work, monkeypatch):
    there = await at_work("wechat")
    told = json.loads(json.dumps(FIXTURES["assumed"]["totals"]))
    del told["list"][0]["detail_list"][1]["like_user"]

    async def answer(self, path, payload=None, **_):
        return told

    monkeypatch.setattr(App, "call", answer)
    readings = {r.metric: (r.value, r.why) for r in await metrics.read(there.session, [POST])}
    assert readings["reach"] == (55, "")
    assert readings["likes"] == (None, "not_told")
