"""Finds the connectors: every folder beside ours with a manifest, and strangers' packages by entry point.

Nobody lists channels anywhere; a new folder is a new channel. A stranger's package that cannot be read is left out
with a line in the log, and never takes the slug of one of ours.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import cast

from kitestring.connectorkit import manifest as manifests
from kitestring.connectorkit.hooks import AppHooks, Hooks, Introduces
from kitestring.connectorkit.manifest import Manifest
from kitestring.connectorkit.powers import (
    AccountNumbers,
    Auth,
    Consent,
    Described,
    Diagnostics,
    Edits,
    GivesBack,
    Inbox,
    Menus,
    Metrics,
    Moderation,
    Publishing,
    Subscribing,
    Tags,
    Templates,
)

HOME = "kitestring.connectors"
ENTRY_POINTS = "kitestring.connectors"


@dataclass(frozen=True)
class Connector:
    """A channel's manifest with the modules it brings; None where it brings none.

    `way`: by which of its ways of connecting it is looked at (`by`); "" is the first.
    """

    manifest: Manifest
    package: str
    folder: Path
    way: str = ""

    def by(self, way: str) -> Connector:
        """The connector as it is for accounts connected by this way: its questions, and its file. Raises KeyError."""
        return replace(self, manifest=self.manifest.by(way), way=way) if way != self.way else self

    @property
    def auth(self) -> Auth | None:
        """`auth.py`, or the file of a further way."""
        return cast("Auth | None", self._module(self.way or "auth"))

    @property
    def consent(self) -> Consent | None:
        """The same, where the way is a person's consent at the channel; None of any other."""
        by_consent = self.manifest.auth.kind == "oauth2"
        return cast("Consent | None", self._module(self.way or "auth")) if by_consent else None

    @property
    def gives_back(self) -> GivesBack | None:
        """The same, where a consent can be given back."""
        return cast("GivesBack", self.consent) if hasattr(self.consent, "give_back") else None

    @property
    def described(self) -> Described | None:
        """The same, where the channel reads at an address of ours what our app is."""
        app = self.manifest.auth.app
        return cast("Described | None", self.consent) if app is not None and app.document else None

    @property
    def registers(self) -> bool:
        """Whether each server registers our app itself, by the way that is looked at."""
        app = self.manifest.auth.app
        return app is not None and app.registers

    @property
    def editing(self) -> Edits | None:
        return cast("Edits | None", self._module("editing"))

    @property
    def moderation(self) -> Moderation | None:
        return cast("Moderation | None", self._module("moderation"))

    @property
    def diagnostics(self) -> Diagnostics | None:
        return cast("Diagnostics | None", self._module("diagnostics"))

    @property
    def menus(self) -> Menus | None:
        return cast("Menus | None", self._module("menus")) if self.manifest.menu else None

    @property
    def tags(self) -> Tags | None:
        return cast("Tags | None", self._module("tags")) if self.manifest.tags else None

    @property
    def templates(self) -> Templates | None:
        return cast("Templates | None", self._module("templates")) if self.manifest.templates else None

    @property
    def account_numbers(self) -> AccountNumbers | None:
        """`metrics.py` where the manifest says that the account itself has numbers."""
        return (
            cast("AccountNumbers | None", self._module("metrics")) if self.manifest.account_metrics else None
        )

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
    def hooks(self) -> Hooks | None:
        """`hooks.py` where each account has an address of its own."""
        return None if self._of_app else cast("Hooks | None", self._module("hooks"))

    @property
    def app_hooks(self) -> AppHooks | None:
        """`hooks.py` where the operator's app has the address."""
        return cast("AppHooks | None", self._module("hooks")) if self._of_app else None

    @property
    def _of_app(self) -> bool:
        return self.manifest.hooks is not None and self.manifest.hooks.of == "app"

    @property
    def introduces(self) -> Introduces | None:
        """`hooks.py` where it asks the channel who speaks, since a call does not tell."""
        module = self._module("hooks")
        return cast("Introduces", module) if hasattr(module, "introduce") else None

    @property
    def subscribing(self) -> Subscribing | None:
        """`subscribing.py` where the channel can be told by its API to call us."""
        return cast("Subscribing | None", self._module("subscribing")) if self.manifest.hooks else None

    @property
    def emulator(self) -> ModuleType | None:
        return self._module("emulator")

    def icon(self) -> str:
        """The channel's mark as SVG text."""
        return (self.folder / "icon.svg").read_text("utf-8")

    def can(self, power: str) -> bool:
        """Whether the connector has the file of that power ("publishing", "inbox", "metrics", ...)."""
        return _has(self.folder, power)

    def pushes(self, sort: str) -> bool:
        """Whether the channel's calls bring what people write ("comment", "mention", "message")."""
        return self.manifest.hooks is not None and sort in self.manifest.hooks.brings

    def edits(self, kind: str) -> bool:
        """Whether the words of what was published as this kind can be changed there."""
        kinds: frozenset[str] | None = getattr(self.editing, "EDITS", None)
        return self.editing is not None and (kinds is None or kind in kinds)

    def deeds(self, sort: str = "comment") -> tuple[str, ...]:
        """What may be done with a comment there: "hide", "like", "remove", "approve", as `moderation.py` offers.

        With a mention or a message only what its `ALSO_ON` names: what is no answer to a post of ours may know other ids.
        """
        module = self.moderation
        there = tuple(name for name in ("hide", "like", "remove", "approve") if hasattr(module, name))
        also: Mapping[str, tuple[str, ...]] = getattr(module, "ALSO_ON", {})
        return there if sort == "comment" else tuple(name for name in there if name in also.get(sort, ()))

    def _module(self, name: str) -> ModuleType | None:
        return _loaded(self.package, name) if self.can(name) else None


@cache
def _has(folder: Path, power: str) -> bool:
    return (folder / f"{power}.py").exists()


@cache
def _loaded(package: str, name: str) -> ModuleType:
    return importlib.import_module(f"{package}.{name}")


log = logging.getLogger("kitestring.connectors")


def _ours() -> Iterator[Connector]:
    home = importlib.import_module(HOME)
    for found in pkgutil.iter_modules(home.__path__):
        folder = Path(home.__path__[0]) / found.name
        if (folder / "manifest.toml").exists():
            yield Connector(manifests.load(folder), f"{HOME}.{found.name}", folder)


def _strangers() -> Iterator[Connector]:
    for point in entry_points(group=ENTRY_POINTS):
        try:
            spec = importlib.util.find_spec(point.value)
            if spec is None or not spec.submodule_search_locations:
                raise ImportError("no such package")
            folder = Path(spec.submodule_search_locations[0])
            yield Connector(manifests.load(folder), point.value, folder)
        except (ImportError, OSError, ValueError) as error:
            log.warning("The connector package %s is left out: %s", point.value, error)


@cache
def connectors() -> dict[str, Connector]:
    """Every channel by slug, in alphabetical order. Read once per process."""
    found = {c.manifest.slug: c for c in _ours()}
    for stranger in _strangers():
        if stranger.manifest.slug in found:
            log.warning("The connector package %s takes a slug that is taken; left out", stranger.package)
        else:
            found[stranger.manifest.slug] = stranger
    return dict(sorted(found.items()))


def get(slug: str) -> Connector:
    """The connector of a channel. Raises KeyError when its folder is gone."""
    return connectors()[slug]


def connected_by(slug: str, way: str) -> Connector:
    """The connector as it is for accounts connected by this way. Raises KeyError when one of them is gone."""
    return get(slug).by(way)
