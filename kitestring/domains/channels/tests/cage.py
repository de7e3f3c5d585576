"""The parrot's cage on loopback: a real server in its own thread, whose mood the tests set."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kitestring.connectorkit import manifest, registry
from kitestring.connectorkit.registry import Connector

KEY = "polly-wants-a-cracker"


class Cage(ThreadingHTTPServer):
    """`mood`: "good", "busy" (429), "broken" (500), "page" (HTML), "slow" (half a second).

    `refuses`: by path, how many calls more are answered as if the key were wrong. `same`: renewed, the song stays.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Beak)
        self.mood = "good"
        self.bird = "polly"
        self.key = KEY
        self.calls: list[str] = []
        self.songs = 0
        self.refuses: dict[str, int] = {}
        self.same = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Beak(BaseHTTPRequestHandler):
    server: Cage

    def do_GET(self) -> None:
        cage = self.server
        cage.calls.append(self.path)
        if cage.mood == "slow":
            time.sleep(0.5)
        if cage.mood in ("busy", "broken"):
            return self._say({"busy": 429, "broken": 500}[cage.mood], b"{}")
        if cage.mood == "page":
            return self._say(200, b"<!doctype html><p>Hello", "text/html")
        refused = cage.refuses.get(self.path, 0)
        if refused:
            cage.refuses[self.path] = refused - 1
        if refused or self.headers.get("Authorization") != f"Bearer {cage.key}":
            return self._say(401, b'{"error": "no"}')
        cage.songs += not (cage.same and cage.songs)
        told = {
            "id": cage.bird,
            "handle": f"@{cage.bird}",
            "name": "Polly",
            "song": f"song-{cage.songs}",
        }
        return self._say(200, json.dumps(told).encode())

    def _say(self, status: int, body: bytes, mime: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", mime)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def cage() -> Iterator[Cage]:
    server = Cage()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def channels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two channels are installed: the parrot, and a notice board that is written by hand."""
    here = Path(__file__).parent
    parrot = Connector(manifest.load(here / "parrot"), f"{__package__}.parrot", here / "parrot")
    board = Connector(manifest.load(here / "board"), f"{__package__}.board", here / "board")
    monkeypatch.setattr(registry, "connectors", lambda: {"board": board, "parrot": parrot})
