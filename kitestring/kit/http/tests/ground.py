"""Servers on loopback that answer, say odd bytes or hang up, and a client that may call them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from aiohttp import web

from kitestring.kit.http import Client

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def served(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def raw(answer: bytes, hold_open: float = 0) -> AsyncIterator[str]:
    """A server that says exactly these bytes and hangs up."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), hold_open)
        writer.close()

    over = asyncio.Event()
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        over.set()
        server.close()
        await asyncio.sleep(0)


def local(*, timeout: float = 20.0, max_bytes: int = 20_000_000) -> Client:
    return Client(("127.0.0.1", "localhost"), allow_loopback=True, timeout=timeout, max_bytes=max_bytes)


async def hello(request: web.Request) -> web.Response:
    return web.json_response({"path": request.path_qs, "agent": request.headers["User-Agent"]})


def answers_with(monkeypatch: pytest.MonkeyPatch, *rounds: list[tuple[str, int]]) -> list[str]:
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **_: object) -> list[object]:
        found = rounds[min(len(asked), len(rounds) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", where) for where in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@asynccontextmanager
async def hangs_up_at(number: int) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that keeps its connections and hangs up in place of its nth answer; with what it was asked."""
    asked: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            while len(asked) < number:
                await reader.readuntil(b"\r\n\r\n")
                asked.append(await reader.readexactly(2))
                if len(asked) < number:
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked
    finally:
        server.close()
