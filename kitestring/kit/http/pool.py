"""One pool of connections per event loop, closed when nobody uses it any more.

A worker holds it open for its whole life with `async with hold():`; then all clients share the connections.
aiohttp is loaded by the first who holds: the pages name this module at their start, which it would lengthen by a tenth.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    import aiohttp

CONNECTIONS = 128


@dataclass
class _Shared:
    users: int = 0
    sessions: dict[bool, aiohttp.ClientSession] = field(default_factory=dict)


_pools: WeakKeyDictionary[asyncio.AbstractEventLoop, _Shared] = WeakKeyDictionary()


@asynccontextmanager
async def hold() -> AsyncIterator[None]:
    """Keep this event loop's connections open while inside."""
    from kitestring.kit.http import resolver as _loaded_now_not_at_the_first_call  # noqa: F401

    loop = asyncio.get_running_loop()
    shared = _pools.setdefault(loop, _Shared())
    shared.users += 1
    try:
        yield
    finally:
        shared.users -= 1
        if shared.users == 0:
            sessions, shared.sessions = shared.sessions, {}
            for session in sessions.values():
                await session.close()


def session_for(allow_loopback: bool) -> aiohttp.ClientSession:
    """The session of this loop; only valid inside `hold()`. No cookies are kept: accounts share connections."""
    import aiohttp

    from kitestring.kit.http.resolver import GuardedResolver

    shared = _pools[asyncio.get_running_loop()]
    if allow_loopback not in shared.sessions:
        connector = aiohttp.TCPConnector(
            resolver=GuardedResolver(allow_loopback), limit=CONNECTIONS, ttl_dns_cache=10
        )
        shared.sessions[allow_loopback] = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
        )
    return shared.sessions[allow_loopback]
