"""How far a call got that failed: not sent, or unclear. What is told wrong here doubles a post or loses it."""

from __future__ import annotations

import asyncio
import socket

import pytest
from aiohttp import web

from kitestring.kit.http import Client, NoAnswer, NotSent, TooLarge, hold
from kitestring.kit.http.tests.gate import Gate
from kitestring.kit.http.tests.ground import answers_with, hangs_up_at, hello, local, raw, served


async def test_nobody_listening_means_not_sent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with local() as client:
        with pytest.raises(NotSent):
            await client.request("POST", f"http://127.0.0.1:{port}/", json={})


async def test_an_unknown_name_means_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(host: str, port: int, **_: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    async with Client(("*",)) as client:
        with pytest.raises(NotSent):
            await client.request("GET", "https://nowhere.example/")


async def test_a_dropped_connection_is_unclear() -> None:
    async with raw(b"") as base, local() as client:
        with pytest.raises(NoAnswer):
            await client.request("POST", base, json={})


@pytest.mark.parametrize(
    "cut",
    [
        b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"id": 1',
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
        b"HTTP/1.1 200",
        b"not http at all\r\n\r\n",
    ],
)
async def test_a_cut_off_or_garbled_answer_is_unclear(cut: bytes) -> None:
    async with raw(cut) as base, local() as client:
        with pytest.raises(NoAnswer):
            await client.request("POST", base, json={})


async def test_an_answer_is_not_lost_for_an_odd_header() -> None:
    said = "HTTP/1.1 200 OK\r\nX-Name: cà phê\r\nX-Plain: yes\r\nx-plain: also\r\nContent-Length: 2\r\n\r\nok"
    async with raw(said.encode()) as base, local() as client:
        answer = await client.request("POST", base, json={})
    assert (answer.body, answer.headers["x-plain"]) == (b"ok", "yes, also")


async def test_a_kept_connection_that_ends_is_unclear_and_nothing_is_asked_twice() -> None:
    """The library takes this for an error of connecting, and on a kept connection others ask again: a post would be doubled."""
    async with hangs_up_at(2) as (base, asked), hold(), local() as client:
        assert (await client.request("POST", base, json={})).ok
        with pytest.raises(NoAnswer):
            await client.request("POST", base, json={})
        await asyncio.sleep(0.05)
    assert asked == [b"{}", b"{}"]


async def test_a_connection_that_is_never_made_means_not_sent() -> None:
    """A server whose queue is full answers nobody: connecting ends before the call's own time does."""
    gate = Gate()
    async with local(timeout=0.5) as client:
        with pytest.raises(NotSent):
            await client.request("POST", f"http://127.0.0.1:{gate.port}", json={})
    gate.close()


async def test_a_server_that_never_speaks_tls_means_not_sent() -> None:
    async with raw(b"", hold_open=2) as base, local(timeout=0.5) as client:
        with pytest.raises(NotSent):
            await client.request("POST", base.replace("http:", "https:"), json={})


async def test_the_next_address_is_tried_where_one_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(hello) as base:
        port = int(base.rpartition(":")[2])
        asked = answers_with(monkeypatch, [("127.0.0.9", port), ("127.0.0.1", port)])
        async with Client(("*.localhost",), allow_loopback=True) as client:
            answer = await client.request("GET", f"http://shop.localhost:{port}/")
    assert answer.ok
    assert asked == ["shop.localhost"]


async def test_a_slow_trickle_ends_at_the_time_limit() -> None:
    async def trickle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(50):
            await response.write(b"x")
            await asyncio.sleep(0.05)
        return response

    async with served(trickle) as base, local(timeout=0.3) as client:
        with pytest.raises(NoAnswer):
            await client.request("GET", base)


async def test_silence_ends_at_the_calls_own_time_limit() -> None:
    async with raw(b"", hold_open=2) as base, local() as client:
        with pytest.raises(NoAnswer):
            await client.request("POST", base, json={}, timeout=0.2)


@pytest.mark.parametrize("declared", [True, False])
async def test_an_answer_over_the_limit_is_dropped(declared: bool) -> None:
    async def big(request: web.Request) -> web.StreamResponse:
        if declared:
            return web.Response(body=b"x" * 5000)
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"x" * 5000)
        return response

    async with served(big) as base, local(max_bytes=1000) as client:
        with pytest.raises(TooLarge):
            await client.request("GET", base)


async def test_a_length_told_beside_chunks_does_not_lift_the_limit() -> None:
    chunks = b"1388\r\n" + b"x" * 5000 + b"\r\n0\r\n\r\n"
    said = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n" + chunks
    async with raw(said) as base, local(max_bytes=1000) as client:
        with pytest.raises(TooLarge):
            await client.request("GET", base)


@pytest.mark.parametrize("odd", [b"X : a", b"X: a\r\n b", b"X: a\x01b", b"no header at all"])
async def test_an_answer_is_not_lost_for_a_header_that_is_none(odd: bytes) -> None:
    said = b"HTTP/1.1 200 OK\r\n" + odd + b"\r\nContent-Length: 2\r\n\r\nok"
    async with raw(said) as base, local() as client:
        assert (await client.request("POST", base, json={})).body == b"ok"


async def test_a_call_without_a_body_says_so() -> None:
    told: list[str | None] = []

    async def note(request: web.Request) -> web.Response:
        told.append(request.headers.get("Content-Length"))
        return web.Response()

    async with served(note) as base, local() as client:
        await client.request("POST", base)
        await client.request("GET", base)
    assert told == ["0", None]
