"""WordPress: each answer it was seen to give means one outcome, whatever the language of its words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aiohttp import web

from kitestring.connectorkit.emulation import serve
from kitestring.connectorkit.errors import ConnectorError
from kitestring.connectors.wordpress.client import Site
from kitestring.kit.http import Client

FIXTURES = Path(__file__).parent / "fixtures"
CASES = [
    case for name in ("refusals", "refusals-assumed")
    for case in json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))["answers"]
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['status']}-{case['means'][2]}")
async def test_what_it_means(case):
    async def answer(request: web.Request) -> web.Response:
        headers = {"Retry-After": case["retry_after"]} if "retry_after" in case else {}
        if "location" in case:
            headers["Location"] = f"{case['location']}?secret=1"
        if "body" in case:
            body = {**case["body"], "message": "Thông báo bằng tiếng Việt"}
            return web.json_response(body, status=case["status"], headers=headers)
        return web.Response(
            text=case["text"], status=case["status"], headers=headers, content_type="text/html"
        )

    app = web.Application()
    app.add_routes([web.post("/{rest:.*}", answer)])
    async with serve(app) as base, Client(["127.0.0.1"], allow_loopback=True) as http:
        with pytest.raises(ConnectorError) as raised:
            await Site(http, base, "lan", "x").write("wp/v2/posts", {})
    error = raised.value
    assert [type(error).__name__, getattr(error, "field", ""), error.reason] == case["means"]
    assert "secret=1" not in error.said
    if "retry_after" in case:
        assert error.after == float(case["retry_after"])
