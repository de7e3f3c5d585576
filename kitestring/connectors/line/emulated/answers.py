"""How LINE words its answers and refusals. Each answer has a request id."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Platform

REQUEST = "x-line-request-id"
ACCEPTED = "x-line-accepted-request-id"


class Refused(Exception):
    """What LINE refuses: a status and {"message", "details"}."""

    def __init__(self, status: int, message: str, *details: dict[str, str], **body: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {
            "message": message,
            **({"details": list(details)} if details else {}),
            **body,
        }


def refusal(status: int, message: str) -> web.Response:
    return web.json_response({"message": message}, status=status)


def wrong(*details: tuple[str, str]) -> Refused:
    """The request body has so many errors, each at its property."""
    told = [{"message": message, "property": place} for place, message in details]
    return Refused(400, f"The request body has {len(told)} error(s)", *told)


def request_id(platform: Platform) -> str:
    return f"{int(platform.next_id()):08x}-0f1e-4d2c-8b3a-596877869504"


def door(platform: Platform) -> Any:
    """The middleware that turns refusals into answers and gives each answer its request id."""

    @web.middleware
    async def answering(request: web.Request, handler: Any) -> web.StreamResponse:
        try:
            answer: web.StreamResponse = await handler(request)
        except Refused as refused:
            answer = web.json_response(refused.body, status=refused.status)
        except web.HTTPNotFound:
            answer = refusal(404, "Not found")
        answer.headers.setdefault(REQUEST, request_id(platform))
        return answer

    return answering
