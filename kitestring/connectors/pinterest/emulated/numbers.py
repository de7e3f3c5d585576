"""What the emulated Pinterest counts: over a pin's life, and by days in its analytics."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web

from kitestring.connectorkit.emulation import Item
from kitestring.connectors.pinterest.emulated.world import Refusal, World

if TYPE_CHECKING:
    from kitestring.connectors.pinterest.emulated.login import Login

OF_PIN = {"IMPRESSION": "views", "OUTBOUND_CLICK": "clicks", "SAVE": "saves"}
OF_ACCOUNT = {"IMPRESSION": "views", "OUTBOUND_CLICK": "clicks", "SAVE": "saves"}
KEPT = timedelta(days=90)


def shown_numbers(world: World, pin: Item) -> dict[str, Any]:
    """`pin_metrics` of a pin."""
    lifetime = {
        "impression": pin.counts.get("views", 0),
        "clickthrough": pin.counts.get("clicks", 0),
        "pin_click": pin.counts.get("clicks", 0),
        "reaction": pin.counts.get("likes", 0),
        "comment": len(world.platform.comments(pin.id)),
    }
    ninety = {key: lifetime[key] for key in ("impression", "clickthrough", "pin_click")}
    return {"90d": ninety, "lifetime_metrics": lifetime}


class Analytics:
    def __init__(self, world: World, login: Login) -> None:
        self.world, self.login = world, login

    async def of_pin(self, request: web.Request) -> web.Response:
        self.login.who(request)
        pin = self.world.pin(request.match_info["id"])
        self._open("Not authorized to access board or Pin.")
        end = self._span(request, "Invalid pins analytics parameters.")
        asked = request.query.get("metric_types", "").split(",")
        if not set(asked) <= {*OF_PIN, "PIN_CLICK", "SAVE_RATE", "TOTAL_COMMENTS", "TOTAL_REACTIONS"}:
            raise Refusal(400, 400, "Invalid pins analytics parameters.")
        sums = {name: pin.counts.get(OF_PIN[name], 0) for name in asked if name in OF_PIN}
        day = {"data_status": "READY", "date": f"{end:%Y-%m-%d}", "metrics": sums}
        return web.json_response({"all": {"summary_metrics": sums, "daily_metrics": [day]}})

    async def of_account(self, request: web.Request) -> web.Response:
        name = self.login.who(request)
        self._open("Not authorized to access the user account analytics.")
        end = self._span(request, "Invalid user accounts analytics parameters.")
        numbers = self.world.platform.numbers(self.world.number(name))
        asked = request.query.get("metric_types") or ",".join(OF_ACCOUNT)
        sums = {key: numbers.get(OF_ACCOUNT[key], 0) for key in asked.split(",") if key in OF_ACCOUNT}
        day = {"data_status": "READY", "date": f"{end:%Y-%m-%d}", "metrics": sums}
        return web.json_response({"all": {"summary_metrics": sums, "daily_metrics": [day]}})

    def _open(self, message: str) -> None:
        """Analytics are for business accounts."""
        if self.world.platform.memory.get("no_analytics"):
            raise Refusal(403, 403, message)

    def _span(self, request: web.Request, message: str) -> date:
        """The end of the days asked about: 90 at most, none before 90 days ago."""
        try:
            start = date.fromisoformat(request.query.get("start_date", ""))
            end = date.fromisoformat(request.query.get("end_date", ""))
        except ValueError as error:
            raise Refusal(400, 400, message) from error
        if not self.world.platform.clock().date() - KEPT <= start <= end or end - start > KEPT:
            raise Refusal(400, 400, message)
        return end
