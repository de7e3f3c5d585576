"""How Google's APIs say no, and how its token endpoint does."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from kitestring.connectorkit.emulation import Manners

TOKEN: Final = "/token"  # noqa: S105 - an address
STATUS: Final = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
}


class Refusal(Exception):
    """An error of an API: HTTP status, reason, message."""

    def __init__(self, status: int, reason: str, message: str, domain: str = "global") -> None:
        super().__init__(message)
        self.answer = error(status, reason, message, domain)


def error(status: int, reason: str, message: str, domain: str = "global") -> web.Response:
    row = {"message": message, "domain": domain, "reason": reason}
    body: dict[str, Any] = {"code": status, "message": message, "errors": [row]}
    if status in STATUS:
        body["status"] = STATUS[status]
    return web.json_response({"error": body}, status=status)


def ended() -> web.Response:
    return error(401, "authError", "Request had invalid authentication credentials.")


def manners() -> Manners:
    return Manners(
        busy=lambda: error(429, "rateLimitExceeded", "Resource has been exhausted (e.g. check quota)."),
        unauthorized=ended,
        broken=lambda: error(500, "internalError", "Internal error encountered."),
        retired=lambda: error(410, "gone", "This version of the API is no longer available."),
    )


@web.middleware
async def token_words(request: web.Request, handler: Any) -> web.StreamResponse:
    """The token endpoint words an ended consent in its own way."""
    answer: web.StreamResponse = await handler(request)
    refused = request.path == TOKEN and answer.status == 401 and isinstance(answer, web.Response)
    if refused and '"authError"' in str(getattr(answer, "text", "")):
        said = {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
        return web.json_response(said, status=400)
    return answer


@web.middleware
async def refusals(request: web.Request, handler: Any) -> web.StreamResponse:
    """Turns a Refusal into its answer."""
    try:
        answer: web.StreamResponse = await handler(request)
    except Refusal as refusal:
        return refusal.answer
    except web.HTTPNotFound:
        return web.Response(text="<html><title>Error 404 (Not Found)</title></html>", status=404)
    return answer
