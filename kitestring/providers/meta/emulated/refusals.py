"""How the Graph API says no."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Manners

TRACE = "AbCdEfGhIjKlMnOpQrStUvW"
GRAPH = ("v24.0", "v25.0", "v26.0")


class Refusal(Exception):
    """An error of the API: code, subcode (0: none), message, HTTP status."""

    def __init__(
        self, code: int, message: str, *, subcode: int = 0, status: int = 400, user: str = ""
    ) -> None:
        super().__init__(message)
        self.answer = error(code, message, subcode=subcode, status=status, user=user)


def error(code: int, message: str, *, subcode: int = 0, status: int = 400, user: str = "") -> web.Response:
    body: dict[str, Any] = {"message": message, "type": "OAuthException", "code": code}
    if subcode:
        body["error_subcode"] = subcode
    if user:
        body |= {"is_transient": False, "error_user_title": user.partition(".")[0], "error_user_msg": user}
    return web.json_response({"error": {**body, "fbtrace_id": TRACE}}, status=status)


def not_there(object_id: str) -> Refusal:
    return Refusal(
        100,
        f"Unsupported get request. Object with ID '{object_id}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation.",
        subcode=33,
    )


def ended() -> web.Response:
    return error(
        190,
        "Error validating access token: The session has been invalidated because the user changed the password.",
        subcode=460,
        status=401,
    )


def manners() -> Manners:
    """429 is a 400 or 403 with a code here."""
    return Manners(
        busy=lambda: error(4, "(#4) Application request limit reached", status=403),
        unauthorized=ended,
        broken=lambda: error(
            2, "An unexpected error has occurred. Please retry your request later.", status=500
        ),
        retired=lambda: error(2635, "(#2635) You are calling a deprecated version of the API.", status=400),
    )


def refusals(*versions: str) -> Any:
    """The middleware that turns a Refusal into its answer, and knows the `versions` that are switched on."""

    @web.middleware
    async def refuse(request: web.Request, handler: Any) -> web.StreamResponse:
        version = request.match_info.get("version", "")
        if version and version not in versions:
            return error(2635, "(#2635) You are calling a deprecated version of the API.")
        try:
            answer: web.StreamResponse = await handler(request)
        except Refusal as refusal:
            return refusal.answer
        except web.HTTPNotFound:
            return error(2500, "Unknown path components: " + request.path, status=400)
        return answer

    return refuse
