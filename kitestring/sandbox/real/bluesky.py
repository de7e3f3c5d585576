"""A real Bluesky network on loopback (PDS, PLC directory, AppView), new and empty for every run."""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path
from typing import Any, NamedTuple

from kitestring.sandbox.real import http, postgres
from kitestring.sandbox.real.folders import RunFolder
from kitestring.sandbox.real.install import FILES, installed, node_environment
from kitestring.sandbox.real.server import Server, free_port
from kitestring.sandbox.real.thrown_away import ThrownAway
from kitestring.sandbox.real.visitor import BlueskyVisitor

START_WITHIN = 180.0  # seconds; 8 on a quiet machine
DATABASE = "atproto"
SERVERS = ("plc", "pds", "appview", "ozone")


class Credentials(NamedTuple):
    """What logs an account in: its DID and its main password."""

    did: str
    password: str


class BlueskyNetwork(ThrownAway):
    """pds_url: where an account logs in and publishes. appview_url: where posts are read with their counts.

    Handles end in `.test`, with at least three characters before it and no reserved word such as `login`. Counts and
    notifications arrive within seconds, not at once: poll. Everything listens on 127.0.0.1 only. The first start ever
    installs 700 MB (two minutes).
    """

    name = "bluesky"
    pds_url: str
    appview_url: str
    plc_url: str

    def require(self) -> None:
        postgres.binaries()  # says what is missing before two minutes are spent on npm
        self._packages = installed(self.say)

    def create_account(self, handle: str, email: str, password: str) -> Credentials:
        """A new account at the PDS. handle: such as `anna.test`."""
        body = {"handle": handle, "email": email, "password": password}
        return Credentials(self._post("com.atproto.server.createAccount", body)["did"], password)

    def create_app_password(self, handle: str, password: str, name: str = "kitestring") -> str:
        """An application password of this account, as its owner would make one for us. name: unique per account."""
        session = self._post("com.atproto.server.createSession", {"identifier": handle, "password": password})
        made = self._post("com.atproto.server.createAppPassword", {"name": name}, session["accessJwt"])
        return str(made["password"])

    def visitor(self, handle: str) -> BlueskyVisitor:
        """A new account with somebody behind it, who posts, answers, likes and reposts."""
        password = f"the password of {handle}"
        did, _ = self.create_account(handle, f"{handle.replace('.', '-')}@example.test", password)
        return BlueskyVisitor(self.pds_url, handle, did, password)

    def _post(self, method: str, body: dict[str, str], token: str | None = None) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return (
            http.ask("POST", f"{self.pds_url}/xrpc/{method}", body=body, headers=headers).expect(200).json()
        )

    def _start_in(self, folder: RunFolder) -> None:
        database = postgres.start(folder, self._servers, DATABASE)
        home = folder.sub("node", None)
        shutil.copy(FILES / "run.mjs", home)
        (home / "node_modules").symlink_to(self._packages / "node_modules")
        environment = {
            "DB_POSTGRES_URL": database,
            "REDIS_HOST": "127.0.0.1:1",  # must be set, but these servers never call it
            "REAL_PORTS": json.dumps({name: free_port() for name in SERVERS}),
            "LOG_ENABLED": "false",
            "NODE_OPTIONS": "",
            "TMPDIR": str(home),
            **node_environment(self._packages),
        }
        log = folder.path / "bluesky.log"
        node = Server(
            "The Bluesky network",
            ["node", "run.mjs"],
            log=log,
            cwd=home,
            environment=environment,
            stop_signal=signal.SIGKILL,  # an orderly end takes seconds and saves nothing that is wanted
        )
        self._servers.append(node)
        addresses = node.until(lambda: _addresses(log), START_WITHIN)
        self.pds_url, self.appview_url, self.plc_url = (addresses[part] for part in ("pds", "appview", "plc"))


def _addresses(log: Path) -> dict[str, str] | None:
    """What run.mjs said when it was ready, once it has said it."""
    for line in log.read_text(errors="replace").splitlines(keepends=True):
        if line.startswith("READY ") and line.endswith("\n"):
            addresses: dict[str, str] = json.loads(line.removeprefix("READY "))
            return addresses
    return None
