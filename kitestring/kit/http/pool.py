"""One pool of connections per event loop, closed when nobody uses it any more.

A worker holds it open for its whole life with `async with hold():`; then all clients share the connections.
aiohttp (`wire`) is loaded by the first who holds: the pages name this module at their start, and seldom call out.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    import aiohttp


@dataclass
class Shared:
    """How many hold this loop's connections, and its sessions by whether loopback is allowed."""

    users: int = 0
    sessions: dict[bool, aiohttp.ClientSession] = field(default_factory=dict)


_pools: WeakKeyDictionary[asyncio.AbstractEventLoop, Shared] = WeakKeyDictionary()


@asynccontextmanager
async def hold() -> AsyncIterator[None]:
    """Keep this event loop's connections open while inside."""
    import_module("kitestring.kit.http.wire")
    loop = asyncio.get_running_loop()
    shared = _pools.setdefault(loop, Shared())
    shared.users += 1
    try:
        yield
    finally:
        shared.users -= 1
        if shared.users == 0:
            sessions, shared.sessions = shared.sessions, {}
            for session in sessions.values():
                await session.close()


def shared_here() -> Shared:
    """What this loop holds. Raises KeyError outside `hold()`."""
    return _pools[asyncio.get_running_loop()]
