"""Trouble on demand: what a test tells an emulator to do wrong, once or until told otherwise.

An emulator puts `faults.middleware(Manners(...))` first in its application and marks the handlers that store
something by `@stores`, those that only take a file by `@takes_files`. Everything it is asked is kept in `faults.seen`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

from aiohttp import web

Kind = Literal[
    "drop_before",  # the connection breaks, nothing was stored
    "drop_after",  # stored, then the connection breaks
    "timeout_before",  # silence, nothing was stored
    "timeout_after",  # stored, then silence
    "error_after",  # stored, then a 500
    "error_before",  # a 500, nothing was stored
    "busy",  # 429, with Retry-After when `after` is given
    "unauthorized",  # the vendor's way of saying that the consent has ended
    "slow",  # the right answer, `seconds` late
    "odd",  # 200 with JSON of another shape: the fault's `body`
    "html",  # 200 with a web page instead of the answer
    "down",  # 503 with a web page
    "gate",  # 401 with a web page: a proxy or a network wants a login of its own
    "wall",  # 403 with a web page: a firewall on the way
    "retired",  # the vendor's way of saying that this version of its API is switched off
    "novel",  # the right answer, with a field nobody knows yet
    "odd_rows",  # the right answer, with rows of no use in its lists: an empty one, and one of nulls
]
BEFORE: frozenset[str] = frozenset(
    {"drop_before", "timeout_before", "error_before", "busy", "unauthorized", "html", "down", "retired"}
    | {"gate", "wall", "odd"}
)
PAGES = {"html": 200, "down": 503, "gate": 401, "wall": 403}
PAGE = "<!doctype html><html><head><title>Maintenance</title></head><body><h1>Back soon</h1></body></html>"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
F = TypeVar("F", bound=Callable[..., Any])


def stores(handler: F) -> F:
    """Mark a handler as one that puts a post or reply live: faults "at the store" hit only these."""
    handler.stores = True  # type: ignore[attr-defined]  # our mark on a function
    return handler


def stores_where(**told: str) -> Callable[[F], F]:
    """Mark a handler that does several things by what its form says: it puts something live where the form says `told`."""

    def mark(handler: F) -> F:
        handler.stores_where = told  # type: ignore[attr-defined]  # our mark on a function
        return handler

    return mark


async def _stores(request: web.Request) -> bool:
    handler = request.match_info.handler
    where: dict[str, str] | None = getattr(handler, "stores_where", None)
    if where is None:
        return bool(getattr(handler, "stores", False))
    form = await request.post()
    return all(str(form.get(key, "")).lower() == value for key, value in where.items())


def takes_files(handler: F) -> F:
    """Mark a handler as one that takes a file which no post shows yet: faults "at the upload" hit only these."""
    handler.takes_files = True  # type: ignore[attr-defined]  # our mark on a function
    return handler


@dataclass(frozen=True)
class Fault:
    """One thing to do wrong. `at` "store" waits for a request to a handler marked by `@stores`, "upload" for one marked by
    `@takes_files`; "any" takes the next. `skip`: so many of those pass unharmed first.
    """

    kind: Kind
    after: float | None = None
    seconds: float = 1.0
    at: Literal["store", "upload", "any"] = "any"
    skip: int = 0
    body: str = "{}"


@dataclass(frozen=True)
class Seen:
    """A request that reached the emulator."""

    method: str
    path: str
    stores: bool
    headers: dict[str, str]
    takes_files: bool = False


@dataclass(frozen=True)
class Manners:
    """How a vendor words its refusals; the plain ones stand where it says nothing of its own."""

    busy: Callable[[], web.Response] = lambda: web.json_response({"error": "rate limited"}, status=429)
    unauthorized: Callable[[], web.Response] = lambda: web.json_response(
        {"error": "unauthorized"}, status=401
    )
    broken: Callable[[], web.Response] = lambda: web.json_response({"error": "internal"}, status=500)
    retired: Callable[[], web.Response] = lambda: web.json_response({"error": "version gone"}, status=410)


@dataclass
class Faults:
    """The script of one emulator: a queue of single faults, and one that holds until cleared."""

    queue: list[Fault] = field(default_factory=list)
    standing: Fault | None = None
    seen: list[Seen] = field(default_factory=list)

    def next(self, *faults: Fault) -> None:
        """Do these wrong, one request each, in this order."""
        self.queue.extend(faults)

    def always(self, fault: Fault) -> None:
        """Do this wrong with every request until `clear`."""
        self.standing = fault

    def clear(self) -> None:
        """Behave again."""
        self.queue.clear()
        self.standing = None

    def stored(self) -> int:
        """How many requests reached a storing handler."""
        return sum(1 for seen in self.seen if seen.stores)

    def uploaded(self) -> int:
        """How many requests brought a file to a handler that only takes files."""
        return sum(1 for seen in self.seen if seen.takes_files)

    def middleware(self, manners: Manners | None = None) -> Any:
        """The aiohttp middleware that carries the script out in the vendor's manners."""
        ways = manners or Manners()

        @web.middleware
        async def misbehave(request: web.Request, handler: Handler) -> web.StreamResponse:
            storing = await _stores(request)
            taking = bool(getattr(request.match_info.handler, "takes_files", False))
            self.seen.append(Seen(request.method, request.path_qs, storing, dict(request.headers), taking))
            fault = self._take({"any", *(["store"] * storing), *(["upload"] * taking)})
            if fault is None:
                return await handler(request)
            if fault.kind in BEFORE:
                await request.read()
                return await wrong(fault, request, ways)
            answer = await handler(request)
            if fault.kind == "slow":
                await asyncio.sleep(fault.seconds)
                return answer
            if fault.kind == "novel":
                return _with_news(answer)
            if fault.kind == "odd_rows":
                return _with_odd_rows(answer)
            return await wrong(fault, request, ways)

        return misbehave

    def told(self, what: str, at: Literal["store", "upload", "any"]) -> Fault | None:
        """For lines that stay open, where requests are no HTTP: what to do wrong with a message, which is kept in `seen`.

        "any" is for opening the line; messages that only ask take no fault, and need not be told.
        """
        self.seen.append(Seen("MESSAGE", what, at == "store", {}, at == "upload"))
        fault = self._take({at})
        return (
            None if fault is not None and fault.kind == "odd_rows" else fault
        )  # no answer of JSON to put rows into

    def _take(self, here: set[str]) -> Fault | None:
        if self.queue and self.queue[0].at in here:
            fault = self.queue.pop(0)
            if not fault.skip:
                return fault
            self.queue.insert(0, replace(fault, skip=fault.skip - 1))
        if self.standing and self.standing.at in here:
            return self.standing
        return None


