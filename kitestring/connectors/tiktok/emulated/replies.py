"""How TikTok words its answers: `data` and `error` in each, also in a good one."""

from __future__ import annotations

from typing import Any

from aiohttp import web

LOG = "202210112248442CB9319E1FB30C1073F3"


class Refusal(Exception):
    """An answer in the place of the one that was asked for."""

    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(code)
        self.answer = refused(status, code, message)


def good(data: dict[str, Any]) -> web.Response:
    return web.json_response({"data": data, "error": {"code": "ok", "message": "", "log_id": LOG}})


def refused(status: int, code: str, message: str = "") -> web.Response:
    error = {"code": code, "message": message or code.replace("_", " "), "log_id": LOG}
    return web.json_response({"data": {}, "error": error}, status=status)


def oauth(error: str, description: str, status: int = 400) -> web.Response:
    """The token address words its refusals flat."""
    body = {"error": error, "error_description": description, "log_id": LOG}
    return web.json_response(body, status=status)
