"""How X words a refusal: problem+json, its kind told by an address."""

from __future__ import annotations

from typing import Any

from aiohttp import web

TYPES = "https://api.x.com/2/problems/"


class Refusal(Exception):
    """An answer other than the one that was hoped for."""

    def __init__(self, answer: web.Response) -> None:
        super().__init__(answer.status)
        self.answer = answer


def problem(status: int, title: str, detail: str, kind: str = "", **more: Any) -> web.Response:
    """`kind` is the last part of the problem's address; "" is about:blank, which X uses for most of its 403s."""
    body = {"title": title, "detail": detail, "type": f"{TYPES}{kind}" if kind else "about:blank"}
    return web.json_response(
        {**body, "status": status, **more}, status=status, content_type="application/problem+json"
    )


def forbidden(detail: str) -> Refusal:
    return Refusal(problem(403, "Forbidden", detail))


def invalid(message: str, **parameters: Any) -> Refusal:
    """400, with the parameters that are wrong."""
    errors = [{"parameters": {key: [str(value)] for key, value in parameters.items()}, "message": message}]
    detail = "One or more parameters to your request was invalid."
    return Refusal(problem(400, "Invalid Request", detail, "invalid-request", errors=errors))


def missing(resource: str, remote_id: str) -> dict[str, Any]:
    """The entry in `errors` for one of several that is not there."""
    return {
        "title": "Not Found Error",
        "detail": f"Could not find {resource} with ids: [{remote_id}].",
        "type": f"{TYPES}resource-not-found",
        "resource_type": resource,
        "resource_id": remote_id,
        "parameter": "ids",
        "value": remote_id,
    }


def not_found(resource: str, remote_id: str) -> Refusal:
    body = missing(resource, remote_id)
    return Refusal(web.json_response(body, status=404, content_type="application/problem+json"))


def field_refused(remote_id: str, field: str) -> dict[str, Any]:
    """The entry in `errors` for a number that is not told (any more)."""
    return {
        "title": "Field Authorization Error",
        "detail": f"Sorry, you are not authorized to access '{field}' on the Tweet with id : [{remote_id}].",
        "type": f"{TYPES}not-authorized-for-field",
        "section": "data",
        "resource_type": "tweet",
        "resource_id": remote_id,
        "parameter": field,
        "value": remote_id,
        "field": field,
    }
