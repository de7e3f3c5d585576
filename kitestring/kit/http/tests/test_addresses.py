"""A host with several addresses, of which some or all are dead, and one whose certificate nobody vouches for."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kitestring.kit.clock import now
from kitestring.kit.http import Client, HostRefused, NotSent, hold, wire
from kitestring.kit.http.tests.gate import Gate


def _leads_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    async def found(host: str, port: int, allow_loopback: bool) -> tuple[str, ...]:
        return addresses

    monkeypatch.setattr(wire, "addresses_of", found)


async def test_none_of_many_addresses_that_answers_means_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The call's time is shared among them: if it ended first, nobody would know whether anything was sent."""
    first = Gate()
    gates = [first, *(Gate(f"127.0.0.{n}", first.port) for n in range(2, 7))]
    _leads_to(monkeypatch, *(f"127.0.0.{n}" for n in range(1, 7)))
    async with Client(("*",), allow_loopback=True, timeout=2.0, connect_timeout=0.5) as client:
        with pytest.raises(NotSent):
            await client.request("POST", f"http://many.localhost:{first.port}/", json={})
    for gate in gates:
        gate.close()


async def test_a_dead_address_costs_its_time_once(monkeypatch: pytest.MonkeyPatch) -> None:
    dead = Gate()
    _leads_to(monkeypatch, "127.0.0.1", "127.0.0.2")

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.2", dead.port)
    took = []
    async with hold(), Client(("*",), allow_loopback=True, timeout=4.0, connect_timeout=1.0) as client:
        for _ in range(3):
            begun = time.monotonic()
            await client.request("GET", f"http://two.localhost:{dead.port}/")
            took.append(time.monotonic() - begun)
    server.close()
    dead.close()
    await asyncio.sleep(0.1)  # the server sees the connection end, and closes its side
    assert took[0] > 0.9
    assert max(took[1:]) < took[0] / 2


@pytest.mark.parametrize("host", ["a..b", f"{'x' * 64}.example"])
async def test_a_name_that_can_be_none_is_refused(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(host: str, port: int, **_: object) -> list[object]:
        host.encode("idna")  # as the system's own begins
        raise AssertionError("it can be one")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    async with Client(("*",)) as client:
        with pytest.raises(HostRefused):
            await client.request("GET", f"https://{host}/")


async def test_a_header_that_is_none_is_refused() -> None:
    async with Client(("127.0.0.1",), allow_loopback=True) as client:
        with pytest.raises(HostRefused):
            await client.request("GET", "http://127.0.0.1:1/", headers={"X-Odd": "a\r\nb: c"})


async def test_a_certificate_nobody_vouches_for_means_not_sent(tmp_path: Path) -> None:
    heard: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*_certificate(tmp_path))
    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    async with Client(("localhost",), allow_loopback=True) as client:
        with pytest.raises(NotSent):
            await client.request("POST", f"https://localhost:{port}/", json={})
    server.close()
    await asyncio.sleep(0.1)
    assert heard == []


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "it.crt", folder / "it.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private
