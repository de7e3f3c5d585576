"""Decides which addresses may be called: named hosts only, public networks only, the checked address pinned.

The resolver (`resolver.py`) is the only way a name becomes an address, and the connection goes to exactly what it
returned, so a name cannot point elsewhere between the check and the call (DNS rebinding).
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from yarl import URL

from kitestring.kit.http.errors import HostRefused

Address = IPv4Address | IPv6Address
_NAT64 = int(IPv6Address("64:ff9b::")) >> 32
# The only part of IPv6 that is the public internet (RFC 4291, 2.4); the rest leads to this machine or this network.
_PUBLIC = IPv6Network("2000::/3")
# Set aside by IANA's registries of special addresses, though `is_global` lets some or all of them pass: protocol
# assignments (RFC 6890), the old 6to4 relays (RFC 7526), documentation (RFC 9637).
_SET_ASIDE = IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"), IPv6Network("3fff::/20")
_WRITTEN = re.compile(r"[!-~]+")  # letters that an address may be made of: what is left to encode are others


def inner(address: Address) -> Address:
    """The IPv4 address inside a mapped, 6to4, Teredo or NAT64 one; otherwise the address itself."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address.sixtofour:
            return address.sixtofour
        if address.teredo:
            return address.teredo[1]
        if int(address) >> 32 == _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def may_connect(address: Address, allow_loopback: bool) -> bool:
    """Public addresses only; loopback when that is explicitly allowed."""
    real = inner(address)
    if real.is_loopback:
        return allow_loopback
    if isinstance(real, IPv6Address) and real not in _PUBLIC:
        return False
    if any(real in network for network in _SET_ASIDE):
        return False
    return real.is_global and not real.is_multicast


def host_matches(pattern: str, url: URL) -> bool:
    """Whether an allowed pattern covers the address: "host", "host:port", "*.host" (below it) or "*"."""
    host, port = (url.host or "").lower().rstrip("."), url.port
    wanted = pattern.lower().rstrip(".")
    if wanted == "*":
        return True
    name, colon, number = wanted.rpartition(":")
    if colon and number.isdigit() and not (":" in name and not name.endswith("]")):
        if int(number) != port:
            return False
        wanted = name
    wanted = wanted.strip("[]")
    return host.endswith(wanted[1:]) if wanted.startswith("*.") else host == wanted


@lru_cache(maxsize=2048)
def check_url(text: str, allowed: tuple[str, ...], allow_loopback: bool) -> URL:
    """The address, if it may be called. Raises HostRefused otherwise; names are resolved later.

    An address is judged by its own letters alone, so the same one need not be judged twice.
    """
    try:
        url = URL(text)
        host, literal = url.host or "", _literal(url.host or "")
    except ValueError:
        raise HostRefused("the address cannot be read") from None
    if url.scheme not in ("http", "https") or not host or url.user or url.password:
        raise HostRefused("only http and https addresses without user info are called")
    if not any(host_matches(pattern, url) for pattern in allowed):
        raise HostRefused(f"{host} is not one of the hosts this may call")
    if literal is not None and not may_connect(literal, allow_loopback):
        raise HostRefused(f"{host} is not a public address")
    if url.scheme == "http" and not (allow_loopback and names_loopback(host, literal)):
        raise HostRefused(f"{host} is asked for without encryption (https)")
    return _as_written(url, text)


def _as_written(url: URL, text: str) -> URL:
    """The judged address, its path and query as the caller encoded them: some servers tell %3A in an id from a colon."""
    if "%" not in text or not _WRITTEN.fullmatch(text):
        return url
    raw = URL(text, encoded=True)
    return URL.build(
        scheme=url.scheme, host=url.raw_host or "", port=url.explicit_port,
        path=raw.raw_path, query_string=raw.raw_query_string, encoded=True,
    )  # fmt: skip


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None


def names_loopback(host: str, literal: Address | None) -> bool:
    if literal is not None:
        return literal.is_loopback
    name = host.lower().rstrip(".")
    return name == "localhost" or name.endswith(".localhost")
