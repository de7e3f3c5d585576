"""The part that speaks aiohttp: a call goes out, an answer comes back, or it is told exactly how far it got."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import aiohttp

from kitestring.kit.http.answer import Answer
from kitestring.kit.http.call import Call, Part
from kitestring.kit.http.errors import FileGone, HostRefused, NoAnswer, NotSent, TooLarge
from kitestring.kit.http.pool import shared_here
from kitestring.kit.http.resolver import GuardedResolver

CONNECTIONS: Final = 256


async def exchange(call: Call, allow_loopback: bool) -> Answer:
    """One call, no redirects followed. Raises HostRefused, FileGone, NotSent, NoAnswer or TooLarge."""
    host = call.address.host
    with ExitStack() as files:
        data, headers = _body(call.form, call.content, call.parts, files), call.headers
        if call.json is not None:
            # As aiohttp would, without its payload for a text that may be long.
            data, headers = json.dumps(call.json).encode(), {"Content-Type": "application/json", **headers}
        try:
            async with session_for(allow_loopback).request(
                call.method,
                call.address,
                headers=headers,
                params=call.params,
                data=data,
                timeout=_limits(call.total, call.connect),
                allow_redirects=False,
            ) as response:
                body = await _read(response, call.max_bytes)
                return Answer(response.status, _lower(response.headers), body)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(f"{host} could not be reached ({type(error).__name__})") from error
        except aiohttp.InvalidURL:
            raise HostRefused("the address cannot be read") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NoAnswer(f"{host} gave no whole answer ({type(error).__name__})") from error


@lru_cache(64)
def _limits(total: float, connect: float) -> aiohttp.ClientTimeout:
    """The same few are asked for again and again."""
    return aiohttp.ClientTimeout(total=total, connect=connect)


def session_for(allow_loopback: bool) -> aiohttp.ClientSession:
    """The session of this loop; only valid inside `hold()`. No cookies are kept: accounts share connections."""
    shared = shared_here()
    if allow_loopback not in shared.sessions:
        connector = aiohttp.TCPConnector(
            resolver=GuardedResolver(allow_loopback), limit=CONNECTIONS, ttl_dns_cache=10
        )
        shared.sessions[allow_loopback] = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
        )
    return shared.sessions[allow_loopback]


def _body(
    form: Mapping[str, str] | None,
    content: bytes | Path | None,
    parts: Sequence[Part] | None,
    files: ExitStack,
) -> Any:
    """The request body for aiohttp; files stay open until `files` closes."""
    if parts is not None:
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
    told = response.content_length
    if told is not None and told > most:
        response.close()
        raise TooLarge(f"an answer of {told} bytes is more than {most}")
    if told is not None and "content-encoding" not in response.headers:
        return await response.read()  # as many as were told, and no more
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
