"""A WebSocket through the same door: judged address, checked network, no redirects, bounded in time and size.

    async with client.socket("wss://relay.example") as line:
        await line.send('["REQ","a",{}]')
        said = await line.receive()

A https address stands for wss, http for ws. It is opened by aiohttp, since the library of the other calls speaks no WebSocket.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import Any, Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from kitestring.kit.http.answer import Answer
from kitestring.kit.http.deadline import time_left
from kitestring.kit.http.errors import HostRefused, NoAnswer, NotOpened, NotSent, TooLarge
from kitestring.kit.http.wire import addresses_within

TO_CLOSE: Final = 2.0  # seconds for the other side to say goodbye
SCHEMES: Final = {"wss": "https", "ws": "http"}


def as_http(text: str) -> str:
    """The address a WebSocket begins at: https for wss, http for ws, any other as it is."""
    scheme, mark, rest = text.partition("://")
    return f"{SCHEMES.get(scheme.lower(), scheme)}{mark}{rest}"


class Socket:
    """An open line for texts. All that is done on it ends by one moment, `until` (the loop's time, seconds)."""

    def __init__(self, line: aiohttp.ClientWebSocketResponse[Any], host: str, until: float) -> None:
        self._line, self._host, self._until = line, host, until

    async def send(self, text: str) -> None:
        """Hand the text over. Raises NoAnswer when the line is broken: whether it arrived nobody knows."""
        try:
            await self._line.send_str(text)
        except (aiohttp.ClientError, OSError, RuntimeError) as error:
            raise NoAnswer(f"{self._host} hung up ({type(error).__name__})") from error

    async def receive(self) -> str:
        """The next text. Raises NoAnswer when the line ends or time is up, TooLarge when it is too long."""
        left = self._until - asyncio.get_running_loop().time()
        if left <= 0:
            raise NoAnswer(f"{self._host} said nothing in time")
        try:
            said = await self._line.receive(timeout=left)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise NoAnswer(f"{self._host} said nothing in time ({type(error).__name__})") from error
        if said.type is aiohttp.WSMsgType.TEXT:
            return str(said.data)
        if self._line.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG:
            raise TooLarge(f"a message of {self._host} is longer than we take")
        raise NoAnswer(f"{self._host} hung up ({said.type.name.lower()})")


class _Pinned(AbstractResolver):
    """Leads the one host to the addresses that were judged, and no other host anywhere."""

    def __init__(self, host: str, addresses: tuple[str, ...]) -> None:
        self._host, self._addresses = host, addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host.rstrip(".") != self._host.rstrip("."):
            raise HostRefused(f"{host} was not asked for")
        return [_led(host, port, address) for address in self._addresses]

    async def close(self) -> None:
        """Nothing is held."""


def _led(host: str, port: int, address: str) -> ResolveResult:
    family = socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET
    return ResolveResult(
        hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST
    )


@asynccontextmanager
async def open_socket(
    address: URL, headers: dict[str, str], *, total: float, connect: float, max_bytes: int, loopback: bool
) -> AsyncIterator[Socket]:
    """The line to a judged http(s) address. Raises HostRefused, NotSent, NoAnswer or NotOpened (an answer, but no line)."""
    host, port = address.raw_host or "", address.port or 0
    seconds = min(total, time_left())
    until = asyncio.get_running_loop().time() + seconds
    addresses = await addresses_within(host, port, min(connect, seconds), loopback)

    async def only_there(
        request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        if request.url != address:  # a redirect: it was not judged
            raise HostRefused("the address leads elsewhere")
        return await handler(request)

    limits = aiohttp.ClientTimeout(total=seconds, sock_connect=min(connect, seconds))
    wires = aiohttp.TCPConnector(resolver=_Pinned(host, addresses), use_dns_cache=False, force_close=True)
    async with aiohttp.ClientSession(
        connector=wires, timeout=limits, middlewares=(only_there,), cookie_jar=aiohttp.DummyCookieJar()
    ) as there:
        line = await _opened(there, address, headers, max_bytes)
        try:
            yield Socket(line, host, until)
        finally:
            await line.close()


async def _opened(
    there: aiohttp.ClientSession, address: URL, headers: dict[str, str], max_bytes: int
) -> aiohttp.ClientWebSocketResponse[Any]:
    host = address.host
    try:
        return await there.ws_connect(
            address,
            headers=headers,
            max_msg_size=max_bytes,
            timeout=aiohttp.ClientWSTimeout(ws_receive=None, ws_close=TO_CLOSE),
        )
    except aiohttp.WSServerHandshakeError as error:
        told = {key.lower(): value for key, value in (error.headers or {}).items()}
        raise NotOpened(f"{host} opened no line ({error.status})", Answer(error.status, told, b"")) from error
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise NotSent(f"{host} could not be reached ({type(error).__name__})") from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        # Only the wish for a line was sent, and no line was had: surely nothing was said on it.
        raise NotSent(f"{host} opened no line ({type(error).__name__})") from error
