"""One emulated channel: its connector, the platform behind it, its faults; kept in a file over restarts."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Faults, Platform
from kitestring.connectorkit.registry import Connector
from kitestring.kit.clock import now
from kitestring.sandbox.addresses import Addresses, emulated, folder


@dataclass
class Emulated:
    """`changed`: something happened since it was last written to `file`."""

    connector: Connector
    platform: Platform
    base: str
    file: Path
    faults: Faults = field(default_factory=Faults)
    changed: bool = False

    @property
    def slug(self) -> str:
        return self.connector.manifest.slug

    @property
    def module(self) -> Any:
        return self.connector.emulator

    def app(self) -> web.Application:
        """The vendor's API over the platform. Built after `restore`, because emulators read the memory once."""
        app: web.Application = self.module.build(self.platform, faults=self.faults)
        return app

    def restore(self) -> None:
        if self.file.exists():
            self.platform.restore(self.file.read_text("utf-8"))

    def save(self) -> None:
        """Write the platform's state, whole or not at all."""
        self.changed = False
        draft = self.file.with_suffix(".new")
        draft.write_text(self.platform.dump(), "utf-8")
        os.replace(draft, self.file)


def all_emulated(home: Path, where: Addresses, clock: Callable[[], datetime] = now) -> dict[str, Emulated]:
    """Every channel with an emulator, by slug, as the data folder keeps it."""
    found = {}
    for connector in emulated():
        slug = connector.manifest.slug
        one = Emulated(connector, Platform(clock), where.base(slug), folder(home) / f"{slug}.json")
        one.restore()
        found[slug] = one
    return found
