"""Weibo's refusals, worded as it words them: {"error", "error_code", "request"}. Statuses of single numbers are assumed."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Manners

WORDS = {
    10001: ("System error", 503),
    10006: ("Source paramter(appkey) is missing", 400),
    10014: ("Insufficient app permissions!", 403),
    10016: ("Miss required parameter ({what}), see doc for more info", 400),
    10017: ("Parameter ({what})'s value invalid, see doc for more info", 400),
    10020: ("Request Api not found!", 404),
    10021: ("HTTP METHOD is not suported for this request!", 405),
    10023: ("User requests out of rate limit!", 403),
    10024: ("User requests for ({what}) out of rate limit!", 403),
    20003: ("User does not exists!", 400),
    20005: ("Unsupported image type, only suport JPG, GIF, PNG!", 400),
    20006: ("Image size too large!", 400),
    20008: ("Content is null!", 400),
    20012: ("Text too long, please input text less than 140 characters!", 400),
    20019: ("Repeated weibo text!", 400),
    20032: ("Update success, while server slow now, please wait 1-2 minutes!", 400),
    20101: ("Target weibo does not exist!", 400),
    20102: ("Not your own weibo!", 400),
    20201: ("Target weibo comment does not exist!", 400),
    20203: ("Not your own comment!", 400),
    21327: ("expired_token", 401),
    21332: ("invalid_access_token", 401),
}


def answer(code: int, what: str = "", path: str = "", words: str = "") -> web.Response:
    """The refusal of this number; `words` in place of its usual ones."""
    said, status = WORDS[code]
    body = {"error": words or said.format(what=what), "error_code": code, "request": path}
    return web.json_response(body, status=status)


class Refusal(Exception):
    """What a handler refuses."""

    def __init__(self, code: int, what: str = "", words: str = "") -> None:
        super().__init__(code)
        self.code, self.what, self.words = code, what, words


@web.middleware
async def refusals(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        told: web.StreamResponse = await handler(request)
    except Refusal as refusal:
        return answer(refusal.code, refusal.what, request.path, refusal.words)
    except web.HTTPNotFound:
        return answer(10020, path=request.path)
    except web.HTTPMethodNotAllowed:
        return answer(10021, path=request.path)
    return told


MANNERS = Manners(
    busy=lambda: answer(10023),
    unauthorized=lambda: answer(21327),
    broken=lambda: answer(10001),
    retired=lambda: answer(10020),
)
