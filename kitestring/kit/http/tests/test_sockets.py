"""The WebSocket's door: the same guard as for calls, and the same honesty about how far it got."""

from __future__ import annotations

import asyncio
import time

import pytest
from aiohttp import web

from kitestring.kit.clock import now
from kitestring.kit.http import (
    Client,
    HostRefused,
    NoAnswer,
    NotOpened,
    NotSent,
    TooLarge,
    as_http,
    ends_by,
    wire,
)
from kitestring.kit.http.tests.ground import hello, local, served


async def echo(request: web.Request) -> web.WebSocketResponse:
    """Says everything back, with who asks and from where on demand; "bye" ends it, "silence" is not answered."""
    line = web.WebSocketResponse()
    await line.prepare(request)
    async for said in line:
        if said.data == "bye":
            break
        if said.data == "agent":
            await line.send_str(request.headers["User-Agent"])
        elif said.data == "much":
            await line.send_str("x" * 5000)
        elif said.data == "bytes":
            await line.send_bytes(b"\x00\xff")
        elif said.data != "silence":
            await line.send_str(said.data)
    return line


@pytest.mark.parametrize("scheme", ["http", "ws"])
async def test_texts_go_there_and_come_back(scheme: str) -> None:
    async with (
        served(echo) as base,
        local() as client,
        client.socket(base.replace("http", scheme) + "/chat?a=1") as line,
    ):
        await line.send("Trà sen 新茶 🍵")
        assert await line.receive() == "Trà sen 新茶 🍵"
        await line.send("agent")
        assert (await line.receive()).startswith("Kitestring/")


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("wss://relay.example/a", "https://relay.example/a"),
        ("WS://127.0.0.1:1", "http://127.0.0.1:1"),
        ("https://a.example", "https://a.example"),
        ("relay.example", "relay.example"),
    ],
)
def test_a_websocket_begins_at_an_http_address(typed: str, address: str) -> None:
    assert as_http(typed) == address


@pytest.mark.parametrize(
    "url",
    [
        "wss://elsewhere.example",
        "ws://relay.example",
        "ws://10.0.0.1",
        "wss://10.0.0.1",
        "ftp://relay.example",
        "wss://a:b@relay.example",
        "wss://[::1]:1",
    ],
)
async def test_what_may_not_be_called_is_not_opened(url: str) -> None:
    client = Client(("relay.example", "10.0.0.1", "[::1]:1"))
    async with client:
        with pytest.raises(HostRefused):
            async with client.socket(url):
                pass


async def test_loopback_is_shut_without_the_setting() -> None:
    async with served(echo) as base, Client(("*",)) as client:
        with pytest.raises(HostRefused):
            async with client.socket(base):
                pass


async def test_a_name_that_leads_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async def found(host: str, port: int, allow_loopback: bool) -> tuple[str, ...]:
        raise HostRefused(f"{host} does not lead to a public address")

    monkeypatch.setattr(wire, "addresses_of", found)
    async with Client(("relay.example",)) as client:
        with pytest.raises(HostRefused):
            async with client.socket("wss://relay.example"):
                pass


async def test_the_connection_goes_to_the_address_that_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name stands for nothing that the system knows: only the judged address can have led there."""

    async def found(host: str, port: int, allow_loopback: bool) -> tuple[str, ...]:
        return ("127.0.0.1",)

    monkeypatch.setattr(wire, "addresses_of", found)
    async with served(echo) as base, Client(("*",), allow_loopback=True) as client:
        port = base.rpartition(":")[2]
        async with client.socket(f"ws://nobody-knows-it.localhost:{port}") as line:
            await line.send("there")
            assert await line.receive() == "there"


@pytest.mark.parametrize("where", ["http://127.0.0.1:{port}/other", "http://localhost:{port}/"])
async def test_a_redirect_is_not_followed(where: str) -> None:
    async def moved(request: web.Request) -> web.StreamResponse:
        if request.path != "/start":
            return await echo(request)
        raise web.HTTPFound(where.format(port=request.url.port))

    async with served(moved) as base, local() as client:
        with pytest.raises(HostRefused):
            async with client.socket(f"{base}/start"):
                pass


async def test_who_opens_no_line_says_what_it_says_instead() -> None:
    async def busy(request: web.Request) -> web.Response:
        return web.Response(status=429, headers={"Retry-After": "7"})

    async with served(busy) as base, local() as client:
        with pytest.raises(NotOpened) as caught:
            async with client.socket(base):
                pass
    assert (caught.value.answer.status, caught.value.answer.headers["retry-after"]) == (429, "7")
    async with served(hello) as base, local() as client:
        with pytest.raises(NotOpened) as caught:
            async with client.socket(base):
                pass
    assert caught.value.answer.status == 200


async def test_nobody_there_is_not_sent() -> None:
    async with local() as client:
        with pytest.raises(NotSent):
            async with client.socket("ws://127.0.0.1:1"):
                pass


@pytest.mark.parametrize("said", ["bye", "bytes"])
async def test_a_line_that_ends_or_says_no_text_is_no_answer(said: str) -> None:
    async with served(echo) as base, local() as client, client.socket(base) as line:
        await line.send(said)
        with pytest.raises(NoAnswer):
            await line.receive()


async def test_silence_ends_with_the_time_of_the_whole() -> None:
    async with served(echo) as base, local() as client, client.socket(base, timeout=0.6) as line:
        begun = time.monotonic()
        await line.send("silence")
        with pytest.raises(NoAnswer):
            await line.receive()
        with pytest.raises(NoAnswer):
            await line.receive()
        assert time.monotonic() - begun < 3


async def test_it_ends_when_everything_must_end() -> None:
    async with served(echo) as base, local() as client:
        with ends_by(asyncio.get_running_loop().time() + 0.5):
            async with client.socket(base) as line:
                await line.send("silence")
                with pytest.raises(NoAnswer):
                    await line.receive()


async def test_a_message_that_is_too_long_is_dropped() -> None:
    async with served(echo) as base, local() as client, client.socket(base, max_bytes=1000) as line:
        await line.send("much")
        with pytest.raises(TooLarge):
            await line.receive()


async def test_a_silent_server_is_not_sent_within_its_time() -> None:
    async def never(request: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()

    begun = now()
    async with served(never) as base, local() as client:
        with pytest.raises(NotSent):
            async with client.socket(base, timeout=0.5):
                pass
    assert (now() - begun).total_seconds() < 4
