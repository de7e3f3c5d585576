"""Pinterest's refusals and what they become; a 429's wait; lists in pages."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from kitestring.connectorkit.emulation import serve
from kitestring.connectorkit.errors import ConnectorError, Rejected, RetryLater
from kitestring.connectorkit.sentences import has_sentence
from kitestring.connectors.pinterest.client import MANIFEST, PAGES, Api, pin_path
from kitestring.connectors.pinterest.publishing import made_at
from kitestring.kit.http import Client

CASES = json.loads((Path(__file__).parent / "fixtures" / "refusals.json").read_text("utf-8"))["refusals"]
Handler = Callable[[web.Request], web.Response]


@asynccontextmanager
async def answering(handler: Handler) -> AsyncIterator[Api]:
    async def handle(request: web.Request) -> web.Response:
        return handler(request)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", handle)
    async with serve(app) as base, Client([base.partition("://")[2]], allow_loopback=True) as http:
        yield Api(http, base, "t")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['status']}-{case['body']['code']}")
async def test_a_refusal_becomes(case: dict[str, Any]) -> None:
    async with answering(lambda _: web.json_response(case["body"], status=case["status"])) as api:
        with pytest.raises(ConnectorError) as caught:
            await api.call("POST", "pins", write=True, json={})
    error = caught.value
    assert (type(error).__name__, error.reason) == (case["outcome"], case["reason"])
    assert getattr(error, "field", "") == case["field"]
    assert has_sentence(error.reason, MANIFEST)


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"X-RateLimit-Reset": "42"}, 42.0),
        ({"X-RateLimit-Reset": "12, 40"}, 12.0),
        ({"X-RateLimit-Reset": "soon"}, None),
        ({}, None),
    ],
)
async def test_it_waits_as_long_as_it_is_told(headers: dict[str, str], after: float | None) -> None:
    body = {"code": 8, "message": "This request exceeded a rate limit."}
    async with answering(lambda _: web.json_response(body, status=429, headers=headers)) as api:
        with pytest.raises(RetryLater) as caught:
            await api.read("user_account")
    assert caught.value.after == after


async def test_a_list_is_read_to_its_end() -> None:
    def page(request: web.Request) -> web.Response:
        start = int(request.query.get("bookmark", "0"))
        more = str(start + 1) if start < 3 else None
        return web.json_response({"items": [{"id": str(start)}], "bookmark": more})

    async with answering(page) as api:
        assert [row["id"] async for row in api.listed("boards")] == ["0", "1", "2", "3"]


async def test_a_list_without_an_end_is_said_to_be_too_long() -> None:
    asked = []

    def page(request: web.Request) -> web.Response:
        asked.append(request.path_qs)
        return web.json_response({"items": [], "bookmark": "again"})

    async with answering(page) as api:
        with pytest.raises(RetryLater, match="list_too_long"):
            [row async for row in api.listed("boards")]
    assert len(asked) == PAGES


@pytest.mark.parametrize("name", ["", "12a", "../user_account", "１２"])
def test_what_is_no_pin_is_not_asked_about(name: str) -> None:
    with pytest.raises(Rejected, match="not_there"):
        pin_path(name)


@pytest.mark.parametrize("told", ["2022-10-13T01:40:29", "2022-10-13T01:40:29Z", "2022-10-13T08:40:29+07:00"])
def test_times_without_a_zone_are_utc(told: str) -> None:
    """The first is how Pinterest was seen to write them: github.com/pinterest/api-quickstart, issue 78 (recorded)."""
    assert made_at({"created_at": told}) == datetime(2022, 10, 13, 1, 40, 29, tzinfo=UTC)


def test_a_pin_without_a_time_counts_as_new() -> None:
    assert made_at({}) > datetime(2100, 1, 1, tzinfo=UTC)
