"""The client against a real server on loopback: what it refuses, and what arrives."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import web

from kitestring.kit.http import Client, FileGone, HostRefused, NotJson, Part, hold, wire
from kitestring.kit.http import guard as guards
from kitestring.kit.http.tests.ground import answers_with, hello, local, served


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
        "https://[3fff::1]/",
        "https://192.0.0.9/",
        "https://192.88.99.1/",
        "https://[2002:c058:6301::1]/",
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
                await client.request("POST", "http://127.0.0.1:1/", **body)


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
