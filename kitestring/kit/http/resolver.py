"""The only way a name becomes an address: by the system, and only what may be connected to is kept."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import ip_address

from aiohttp.abc import AbstractResolver, ResolveResult

from kitestring.kit.http.errors import HostRefused
from kitestring.kit.http.guard import may_connect, names_loopback


class GuardedResolver(AbstractResolver):
    """Resolves by the system and keeps only addresses that may be connected to."""

    def __init__(self, allow_loopback: bool) -> None:
        self._allow_loopback = allow_loopback

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Every allowed address of the name. Raises OSError (no such name) or HostRefused (only private ones)."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
        loopback_only = names_loopback(host, None)
        kept: list[ResolveResult] = []
        for kind, _, proto, _, where in found:
            address = ip_address(str(where[0]).partition("%")[0])
            if loopback_only and not address.is_loopback:
                continue
            if may_connect(address, self._allow_loopback):
                flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
                kept.append(
                    ResolveResult(
                        hostname=host, host=str(address), port=port, family=kind, proto=proto, flags=flags
                    )
                )
        if not kept:
            raise HostRefused(f"{host} does not lead to a public address")
        return kept

    async def close(self) -> None:
        """Nothing is held."""
