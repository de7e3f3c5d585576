"""How Reddit words refusals: by status, and by `json.errors` with status 200."""

from __future__ import annotations

from aiohttp import web

PARDNER = (
    "<!doctype html><html><head><title>Blocked</title></head><body><h1>whoa there, pardner!</h1>"
    "<p>Your request has been blocked due to a network policy.</p></body></html>"
)


class Refused(Exception):
    def __init__(self, answer: web.Response) -> None:
        super().__init__(answer.status)
        self.answer = answer


def errors(code: str, said: str, field: str) -> Refused:
    """A form that is refused."""
    return Refused(web.json_response({"json": {"errors": [[code, said, field]]}}))


def plain(status: int, said: str) -> web.Response:
    return web.json_response({"message": said, "error": status}, status=status)


def forbidden() -> web.Response:
    return plain(403, "Forbidden")


def scope_missing() -> web.Response:
    answer = forbidden()
    answer.headers["WWW-Authenticate"] = 'Bearer realm="reddit", error="insufficient_scope"'
    return answer


def blocked() -> web.Response:
    return web.Response(text=PARDNER, status=403, content_type="text/html")
