"""The platform's tokens: one may end before its time, and each refresh token works once.

A renewal whose answer nobody got may be asked for again, until the new token was used: whoever was killed while it was
under way has nothing but the old one, as with every platform that lets its clients recover.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web


@dataclass
class Kept:
    number: int = 0
    calls: int = 0
    used: bool = True
    ended: bool = False


class Tokens:
    """By account; the first is t0 with r0. `revoked_at`: at which of its calls an account's first token ends."""

    def __init__(self, revoked_at: Callable[[str], int]) -> None:
        self._revoked_at = revoked_at
        self._kept: dict[str, Kept] = {}
        self.revoked = self.renewed = 0
        self.refused: Counter[str] = Counter()

    def good(self, author: str, header: str) -> bool:
        kept = self._kept.setdefault(author, Kept())
        kept.calls += 1
        if kept.number == 0 and kept.calls == self._revoked_at(author):
            kept.ended = True
            self.revoked += 1
        if header != f"Bearer t{kept.number}" or kept.ended:
            return False
        kept.used = True
        return True

    async def renew(self, request: web.Request) -> web.Response:
        asked = await request.json()
        kept = self._kept.setdefault(asked["author"], Kept())
        if asked["refresh"] == f"r{kept.number}":
            kept.number, kept.used, kept.ended = kept.number + 1, False, False
            self.renewed += 1
        elif kept.used or asked["refresh"] != f"r{kept.number - 1}":
            self.refused[asked["author"]] += 1
            return web.json_response({"error": "This refresh token was used already."}, status=401)
        return web.json_response({"token": f"t{kept.number}", "refresh": f"r{kept.number}"})
