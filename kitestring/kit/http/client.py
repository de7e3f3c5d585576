"""A client that may call only the hosts it was built for, and says exactly how far a failed call got."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kitestring.kit.http.answer import Answer
from kitestring.kit.http.call import Call, Part
from kitestring.kit.http.counted import count
from kitestring.kit.http.guard import check_url
from kitestring.kit.http.pool import hold
from kitestring.kit.http.redact import redact_url
from kitestring.kit.http.sockets import Socket, as_http, open_socket
from kitestring.kit.http.wire import exchange

log = logging.getLogger("kitestring.http")
try:
    AGENT = f"Kitestring/{version('kitestring')}"
except PackageNotFoundError:
    AGENT = "Kitestring/0"


class Client:
    """Calls the `allowed` hosts ("host", "host:port", "*.host", "*" = any public one) over https.

    Times in seconds, `max_bytes` of an answer in bytes. Plain http and private addresses are refused;
    `allow_loopback` opens 127.0.0.1, ::1 and localhost, plain http there too. Use inside `async with`.
    """

    def __init__(
        self,
        allowed: Sequence[str],
        *,
        allow_loopback: bool = False,
        connect_timeout: float = 5.0,
        timeout: float = 20.0,
        max_bytes: int = 20_000_000,
    ) -> None:
        self.allowed = tuple(allowed)
        self.allow_loopback = allow_loopback
        self.connect_timeout = connect_timeout
        self.timeout = timeout
        self.max_bytes = max_bytes
        self._held: list[AbstractAsyncContextManager[None]] = []

    async def __aenter__(self) -> Self:
        held = hold()
        await held.__aenter__()
        self._held.append(held)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._held.pop().__aexit__(None, None, None)

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | Sequence[tuple[str, str]] | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        content: bytes | Path | None = None,
        parts: Sequence[Part] | None = None,
        timeout: float | None = None,
    ) -> Answer:
        """One call, no redirects followed (a 3xx is returned as it is). What `url` has encoded stays so, unless `params` join it.

        Raises HostRefused, FileGone, NotSent, NoAnswer or TooLarge.
        """
        address = check_url(url, self.allowed, self.allow_loopback)
        total = timeout or self.timeout
        started = time.monotonic()
        call = Call(
            method, address, {"User-Agent": AGENT, **(headers or {})}, params, json, form, content, parts,
            total=total, connect=self.connect_timeout, max_bytes=self.max_bytes,
        )  # fmt: skip
        count()
        answer = await exchange(call, self.allow_loopback)
        if log.isEnabledFor(logging.DEBUG):
            took = (time.monotonic() - started) * 1000
            log.debug("%s %s %s %.0fms", method, redact_url(url), answer.status, took)
        return answer

    @asynccontextmanager
    async def socket(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        max_bytes: int = 2_000_000,
    ) -> AsyncIterator[Socket]:
        """A WebSocket, open while inside; `timeout` holds for all that is done on it, `max_bytes` for one message.

        Raises HostRefused, NotSent or NotOpened; inside, NoAnswer or TooLarge.
        """
        address = check_url(as_http(url), self.allowed, self.allow_loopback)
        told = {"User-Agent": AGENT, **(headers or {})}
        count()
        async with open_socket(
            address,
            told,
            total=timeout or self.timeout,
            connect=self.connect_timeout,
            max_bytes=max_bytes,
            loopback=self.allow_loopback,
        ) as line:
            log.debug("WebSocket %s", redact_url(str(address)))
            yield line
