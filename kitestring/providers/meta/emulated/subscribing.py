"""Which apps a Page is told to, as the Graph API keeps it."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from kitestring.connectorkit.consent import CLIENT
from kitestring.connectorkit.emulation import Platform
from kitestring.providers.meta.emulated.desk import Login, number
from kitestring.providers.meta.emulated.refusals import Refusal, not_there
from kitestring.providers.meta.emulated.requests import told
from kitestring.providers.meta.subscribing import RIGHT

# Of the many; the enumeration of the description has the rest.
FIELDS: Final = {"feed", "mention", "messages", "name", "picture", "message_echoes", "messaging_postbacks"}


def kept(platform: Platform) -> dict[str, list[str]]:
    """Page -> the fields that our app is told of."""
    found: dict[str, list[str]] = platform.memory.setdefault("subscribed_apps", {})
    return found


def stop_calling(platform: Platform, account: str) -> None:
    """Somebody took the app off the account's Page, in its settings."""
    kept(platform).pop(number("page", account), None)


class Subscriptions:
    """`GET` and `POST /{page}/subscribed_apps`, by the Page's own token."""

    def __init__(self, login: Login) -> None:
        self.login = login

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/{version}/{id}/subscribed_apps", self.listed)
        app.router.add_post("/{version}/{id}/subscribed_apps", self.subscribe)

    async def listed(self, request: web.Request) -> web.Response:
        fields = kept(self.login.platform).get(self._page(request))
        row: dict[str, Any] = {"id": CLIENT, "name": "Kitestring", "link": "https://kite.example/"}
        rows = [] if fields is None else [{**row, "subscribed_fields": fields}]
        return web.json_response({"data": rows})

    async def subscribe(self, request: web.Request) -> web.Response:
        page = self._page(request)
        asked = [one for one in (await told(request))["subscribed_fields"].split(",") if one]
        if not asked:
            raise Refusal(100, "(#100) The parameter subscribed_fields is required")
        if strange := sorted(set(asked) - FIELDS):
            raise Refusal(100, f"(#100) Param subscribed_fields[0] must be one of {{...}} - got {strange[0]}")
        kept(self.login.platform)[page] = sorted(asked)
        return web.json_response({"success": True})

    def _page(self, request: web.Request) -> str:
        """The Page of the token; of another it is not told. Reading needs the right as well."""
        page = number("page", self.login.who(request))
        if request.match_info["id"] not in (page, "me"):
            raise not_there(request.match_info["id"])
        if not self.login.has(request, RIGHT):
            raise Refusal(200, f"(#200) Requires {RIGHT} permission to manage the object", status=403)
        return page
