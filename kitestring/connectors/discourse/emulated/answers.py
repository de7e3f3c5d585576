"""How a forum words its refusals."""

from __future__ import annotations

from typing import Any

from aiohttp import web

KEY_WRONG = "You are not permitted to view the requested resource. The API username or key is invalid."
DENIED = "You are not permitted to view the requested resource."
TOO_FAST = "You’ve performed this action too many times, please try again later."


class Refused(Exception):
    def __init__(self, status: int, *errors: str, kind: str = "", **more: Any) -> None:
        super().__init__(errors)
        self.answer = refusal(status, *errors, kind=kind, **more)


def refusal(status: int, *errors: str, kind: str = "", **more: Any) -> web.Response:
    body: dict[str, Any] = {"errors": list(errors), **more}
    if kind:
        body["error_type"] = kind
    return web.json_response(body, status=status)


def gone() -> Refused:
    return Refused(404, "The requested URL or resource could not be found.", kind="not_found")


def unfit(*errors: str) -> Refused:
    """What a post is refused for."""
    return Refused(422, *errors, action="create_post")


def busy(seconds: int = 0) -> web.Response:
    extras = {"wait_seconds": seconds or 1, "time_left": f"{seconds or 1} seconds"}
    return refusal(429, TOO_FAST, kind="rate_limit", extras=extras)


@web.middleware
async def door(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        answer: web.StreamResponse = await handler(request)
    except Refused as refused:
        return refused.answer
    except web.HTTPNotFound:
        return gone().answer
    return answer
