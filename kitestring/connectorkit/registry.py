"""Finds the connectors: every folder beside ours with a manifest, and strangers' packages by entry point.

Nobody lists channels anywhere; a new folder is a new channel.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import cast

from kitestring.connectorkit import manifest as manifests
from kitestring.connectorkit.contract import Auth, Inbox, Metrics, Publishing
from kitestring.connectorkit.manifest import Manifest

HOME = "kitestring.connectors"
ENTRY_POINTS = "kitestring.connectors"


@dataclass(frozen=True)
class Connector:
    """A channel's manifest with the modules it brings; None where it brings none."""

    manifest: Manifest
    package: str
    folder: Path

    @property
    def auth(self) -> Auth | None:
        return cast("Auth | None", self._module("auth"))

    @property
    def publishing(self) -> Publishing | None:
        return cast("Publishing | None", self._module("publishing"))

    @property
    def inbox(self) -> Inbox | None:
        return cast("Inbox | None", self._module("inbox"))

    @property
    def metrics(self) -> Metrics | None:
        return cast("Metrics | None", self._module("metrics"))

    @property
    def emulator(self) -> ModuleType | None:
        return self._module("emulator")

    def icon(self) -> str:
        """The channel's mark as SVG text."""
        return (self.folder / "icon.svg").read_text("utf-8")

    def can(self, power: str) -> bool:
        """Whether the connector has the file of that power ("publishing", "inbox", "metrics", ...)."""
        return (self.folder / f"{power}.py").exists()

    def _module(self, name: str) -> ModuleType | None:
        return importlib.import_module(f"{self.package}.{name}") if self.can(name) else None


def _packages() -> Iterator[tuple[str, Path]]:
    home = importlib.import_module(HOME)
    for found in pkgutil.iter_modules(home.__path__):
        folder = Path(home.__path__[0]) / found.name
        if (folder / "manifest.toml").exists():
            yield f"{HOME}.{found.name}", folder
    for point in entry_points(group=ENTRY_POINTS):
        spec = importlib.util.find_spec(point.value)
        if spec is not None and spec.submodule_search_locations:
            yield point.value, Path(spec.submodule_search_locations[0])


@cache
def connectors() -> dict[str, Connector]:
    """Every channel by slug, in alphabetical order. Read once per process."""
    found = [Connector(manifests.load(folder), package, folder) for package, folder in _packages()]
    return {c.manifest.slug: c for c in sorted(found, key=lambda c: c.manifest.slug)}


def get(slug: str) -> Connector:
    """The connector of a channel. Raises KeyError when its folder is gone."""
    return connectors()[slug]
