"""What every test stands on. The database and the data folder come from tests/database.py."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from whitenoise.middleware import WhiteNoiseMiddleware

pytest_plugins = ["tests.world", "tests.browser", "tests.chaos.report"]


class SocketClosed(AssertionError):
    """A test tried to leave this machine."""


def _stays_here(host: object) -> bool:
    name = str(host.decode() if isinstance(host, bytes) else host).strip("[]").partition("%")[0]
    if name in {"", "localhost", "None"} or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


@pytest.fixture(autouse=True, scope="session")
def static_files_read_once() -> Iterator[None]:
    """Every test's client builds the middleware anew, and that reads every built file: once a process is enough."""
    read: dict[str, object] = {}
    read_all = WhiteNoiseMiddleware.add_files_from_finders

    def remembered(self: WhiteNoiseMiddleware) -> None:
        if not read:
            read_all(self)
            read.update(self.files)
        self.files.update(read)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", remembered)
        yield


@pytest.fixture(autouse=True, scope="session")
def sockets_only_here() -> Iterator[None]:
    """Only loopback and unix sockets: a test that needs the world is a test of the world."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _stays_here(address[0]):
            raise SocketClosed(f"A test tried to reach {address[0]}; only this machine may be reached.")
        connect(self, address)

    def look_up_here(host: Any, *rest: Any, **more: Any) -> Any:
        if host is not None and not _stays_here(host):
            flags = more.get("flags", rest[4] if len(rest) > 4 else 0)
            if not flags & socket.AI_NUMERICHOST and not _is_address(host):
                raise SocketClosed(f"A test tried to look up {host}; only this machine may be reached.")
        return look_up(host, *rest, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        patch.setattr(socket, "getaddrinfo", look_up_here)
        yield


def _is_address(host: object) -> bool:
    try:
        ipaddress.ip_address(str(host))
    except ValueError:
        return False
    return True
