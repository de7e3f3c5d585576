"""A call that is over sends nothing any more: what went out afterwards would be a post that nobody knows of."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from kitestring.kit.http import NoAnswer, NotSent, Part, ends_by, hold
from kitestring.kit.http.tests.gate import Gate
from kitestring.kit.http.tests.ground import local

LARGE = b"z" * 30_000_000


async def test_a_call_ends_with_what_it_is_part_of() -> None:
    gate = Gate()
    loop = asyncio.get_running_loop()
    begun = loop.time()
    async with hold(), local() as client:
        with pytest.raises((NoAnswer, NotSent)), ends_by(begun + 0.3):
            await client.request("POST", f"http://127.0.0.1:{gate.port}/", json={"text": "too late"})
        assert loop.time() - begun < 2
        gate.open()
        heard = await gate.said(2.0)
    gate.close()
    assert not any(b"too late" in one for one in heard)


async def test_nothing_begins_when_the_time_is_over() -> None:
    gate = Gate()
    async with local() as client:
        with pytest.raises(NotSent), ends_by(asyncio.get_running_loop().time() - 1):
            await client.request("POST", f"http://127.0.0.1:{gate.port}/", json={})
    gate.open()
    assert not any(await gate.said(0.5))
    gate.close()


async def test_the_earlier_end_holds_within_a_later_one() -> None:
    gate = Gate()
    loop = asyncio.get_running_loop()
    begun = loop.time()
    async with local() as client:
        with pytest.raises((NoAnswer, NotSent)), ends_by(begun + 0.3), ends_by(begun + 60):
            await client.request("POST", f"http://127.0.0.1:{gate.port}/", json={})
    gate.close()
    assert loop.time() - begun < 2


@pytest.mark.parametrize("kind", ["bytes", "file", "part", "part from a file", "json"])
async def test_a_large_body_ends_with_its_call(kind: str, tmp_path: Path) -> None:
    """The library goes on with what it was given in one piece, long after the call has ended."""
    file = tmp_path / "film.mp4"
    file.write_bytes(LARGE)
    carried: dict[str, Any] = {
        "bytes": {"content": LARGE},
        "file": {"content": file},
        "part": {"parts": [Part("file", LARGE, "film.mp4")]},
        "part from a file": {"parts": [Part("file", file, "film.mp4")]},
        "json": {"json": {"data": LARGE.decode()}},
    }[kind]
    seen = 0
    over = asyncio.Event()

    async def slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal seen
        while piece := await reader.read(65536):
            seen += len(piece)
            await asyncio.sleep(0.002)
        over.set()
        writer.close()

    server = await asyncio.start_server(slowly, "127.0.0.1", 0)
    async with hold(), local(timeout=0.4) as client:
        with pytest.raises(NoAnswer):
            await client.request("POST", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", **carried)
        await asyncio.wait_for(over.wait(), 20)
    server.close()
    assert 0 < seen < len(LARGE)


async def test_a_large_body_arrives_whole_in_time() -> None:
    seen = 0

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal seen
        await reader.readuntil(b"\r\n\r\n")
        seen = len(await reader.readexactly(len(LARGE)))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with local() as client:
        answer = await client.request(
            "PUT", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", content=LARGE
        )
    server.close()
    assert (answer.body, seen) == (b"ok", len(LARGE))
