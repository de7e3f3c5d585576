"""The only way a name becomes an address: by the system, and only what may be connected to is kept."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import ip_address

from kitestring.kit.http.errors import HostRefused
from kitestring.kit.http.guard import may_connect, names_loopback


async def addresses_of(host: str, port: int, allow_loopback: bool) -> tuple[str, ...]:
    """Every address of the name that may be connected to, in the system's order.

    Raises OSError (no such name) or HostRefused (only private ones).
    """
    # In a thread of ours: the loop's own way has four threads, and four names that nobody answers for would hold up all.
    found = await asyncio.to_thread(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    loopback_only = names_loopback(host, None)
    kept: dict[str, None] = {}
    for _kind, _type, _proto, _name, where in found:
        address = ip_address(str(where[0]).partition("%")[0])
        if loopback_only and not address.is_loopback:
            continue
        if may_connect(address, allow_loopback):
            kept[str(address)] = None
    if not kept:
        raise HostRefused(f"{host} does not lead to a public address")
    return tuple(kept)
