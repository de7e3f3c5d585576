"""The part that speaks HTTP: a call goes out, an answer comes back, or it is told exactly how far it got.

Names are resolved and judged by us (`resolver`), and each line is pinned to one checked address: the library is never asked
to look a name up. It retries nothing by itself but a request of which not a byte was written. A call that is cancelled goes
on in it: only a call's own time ends it, so every call has one (`deadline`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from datetime import timedelta
from functools import cached_property, lru_cache
from ipaddress import ip_address
from typing import Final

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import BuilderError, DetailedPyreqwestError, PyreqwestError
from pyreqwest.http import Url
from pyreqwest.response import Response

from kitestring.kit.http.answer import Answer
from kitestring.kit.http.bodies import with_body
from kitestring.kit.http.call import Call
from kitestring.kit.http.deadline import time_left
from kitestring.kit.http.errors import HostRefused, NoAnswer, NotSent, TooLarge
from kitestring.kit.http.pool import Place, shared_here
from kitestring.kit.http.resolver import addresses_of

IDLE: Final = timedelta(seconds=15)  # an unused connection is closed then: the other side may have done so
MOST_LINES: Final = 500  # kept open; beyond that the oldest is given up
MOST_ADDRESSES: Final = 4  # of one host are tried, each for its share of the time
TO_CONNECT: Final = (
    0.8  # of a call's time at most, so that connecting ends before it: then surely nothing was sent
)
NAME_HOLDS: Final = 10.0  # seconds for which what a name led to is not asked again
# What the library calls an error of connecting may also be an answer that did not come in time, or a connection that ended
# after the request was written. Only where this is among its causes has surely nothing been sent.
CONNECTING: Final = "client error (Connect)"


async def exchange(call: Call, allow_loopback: bool) -> Answer:
    """One call, no redirects followed. Raises HostRefused, FileGone, NotSent, NoAnswer or TooLarge."""
    whole = call.address.extend_query(call.params) if call.params else call.address
    port = whole.port or 0
    url, host = _as_read_there(str(whole), whole.raw_host or "", port)
    loop = asyncio.get_running_loop()
    until = loop.time() + min(call.total, time_left())
    share = call.total * TO_CONNECT
    addresses = await addresses_within(host, port, min(call.connect, share), allow_loopback)
    connect = min(call.connect, share / len(addresses))
    for nth, address in enumerate(addresses):
        left = until - loop.time()
        if left <= 0:
            break
        try:
            answer = await _ask(call, url, _line(host, port, address, connect), left)
        except NotSent:
            if nth == len(addresses) - 1:
                raise
        else:
            if nth:
                shared_here().reached[host, port] = address
            return answer
    raise NotSent(f"{call.address.host} could not be reached (no time left)")


@lru_cache(512)
def _as_read_there(text: str, host: str, port: int) -> tuple[Url, str]:
    """The address as the library reads it, and its host. It must find the host and port in it that were judged."""
    try:
        url = Url(text)
    except ValueError:
        raise HostRefused("the address cannot be read") from None
    read = url.host_str or ""
    if (read.strip("[]"), url.port_or_known_default) != (host, port):
        raise HostRefused("the address can be read in two ways")
    return url, read


async def _ask(call: Call, url: Url, line: Client, seconds: float) -> Answer:
    host = call.address.host
    with ExitStack() as files:
        try:
            started = line.request(call.method, url).timeout(timedelta(seconds=seconds))
            try:
                ready = with_body(started, call, files).build_streamed()
            except ValueError:  # a header that is none
                raise HostRefused("the call cannot be put together") from None
            async with ready as response:
                body = await _read(response, call.max_bytes)
                return Answer(response.status, _Headers(response), body)
        except BuilderError:
            raise HostRefused("the call cannot be put together") from None
        except (PyreqwestError, TimeoutError, OSError) as error:
            if _never_connected(error):
                raise NotSent(f"{host} could not be reached ({type(error).__name__})") from error
            raise NoAnswer(f"{host} gave no whole answer ({type(error).__name__})") from error


def _never_connected(error: Exception) -> bool:
    causes = error.details["causes"] if isinstance(error, DetailedPyreqwestError) else None
    return any(cause["message"] == CONNECTING for cause in causes or ())


async def addresses_within(host: str, port: int, seconds: float, allow_loopback: bool) -> tuple[str, ...]:
    """Where the host may be reached, first where it was last; what was found out a moment ago still holds."""
    if literal := _literal(host):
        return (literal,)
    names, now = shared_here().names, asyncio.get_running_loop().time()
    holds, found = names.get((host, port, allow_loopback), (0.0, ()))
    if holds <= now:
        try:
            async with asyncio.timeout(seconds):
                found = await addresses_of(host, port, allow_loopback)
        except OSError as error:  # TimeoutError is one
            raise NotSent(f"{host} could not be reached ({type(error).__name__})") from error
        except UnicodeError:  # an empty or an overlong label
            raise HostRefused("the address cannot be read") from None
        names[host, port, allow_loopback] = now + NAME_HOLDS, found
    reached = shared_here().reached.get((host, port))
    first = (reached,) if reached in found else ()
    return (*first, *(one for one in found if one != reached))[:MOST_ADDRESSES]


@lru_cache(512)
def _literal(host: str) -> str:
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        return ""


def _line(host: str, port: int, address: str, connect: float) -> Client:
    """The line to this very address; only valid inside `hold()`. No cookies are kept: accounts share connections."""
    lines = shared_here().lines
    place: Place = (host, port, address, connect)
    line = lines.get(place)
    if line is None:
        line = lines[place] = _built(host, port, address, connect)
        while len(lines) > MOST_LINES:
            del lines[next(iter(lines))]  # whoever is at it still has it; its connections end with it
    return line


def _built(host: str, port: int, address: str, connect: float) -> Client:
    made = ClientBuilder().no_proxy().follow_redirects(enable=False).referer(enable=False)
    made = made.connect_timeout(timedelta(seconds=connect)).pool_idle_timeout(IDLE)
    # An answer with a header that is none is an answer all the same: without it nobody would know what became of a post.
    made = made.http1_ignore_invalid_headers_in_responses(True)
    made = made.http1_allow_spaces_after_header_name_in_responses(True)
    made = made.http1_allow_obsolete_multiline_headers_in_responses(True)
    return made.build() if _literal(host) else made.resolve(host, address, port).build()


async def _read(response: Response, most: int) -> bytes:
    told = response.get_header("content-length")
    # Where both are there, the chunks are what counts.
    if told is not None and told.isdigit() and response.get_header("transfer-encoding") is None:
        if int(told) > most:
            raise TooLarge(f"an answer of {told} bytes is more than {most}")
        return (await response.bytes()).to_bytes()  # as many as were told, and no more
    chunks, size = [], 0
    while (chunk := await response.body_reader.read_chunk()) is not None:
        size += len(chunk)
        if size > most:
            raise TooLarge(f"an answer of more than {most} bytes")
        chunks.append(chunk.to_bytes())
    return b"".join(chunks)


class _Headers(Mapping[str, str]):
    """The answer's, put together by whoever first looks at one: nobody does where a post was simply taken."""

    def __init__(self, response: Response) -> None:
        self._response = response

    @cached_property
    def _lower(self) -> dict[str, str]:
        try:
            found = list(self._response.headers.items())
        except ValueError:  # a value that is no ASCII: no header of ours, and no reason to lose the answer
            found = list(_readable(self._response))
        lower = dict(found)  # their names come in lower case
        if len(lower) < len(found):
            lower.clear()
            for name, value in found:
                lower[name] = f"{lower[name]}, {value}" if name in lower else value
        return lower

    def __getitem__(self, name: str) -> str:
        return self._lower[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lower)

    def __len__(self) -> int:
        return len(self._lower)


def _readable(response: Response) -> Iterator[tuple[str, str]]:
    for name in dict.fromkeys(response.headers):
        with suppress(ValueError):
            yield from ((name, value) for value in response.get_header_all(name))
