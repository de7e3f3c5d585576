"""How often each address may be called by one account, and what is told of it in the headers of every answer.

Source: xdevplatform/docs, x-api/fundamentals/rate-limits. A window begins with its first call.
"""

from __future__ import annotations

from typing import Any

from kitestring.connectorkit.emulation import Platform
from kitestring.connectors.x.emulated.problems import Refusal, problem

WINDOW = 900
RULES = {
    "me": 75, "post": 100, "delete": 50, "posts": 5000, "analytics": 300, "timeline": 900, "mentions": 300,
    "like": 50, "hide": 50, "read messages": 15, "send message": 15, "upload": 1875, "status": 1000, "describe": 500,
}  # fmt: skip


class Limits:
    """Counts kept in the platform's memory."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.windows: dict[str, Any] = platform.memory.setdefault("windows", {})

    def take(self, account: str, rule: str) -> dict[str, str]:
        """The headers of the answer. Raises Refusal (429) when nothing is left."""
        now, limit = int(self.platform.clock().timestamp()), RULES[rule]
        window = self.windows.get(f"{account} {rule}")
        if window is None or window["ends"] <= now:
            window = self.windows[f"{account} {rule}"] = {"ends": now + WINDOW, "used": 0}
        free = self.platform.memory.get("no_limits", False)
        over = window["used"] >= limit and not free
        window["used"] += 1
        headers = {
            "x-rate-limit-limit": str(limit),
            "x-rate-limit-remaining": str(max(0, limit - window["used"])),
            "x-rate-limit-reset": str(window["ends"]),
        }
        if over:
            answer = problem(429, "Too Many Requests", "Too Many Requests")
            answer.headers.update(headers)
            raise Refusal(answer)
        return headers
