"""A real Nostr relay on loopback (nostr-relay, with SQLite), new and empty for every run; it can be started again."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kitestring.sandbox.real import http
from kitestring.sandbox.real.environments import installed
from kitestring.sandbox.real.folders import RunFolder
from kitestring.sandbox.real.server import Server, free_port
from kitestring.sandbox.real.thrown_away import ThrownAway
from kitestring.sandbox.real.trouble import TAIL, ServerFailed

FILES = Path(__file__).with_name("relay")
START_WITHIN = 60.0  # seconds; 3 on a quiet machine
INFORMATION = "application/nostr+json"


class NostrRelay(ThrownAway):
    """url: such as ws://127.0.0.1:41234. It looks at signatures and deletes by kind 5; it does not count (NIP-45).

    The first start ever installs 60 MB into an environment of its own (a minute). Listens on 127.0.0.1 only.
    """

    name = "nostr"
    url: str

    def require(self) -> None:
        self._environment = installed("nostr", FILES / "requirements.lock", self.say)

    @property
    def version(self) -> str:
        """What it calls itself, by NIP-11."""
        return str(self._told()["version"])

    def restart(self) -> None:
        """End it and start it again at the same address, on what it kept."""
        self._servers.pop().stop()
        self._serve()

    def visitor(self, name: str) -> NostrVisitor:
        """Somebody with a key of their own, the same for the same name."""
        return NostrVisitor(
            self._environment / "bin/python", self.url, hashlib.sha256(name.encode()).hexdigest()
        )

    def _start_in(self, folder: RunFolder) -> None:
        self._home = folder.sub("relay", None)
        self._log = folder.path / "relay.log"
        self._port = free_port()
        self.url = f"ws://127.0.0.1:{self._port}"
        settings: dict[str, Any] = {
            "relay_name": "A relay for tests",
            "storage": {
                "sqlalchemy.url": f"sqlite+aiosqlite:///{self._home / 'events.sqlite3'}",
                "validators": ["nostr_relay.validators.is_signed"],
            },
            "gunicorn": {"bind": f"127.0.0.1:{self._port}", "workers": 1, "control_socket_disable": True},
        }
        (self._home / "relay.yaml").write_text(json.dumps(settings))  # JSON is YAML
        self._serve()

    def _serve(self) -> None:
        program = self._environment / "bin/nostr-relay"
        command: list[str | Path] = [program, "-c", self._home / "relay.yaml", "serve"]
        relay = Server(
            "The Nostr relay", command, log=self._log, cwd=self._home, environment={"HOME": str(self._home)}
        )
        self._servers.append(relay)
        relay.until(self._answers, START_WITHIN)

    def _told(self) -> dict[str, Any]:
        address = self.url.replace("ws://", "http://")
        told: dict[str, Any] = (
            http.ask("GET", address + "/", headers={"Accept": INFORMATION}).expect(200).json()
        )
        return told

    def _answers(self) -> bool | None:
        try:
            return bool(self._told()) or None
        except OSError:
            return None


class NostrVisitor:
    """Writes and reads as a stranger does, with another program's code for signatures and lines."""

    def __init__(self, python: Path, url: str, secret: str) -> None:
        self._python, self._url, self._secret = python, url, secret

    def send(
        self, kind: int, content: str, tags: Sequence[Sequence[str]] = (), *, forge: bool = False
    ) -> Visit:
        """One event of theirs; `forge`: changed after it was signed. What the relay said stands in `told`."""
        event = {"kind": kind, "content": content, "tags": tags}
        return self._visit({"events": [event], "forge": forge})

    def read(self, **wanted: Any) -> list[dict[str, Any]]:
        """The events the relay has for one filter. Raises `ServerFailed` when one is not soundly signed."""
        found = self._visit({"filters": [wanted]}).found
        if not all(one["sound"] for one in found):
            raise ServerFailed(f"An event is not soundly signed: {found}")
        return [dict(one["event"]) for one in found]

    def _visit(self, asked: dict[str, Any]) -> Visit:
        done = subprocess.run(
            [self._python, FILES / "visit"],
            input=json.dumps({"url": self._url, "secret": self._secret, **asked}),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if done.returncode != 0:
            raise ServerFailed(f"The visit failed:\n{done.stderr[-TAIL:]}")
        return Visit(**json.loads(done.stdout))


@dataclass(frozen=True)
class Visit:
    """Whose key it was, the events sent, what the relay said of each, and what was found."""

    pubkey: str
    sent: list[dict[str, Any]]
    told: list[list[Any]]
    found: list[dict[str, Any]]
