"""The client against a real server on loopback: what it refuses, and how it tells the ways of failing apart."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from aiohttp import web

from kitestring.kit.http import (
    Client,
    FileGone,
    HostRefused,
    NoAnswer,
    NotJson,
    NotSent,
    Part,
    TooLarge,
    hold,
    wire,
)
from kitestring.kit.http import guard as guards

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def served(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    try:
        yield f"http://127.0.0.1:{port}"
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


def local(**more: object) -> Client:
    return Client(("127.0.0.1", "localhost"), allow_loopback=True, **more)  # type: ignore[arg-type]


async def hello(request: web.Request) -> web.Response:
    return web.json_response({"path": request.path_qs, "agent": request.headers["User-Agent"]})


async def test_a_plain_call_comes_back_whole() -> None:
    async with served(hello) as base, local() as client:
        answer = await client.request("GET", f"{base}/a", params={"q": "xin chào"})
    assert answer.ok
    assert answer.json()["path"] == "/a?q=xin+ch%C3%A0o"
    assert answer.json()["agent"].startswith("Kitestring/")
    assert answer.headers["content-type"].startswith("application/json")


async def test_hosts_not_allowed_are_refused_before_anything_leaves() -> None:
    seen: list[str] = []

    async def note(request: web.Request) -> web.Response:
        seen.append(request.path)
        return web.Response()

    async with served(note) as base, Client(("example.org",), allow_loopback=True) as client:
        with pytest.raises(HostRefused):
            await client.request("GET", base)
    assert seen == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://10.0.0.8/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[fd00::1]/",
        "https://[fec0::1]/",
        "https://[::127.0.0.1]/",
        "https://[::ffff:0:127.0.0.1]/",
        "https://[64:ff9b:1::a00:1]/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://localhost/",
        "http://93.184.216.34/",
        "https://name:word@example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://",
        "no address at all",
    ],
)
async def test_private_plain_and_odd_addresses_are_refused(url: str) -> None:
    async with Client(("*",)) as client:
        with pytest.raises(HostRefused):
            await client.request("GET", url)


async def test_a_public_name_leading_home_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(hello) as base, Client(("*",)) as client:
        port = int(base.rpartition(":")[2])
        answers_with(monkeypatch, [("127.0.0.1", port), ("10.1.2.3", port)])
        with pytest.raises(HostRefused):
            await client.request("GET", f"https://innocent.example:{port}/")


async def test_the_checked_address_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """One look-up per connection: a name that changes its answer is never asked a second time."""
    async with served(hello) as base:
        port = int(base.rpartition(":")[2])
        asked = answers_with(monkeypatch, [("127.0.0.1", port)], [("10.0.0.1", port)])
        async with Client(("*.localhost",), allow_loopback=True) as client:
            answer = await client.request("GET", f"http://shop.localhost:{port}/")
    assert answer.ok
    assert asked == ["shop.localhost"]


def answers_with(monkeypatch: pytest.MonkeyPatch, *rounds: list[tuple[str, int]]) -> list[str]:
    asked: list[str] = []

    async def getaddrinfo(self: object, host: str, port: int, **_: object) -> list[object]:
        found = rounds[min(len(asked), len(rounds) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", where) for where in found]

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize(
    "url", ["https://exa%6dple.com/", "https://8.8.2056/", "https://0x8.8.8.8/", "https://134744072/"]
)
async def test_an_address_that_can_be_read_in_two_ways_is_refused(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    """The host that was judged must be the one that is called."""
    answers_with(monkeypatch, [("8.8.8.8", 443)])
    async with Client(("*",)) as client:
        with pytest.raises(HostRefused):
            await client.request("GET", url)


async def test_redirects_are_handed_back_not_followed() -> None:
    seen: list[str] = []

    async def away(request: web.Request) -> web.Response:
        seen.append(request.path)
        raise web.HTTPFound("/elsewhere")

    async with served(away) as base, local() as client:
        answer = await client.request("GET", f"{base}/start")
    assert (answer.status, answer.headers["location"], seen) == (302, "/elsewhere", ["/start"])


async def test_nobody_listening_means_not_sent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with local() as client:
        with pytest.raises(NotSent):
            await client.request("POST", f"http://127.0.0.1:{port}/", json={})


async def test_an_unknown_name_means_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    async def getaddrinfo(self: object, host: str, port: int, **_: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", getaddrinfo)
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
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        there = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(there)
        async with local(timeout=0.5) as client:
            with pytest.raises(NotSent):
                await client.request("POST", f"http://127.0.0.1:{there[1]}", json={})
        for one in waiting:
            one.close()


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


async def test_a_name_is_asked_for_anew_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "NAME_HOLDS", 0.0)
    async with served(hello) as base:
        port = int(base.rpartition(":")[2])
        asked = answers_with(monkeypatch, [("127.0.0.1", port)], [("10.0.0.1", port)])
        async with Client(("*.localhost",), allow_loopback=True) as client:
            await client.request("GET", f"http://shop.localhost:{port}/")
            with pytest.raises(HostRefused):
                await client.request("GET", f"http://shop.localhost:{port}/")
    assert len(asked) == 2


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


async def test_a_web_page_is_not_json() -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(text="<html><h1>Wartung</h1></html>", content_type="text/html")

    async with served(page) as base, local() as client:
        answer = await client.request("GET", base)
    with pytest.raises(NotJson) as caught:
        answer.json()
    assert "Wartung" in caught.value.seen


async def test_bodies_files_and_parts_arrive(tmp_path: Path) -> None:
    file = tmp_path / "tấm ảnh.jpg"
    file.write_bytes(b"\xff\xd8picture")

    async def show(request: web.Request) -> web.Response:
        if request.content_type != "multipart/form-data":
            told = request.content_length  # many take no upload whose size they are not told
            return web.json_response(
                {"size": len(await request.read()), "told": told, "mime": request.content_type}
            )
        form = await request.post()
        sent = form["file"]
        assert isinstance(sent, web.FileField)
        assert request.content_length
        return web.json_response([sent.filename, sent.content_type, len(sent.file.read()), form["note"]])

    async with served(show) as base, local() as client:
        raw_file = await client.request("POST", base, content=file, headers={"Content-Type": "image/jpeg"})
        form = await client.request("POST", base, form={"a": "b c"})
        parts = await client.request(
            "POST", base, parts=[Part("file", file, "ảnh.jpg", "image/jpeg"), Part("note", "chú thích")]
        )
    assert raw_file.json() == {"size": 9, "told": 9, "mime": "image/jpeg"}
    assert form.json() == {"size": 5, "told": 5, "mime": "application/x-www-form-urlencoded"}
    assert parts.json() == ["ảnh.jpg", "image/jpeg", 9, "chú thích"]


async def test_a_file_that_is_gone_is_told_before_anything_leaves(tmp_path: Path) -> None:
    gone = tmp_path / "gone.jpg"
    async with local() as client:
        for body in ({"content": gone}, {"parts": [Part("file", gone)]}):
            with pytest.raises(FileGone):
                await client.request("POST", "http://127.0.0.1:1/", **body)  # type: ignore[arg-type]


async def test_no_cookie_passes_from_one_account_to_the_next() -> None:
    async def bake(request: web.Request) -> web.Response:
        response = web.json_response(dict(request.cookies))
        response.set_cookie("who", "account-one")
        return response

    async with served(bake) as base, hold(), local() as one, local() as two:
        await one.request("GET", base)
        assert (await two.request("GET", base)).json() == {}


async def test_connections_are_kept_while_held_and_closed_after() -> None:
    ports: set[int] = set()

    async def note(request: web.Request) -> web.Response:
        assert request.transport is not None
        ports.add(request.transport.get_extra_info("peername")[1])
        return web.Response()

    async with served(note) as base:
        async with hold():
            for _ in range(3):
                async with local() as client:
                    await client.request("GET", base)
        assert len(ports) == 1
        async with local() as client:
            await client.request("GET", base)
    assert len(ports) == 2


@pytest.mark.parametrize(
    ("pattern", "url", "fits"),
    [
        ("bsky.social", "https://bsky.social/x", True),
        ("bsky.social", "https://evilbsky.social/x", False),
        ("*.bsky.network", "https://morel.host.bsky.network/", True),
        ("*.bsky.network", "https://bsky.network/", False),
        ("*.bsky.network", "https://xbsky.network/", False),
        ("BSKY.social.", "https://bsky.social./", True),
        ("127.0.0.1:80", "http://127.0.0.1/", True),
        ("127.0.0.1:81", "http://127.0.0.1/", False),
        ("[::1]:81", "http://[::1]:81/", True),
    ],
)
def test_patterns(pattern: str, url: str, fits: bool) -> None:
    assert guards.host_matches(pattern, guards.URL(url)) is fits
