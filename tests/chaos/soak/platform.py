"""The platform of the soak, a program of its own: the test channel's emulator, going wrong by the seed's plan.

    python -m tests.chaos.soak.platform SEED       prints its address, serves until ended

GET /told gives what it knows, by the number in a post's text: how often it is live, when it came first, what it met.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter, defaultdict
from typing import Any, Final

from aiohttp import web

from kitestring.connectorkit.emulation import Item, Platform
from kitestring.connectorkit.faults import BEFORE, Fault, Faults, Handler, Manners, wrong
from kitestring.domains.publishing.tests.harbour import emulator
from tests.chaos.soak.channel import LAG
from tests.chaos.soak.plan import Plan, at_look, of_part, revoked_at
from tests.chaos.soak.tokens import Tokens
from tests.chaos.soak.trickle import drip, page

KINDS: Final = {"busy_asked": Fault("busy", after=2.0), "slow": Fault("slow", seconds=0.8)}
REFUSES_TWINS: Final = "twins"  # accounts whose name says so: what is live already is refused


class Planned(Faults):
    """The emulator's faults, drawn for each call by what it is about."""

    def __init__(self, seed: str, platform: Platform) -> None:
        super().__init__()
        self.seed, self.platform = seed, platform
        self.plans: dict[str, Plan] = {}
        self.met: dict[int, list[str]] = defaultdict(list)
        self.at_looks: Counter[str] = Counter()
        self.looks: Counter[str] = Counter()
        self.tokens = Tokens(lambda author: revoked_at(seed, author))
        self.first: dict[str, float] = {}
        platform.listen(self._note)

    def _note(self, item: Item) -> None:
        self.first.setdefault(word_of(item.text), time.time())

    def middleware(self, manners: Manners | None = None) -> Any:
        ways = manners or Manners()

        @web.middleware
        async def misbehave(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.path in ("/told", "/token"):
                return await handler(request)
            author, word = await self._about(request)
            if not self.tokens.good(author, request.headers.get("Authorization", "")):
                return ways.unauthorized()
            if self._is_twin(request, author, word):
                self.met[number_of(word)].append("refused as a twin")
                return web.json_response({"error": "This was posted already.", "field": "text"}, status=422)
            kind = self._drawn(request, author, word)
            if kind in BEFORE or not kind:
                fault = KINDS.get(kind) or (Fault(kind) if kind else None)
                return await wrong(fault, request, ways) if fault else await handler(request)
            return await self._after(kind, request, handler, ways)

        return misbehave

    async def _after(
        self, kind: str, request: web.Request, handler: Handler, ways: Manners
    ) -> web.StreamResponse:
        if kind == "busy_asked":
            return await wrong(KINDS[kind], request, ways)
        answer = await handler(request)
        match kind:
            case "slow":
                await asyncio.sleep(KINDS[kind].seconds)
                return answer
            case "trickle":
                return await drip(request)
            case "html_after":
                return page()
        return await wrong(Fault(kind), request, ways)

    async def _about(self, request: web.Request) -> tuple[str, str]:
        """The account and the first word of the text; "" where a call is about no single one."""
        if request.method == "POST" and not request.match_info.get("id"):
            asked = await request.json()
            return asked["author"], word_of(asked["text"])
        if handle := request.match_info.get("id"):
            kept = self.platform.memory.get("containers", {}).get(handle, {"author": "", "text": ""})
            return kept["author"], word_of(kept["text"])
        return request.query.get("author", ""), ""

    def _drawn(self, request: web.Request, author: str, word: str) -> str:
        if request.method == "GET":
            self.looks[author] += 1
            kind = at_look(self.seed, author, self.looks[author])
            self.at_looks[kind] += bool(kind)
            return kind
        number, place = number_of(word), int(word.partition("/")[2] or 0)
        plan = self.plans.setdefault(word, of_part(self.seed, number, place))
        storing = bool(getattr(request.match_info.handler, "stores", False))
        left = plan.store if storing else plan.prepare
        if not left:
            return ""
        self.met[number].append(left[0] if storing else f"prepare: {left[0]}")
        return left.pop(0)

    def _is_twin(self, request: web.Request, author: str, word: str) -> bool:
        """Whether it would be the second one with the same words, on an account where such are refused."""
        return (
            request.method == "POST" and request.path == "/posts" and REFUSES_TWINS in author and word in self.first
        )  # fmt: skip

    def told(self) -> dict[str, Any]:
        copies = Counter(word_of(item.text) for item in self.platform.posts())
        return {
            "copies": dict(copies), "first": self.first, "met": self.met, "looks": self.at_looks,
            "revoked": self.tokens.revoked, "renewed": self.tokens.renewed,
        }  # fmt: skip


def word_of(text: str) -> str:
    """What tells a text of the soak from every other: its duty's number, and of a later part "/" and its place."""
    return text.partition(" ")[0]


def number_of(text: str) -> int:
    """The number of the duty that a text of the soak belongs to; -1 for none."""
    word = word_of(text).partition("/")[0]
    return int(word) if word.isdigit() else -1


async def serve(seed: str) -> None:
    platform = Platform()
    platform.memory["lag"] = LAG
    planned = Planned(seed, platform)
    app = emulator.build(platform, faults=planned)

    async def told(_request: web.Request) -> web.Response:
        return web.json_response(planned.told())

    app.router.add_get("/told", told)
    app.router.add_post("/token", planned.tokens.renew)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    sys.stdout.write(f"http://127.0.0.1:{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