def _with_news(answer: web.StreamResponse) -> web.StreamResponse:
    """The same answer with one field more, as when a vendor adds one without asking anybody."""
    if not isinstance(answer, web.Response) or answer.content_type != "application/json":
        return answer
    body = json.loads(answer.text or "null")
    if isinstance(body, dict):
        body["added_yesterday"] = {"nobody": ["knows", 1, None]}
    fresh = web.json_response(body, status=answer.status)
    fresh.headers.update({k: v for k, v in answer.headers.items() if not k.lower().startswith("content-")})
    return fresh


def _with_odd_rows(answer: web.StreamResponse) -> web.StreamResponse:
    """The same answer with an empty row and one of nulls at the head of every list of objects."""
    if not isinstance(answer, web.Response) or answer.content_type != "application/json":
        return answer
    fresh = web.json_response(_odd_rows(json.loads(answer.text or "null")), status=answer.status)
    fresh.headers.update({k: v for k, v in answer.headers.items() if not k.lower().startswith("content-")})
    return fresh


def _odd_rows(told: Any) -> Any:
    if isinstance(told, dict):
        return {key: _odd_rows(value) for key, value in told.items()}
    if not isinstance(told, list):
        return told
    rows = [_odd_rows(one) for one in told]
    if not rows or not isinstance(rows[0], dict):
        return rows
    return [{}, dict.fromkeys(rows[0]), *rows]


async def wrong(fault: Fault, request: web.Request, ways: Manners) -> web.Response:
    """The fault carried out on this request, in the vendor's manners."""
    if fault.kind == "busy":
        answer = ways.busy()
        if fault.after is not None:
            answer.headers["Retry-After"] = f"{fault.after:g}"
        return answer
    if fault.kind == "unauthorized":
        return ways.unauthorized()
    if fault.kind == "retired":
        return ways.retired()
    if fault.kind in ("error_before", "error_after"):
        return ways.broken()
    if fault.kind == "odd":
        return web.Response(text=fault.body, content_type="application/json")
    if fault.kind in PAGES:
        return web.Response(text=PAGE, content_type="text/html", status=PAGES[fault.kind])
    if fault.kind in ("timeout_before", "timeout_after"):
        await _until_they_hang_up(request)
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _until_they_hang_up(request: web.Request) -> None:
    for _ in range(1200):
        if request.transport is None or request.transport.is_closing():
            return
        await asyncio.sleep(0.05)
