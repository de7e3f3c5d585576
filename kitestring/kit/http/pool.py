"""The lines of one event loop: connections to checked addresses, closed when nobody uses them any more.

A worker holds them open for its whole life with `async with hold():`; then all clients share the connections.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from pyreqwest.client import Client

Place = tuple[str, int, str, float]  # host, port, the address it is pinned to, seconds for connecting


@dataclass
class Shared:
    """How many hold this loop's connections, its lines, and what names led to and until when (the loop's time).

    `reached`: of hosts whose first address was dead, the one that answered.
    """

    users: int = 0
    lines: dict[Place, Client] = field(default_factory=dict)
    names: dict[tuple[str, int, bool], tuple[float, tuple[str, ...]]] = field(default_factory=dict)
    reached: dict[tuple[str, int], str] = field(default_factory=dict)


_pools: WeakKeyDictionary[asyncio.AbstractEventLoop, Shared] = WeakKeyDictionary()


@asynccontextmanager
async def hold() -> AsyncIterator[None]:
    """Keep this event loop's connections open while inside."""
    loop = asyncio.get_running_loop()
    shared = _pools.setdefault(loop, Shared())
    shared.users += 1
    try:
        yield
    finally:
        shared.users -= 1
        if shared.users == 0:
            lines, shared.lines, shared.names = shared.lines, {}, {}
            for line in lines.values():
                await line.close()


def shared_here() -> Shared:
    """What this loop holds. Raises KeyError outside `hold()`."""
    return _pools[asyncio.get_running_loop()]
