"""Where the sandbox's channels answer: one loopback port each, chosen once for a data folder and kept in it.

Addresses of posts are stored with them, so a port that changed would break every link of yesterday.
"""

from __future__ import annotations

import json
import os
import socket
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from kitestring.connectorkit import registry
from kitestring.connectorkit.registry import Connector

HOST: Final = "127.0.0.1"
FIRST, LAST = 20_000, 32_000  # below the ports that systems hand to outgoing connections
INDEX: Final = "index"


class PortsTaken(Exception):
    """No free port was found, or one kept in the file is in use by another program."""


@dataclass(frozen=True)
class Addresses:
    """Ports by channel slug; `index` is the sandbox's own page and its switches."""

    ports: dict[str, int]

    def base(self, slug: str) -> str:
        """Raises KeyError for a channel without an emulator."""
        return f"http://{HOST}:{self.ports[slug]}"

    @property
    def index(self) -> str:
        return self.base(INDEX)

    def surroundings(self) -> dict[str, str]:
        """What web and worker must find in their environment to speak with these channels."""
        urls = json.loads(os.environ.get("KITESTRING_SANDBOX_OTHERS") or "{}")
        urls |= {c.manifest.slug: urls_of(c, self.base(c.manifest.slug)) for c in emulated()}
        return {"KITESTRING_ALLOW_LOOPBACK": "1", "KITESTRING_CHANNEL_URLS": json.dumps(urls)}


def emulated() -> list[Connector]:
    """The connectors that bring an emulator, but for those that KITESTRING_SANDBOX_WITHOUT names (real servers play them)."""
    without = os.environ.get("KITESTRING_SANDBOX_WITHOUT", "").split(",")
    return [c for c in registry.connectors().values() if c.can("emulator") and c.manifest.slug not in without]


def urls_of(connector: Connector, base: str) -> dict[str, str]:
    """A channel's addresses by name, all at its emulator unless that says otherwise.

    A channel whose servers people name themselves has none of its own; the sandbox's is said all the same, because a
    demo calls only what is said here.
    """
    own = getattr(connector.emulator, "urls", None)
    if own is not None:
        return dict(own(base))
    return dict.fromkeys(connector.manifest.hosts.urls or ("api",), base)


def addresses(home: Path) -> Addresses:
    """The addresses of the data folder `home`, made and written down for channels that have none yet."""
    file = folder(home) / "addresses.json"
    kept: dict[str, int] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    wanted = [INDEX, *(c.manifest.slug for c in emulated())]
    missing = [name for name in wanted if name not in kept]
    if missing:
        kept |= dict(zip(missing, _free(len(missing), str(home), set(kept.values())), strict=True))
        file.write_text(json.dumps(kept, indent=1), "utf-8")
    return Addresses(kept)


def folder(home: Path) -> Path:
    """The sandbox's own folder in the data folder, made if it is not there."""
    place = home / "sandbox"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


def _free(number: int, name: str, taken: set[int]) -> list[int]:
    """Ports nobody listens on, beginning at a place that differs from folder to folder."""
    start = int(sha256(name.encode()).hexdigest()[:8], 16) % (LAST - FIRST)
    found: list[int] = []
    for step in range(LAST - FIRST):
        port = FIRST + (start + step) % (LAST - FIRST)
        if port not in taken and is_free(port):
            found.append(port)
            if len(found) == number:
                return found
    raise PortsTaken(f"There are not {number} free ports between {FIRST} and {LAST} on this machine.")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
