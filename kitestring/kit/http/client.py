"""A client that may call only the hosts it was built for, and says exactly how far a failed call got."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from kitestring.kit.http import pool
from kitestring.kit.http.answer import Answer
from kitestring.kit.http.errors import FileGone, HostRefused, NoAnswer, NotSent, TooLarge
from kitestring.kit.http.guard import check_url
from kitestring.kit.http.redact import redact_url

if TYPE_CHECKING:
    import aiohttp

log = logging.getLogger("kitestring.http")
try:
    AGENT = f"Kitestring/{version('kitestring')}"
except PackageNotFoundError:
    AGENT = "Kitestring/0"


@dataclass(frozen=True)
class Part:
    """One part of a multipart form: a text, bytes, or a file that is streamed from disk."""

    name: str
    value: str | bytes | Path
    filename: str = ""
    mime: str = ""


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
        held = pool.hold()
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
        """One call, no redirects followed (a 3xx is returned as it is).

        Raises HostRefused, FileGone, NotSent, NoAnswer or TooLarge.
        """
        import aiohttp  # see `pool`

        address = check_url(url, self.allowed, self.allow_loopback)
        total = timeout or self.timeout
        limits = aiohttp.ClientTimeout(total=total, connect=min(self.connect_timeout, total * 0.9))
        started = time.monotonic()
        with ExitStack() as files:
            data = _body(form, content, parts, files)
            try:
                async with pool.session_for(self.allow_loopback).request(
                    method,
                    address,
                    headers={"User-Agent": AGENT, **(headers or {})},
                    params=params,
                    json=json,
                    data=data,
                    timeout=limits,
                    allow_redirects=False,
                ) as response:
                    body = await _read(response, self.max_bytes)
                    answer = Answer(response.status, _lower(response.headers), body)
            except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
                raise NotSent(f"{address.host} could not be reached ({type(error).__name__})") from error
            except aiohttp.InvalidURL:
                raise HostRefused("the address cannot be read") from None
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                raise NoAnswer(f"{address.host} gave no whole answer ({type(error).__name__})") from error
        if log.isEnabledFor(logging.DEBUG):
            took = (time.monotonic() - started) * 1000
            log.debug("%s %s %s %.0fms", method, redact_url(url), answer.status, took)
        return answer


def _body(
    form: Mapping[str, str] | None,
    content: bytes | Path | None,
    parts: Sequence[Part] | None,
    files: ExitStack,
) -> Any:
    """The request body for aiohttp; files stay open until `files` closes."""
    if parts is not None:
        import aiohttp

        data = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
        for part in parts:
            value: Any = part.value
            if isinstance(value, Path):
                value = _opened(value, files)
            filename = re.sub(r'["\\\r\n]', "_", part.filename)
            data.add_field(part.name, value, filename=filename or None, content_type=part.mime or None)
        return data
    if isinstance(content, Path):
        return _opened(content, files)
    if content is not None:
        return content
    return dict(form) if form is not None else None


def _opened(path: Path, files: ExitStack) -> Any:
    try:
        return files.enter_context(path.open("rb"))
    except OSError as error:
        raise FileGone(f"{path.name} cannot be read ({type(error).__name__})") from error


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes:
    if (response.content_length or 0) > most:
        response.close()
        raise TooLarge(f"an answer of {response.content_length} bytes is more than {most}")
    chunks, size = [], 0
    async for chunk in response.content.iter_chunked(65536):
        size += len(chunk)
        if size > most:
            response.close()
            raise TooLarge(f"an answer of more than {most} bytes")
        chunks.append(chunk)
    return b"".join(chunks)


def _lower(headers: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in headers.items():
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found
