"""How Zalo answers: 200, and in the body an error number with words, or the data."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Manners


class Refusal(Exception):
    """An answer with an error number."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.answer = said(code, message)


def said(code: int, message: str, data: Any = None) -> web.Response:
    body: dict[str, Any] = {"error": code, "message": message}
    return web.json_response(body if data is None else {**body, "data": data})


def good(data: Any = None) -> web.Response:
    return said(0, "Success", {} if data is None else data)


MANNERS = Manners(
    busy=lambda: said(-32, "Application reached limit call api"),
    unauthorized=lambda: said(-216, "Access token is invalid"),
    broken=lambda: web.json_response({"error": -200, "message": "System error"}, status=500),
    retired=lambda: said(-240, "MessageV2 API has been shut down"),
)


@web.middleware
async def refusals(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        answer: web.StreamResponse = await handler(request)
    except Refusal as refusal:
        return refusal.answer
    except web.HTTPNotFound:
        told = {"error": 404, "message": "You are accessing an empty or invalid API"}
        return web.json_response(told, status=404)
    return answer


async def body_of(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read())
    except ValueError as error:
        raise Refusal(-201, "body is not JSON") from error
    return body if isinstance(body, dict) else {}
