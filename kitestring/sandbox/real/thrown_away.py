"""What every real server here has in common: a folder and processes of its own, and nothing left of either afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from kitestring.sandbox.real.folders import RunFolder
from kitestring.sandbox.real.server import Server


class ThrownAway:
    """`with X() as x:` or `async with X() as x:`; or start() and stop(), from any thread.

    start() raises `Absent` when something is not installed and `ServerFailed` when it does not work; either way
    nothing is left running. say: told, in a sentence, what takes minutes before it does.
    """

    name: str  # of its temporary folder

    def __init__(self, say: Callable[[str], None] | None = None) -> None:
        self.say = say or (lambda _: None)
        self._folder: RunFolder | None = None
        self._servers: list[Server] = []

    def require(self) -> None:
        """Raise `Absent` if something is not installed; install what can be installed without being root."""
        raise NotImplementedError

    def _start_in(self, folder: RunFolder) -> None:
        """Start everything, each server noted in `_servers` as soon as it runs."""
        raise NotImplementedError

    def start(self) -> Self:
        self.require()
        self._folder = RunFolder(self.name)
        try:
            self._start_in(self._folder)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End every process, last started first, and remove every file of this run; harmless when there are none."""
        while self._servers:
            self._servers.pop().stop()
        if self._folder is not None:
            self._folder.remove()
            self._folder = None

    def check(self) -> None:
        """Raise `ServerFailed` with the end of its log if a process has died meanwhile."""
        for server in self._servers:
            server.check()

    def memory(self) -> int:
        """Bytes of memory of all its processes."""
        return sum(server.memory() for server in self._servers)

    @property
    def pids(self) -> list[int]:
        """The process numbers of the servers' leaders."""
        return [server.pid for server in self._servers]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        return await asyncio.to_thread(self.start)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.stop)
