"""A port that lets nobody in until it is opened, and then keeps what was said to it."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress


class Gate:
    """Connections wait outside (the queue is full) until `open()`; `said()` is what each said afterwards, for `seconds`."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self._listening = socket.socket()
        self._listening.bind((host, port))
        self._listening.listen(0)
        there = self._listening.getsockname()
        self.port: int = there[1]
        self._queue = [socket.socket() for _ in range(4)]
        for one in self._queue:
            one.setblocking(False)
            one.connect_ex(there)

    def open(self) -> None:
        for one in self._queue:
            one.close()

    async def said(self, seconds: float) -> list[bytes]:
        return await asyncio.to_thread(self._hear, seconds)

    def _hear(self, seconds: float) -> list[bytes]:
        heard = []
        self._listening.settimeout(seconds)
        with suppress(OSError):
            while True:
                there, _ = self._listening.accept()
                there.settimeout(seconds)
                with there, suppress(OSError):
                    heard.append(there.recv(65536))
        return heard

    async def next(self) -> socket.socket:
        """The next connection that comes in."""
        self._listening.setblocking(False)
        inside, _ = await asyncio.get_running_loop().sock_accept(self._listening)
        inside.setblocking(False)
        return inside

    def close(self) -> None:
        self.open()
        self._listening.close()
