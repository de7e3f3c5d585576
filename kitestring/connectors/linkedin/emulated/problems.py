"""How LinkedIn words its refusals. Source: learn.microsoft.com/linkedin, Error handling, Posts API, Versioning."""

from __future__ import annotations

from typing import Any

from aiohttp import web


class Refusal(Exception):
    """An answer that ends the call."""

    def __init__(self, status: int, message: str, code: str = "", **more: Any) -> None:
        super().__init__(message)
        self.answer = problem(status, message, code, **more)


def problem(status: int, message: str, code: str = "", **more: Any) -> web.Response:
    body = {"status": status, "message": message, **({"code": code} if code else {}), **more}
    return web.json_response(body, status=status)


def revoked() -> web.Response:
    said = "The token used in the request has expired"
    return problem(401, said, "EXPIRED_ACCESS_TOKEN", serviceErrorCode=65601)


def retired(version: str) -> web.Response:
    return problem(426, f"Requested version {version}01 is not active", "NONEXISTENT_VERSION")


def busy() -> web.Response:
    said = "Resource level throttle APPLICATION_AND_MEMBER limit for calls to this resource is reached."
    return problem(429, said, "TOO_MANY_REQUESTS", serviceErrorCode=101)


def day_used() -> Refusal:
    said = "Resource level throttle APPLICATION_AND_MEMBER DAY limit for calls to this resource is reached."
    return Refusal(429, said, "TOO_MANY_REQUESTS", serviceErrorCode=101)


def denied(resource: str) -> Refusal:
    return Refusal(
        403, f"Not enough permissions to access: {resource}", "ACCESS_DENIED", serviceErrorCode=100
    )


def wrong(code: str, description: str, path: str = "", status: int = 400) -> Refusal:
    inputs = [
        {
            "code": code,
            "description": description,
            "input": {"inputPath": {"fieldPath": path}} if path else {},
        }
    ]
    details = {"inputErrors": inputs}
    kind = "com.linkedin.common.error.BadRequest"
    return Refusal(status, description, "", errorDetailType=kind, errorDetails=details)


def missing(what: str) -> Refusal:
    return Refusal(404, f"Could not find entity {what}", "NOT_FOUND")
