"""Finds built files by the names Vite's manifest gives them. Without a build, pages still render."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.templatetags.static import static
from markupsafe import Markup

BUILT: Final = Path(__file__).parent / "static" / "ui" / "manifest.json"
PREFIX: Final = "ui/"
REREAD: Final = 1.0  # seconds: a page asks some sixty times, the disk is asked once

Entry = dict[str, Any]


class Build:
    """One build: its entries by source name, and the answers already worked out from them."""

    def __init__(self, entries: dict[str, Entry]) -> None:
        self.entries = entries
        self._said: dict[tuple[str, str], Markup] = {}

    def once(self, kind: str, name: str, work: Callable[[], str]) -> Markup:
        """What `work` makes of this build; asked of it only the first time."""
        said = self._said.get((kind, name))
        if said is None:
            said = self._said[kind, name] = Markup(work())  # noqa: S704 - only our own addresses
        return said

    def entry(self, name: str) -> Entry:
        """The entry point of that name, or nothing."""
        return next((e for e in self.entries.values() if e.get("name") == name and e.get("isEntry")), {})


@lru_cache(maxsize=4)
def _read(path: str, changed: int) -> Build:
    return Build(json.loads(Path(path).read_text("utf-8")))


_latest: tuple[str, float, Build] = ("", 0.0, Build({}))


def build() -> Build:
    """The build as it lies on the disk, at most a second ago; an empty one before the first."""
    global _latest
    path, seen = str(getattr(settings, "ASSETS_MANIFEST", BUILT)), time.monotonic()
    if _latest[0] == path and seen - _latest[1] < REREAD:
        return _latest[2]
    try:
        found = _read(path, Path(path).stat().st_mtime_ns)
    except FileNotFoundError:
        found = Build({})
    _latest = (path, seen, found)
    return found


def manifest() -> dict[str, Entry]:
    """Entries by source name; empty before the first build."""
    return build().entries


def asset_url(source: str) -> str:
    """URL of one built file by its source name in the manifest; empty before the first build."""
    return build().once("url", source, lambda: _address(source))


def _address(source: str) -> str:
    file = manifest().get(source, {}).get("file")
    return static(PREFIX + file) if file else ""


def _styles(entry: Entry, seen: set[str]) -> list[str]:
    found = list(entry.get("css", []))
    for key in entry.get("imports", []):
        if key not in seen:
            seen.add(key)
            found += _styles(manifest().get(key, {}), seen)
    return found


def stylesheets(name: str) -> Markup:
    """The `<link>` tags of an entry's styles."""
    return build().once("styles", name, lambda: _links(name))


def _links(name: str) -> str:
    files = _styles(build().entry(name), set())
    return "\n".join(f'<link rel="stylesheet" href="{static(PREFIX + css)}">' for css in files)


def script(name: str) -> Markup:
    """The module `<script>` of an entry, with its chunks preloaded."""
    return build().once("script", name, lambda: _scripts(name))


def _scripts(name: str) -> str:
    entry = build().entry(name)
    if not entry:
        return ""
    chunks = [manifest()[key]["file"] for key in entry.get("imports", []) if key in manifest()]
    tags = [f'<link rel="modulepreload" href="{static(PREFIX + file)}">' for file in chunks]
    tags.append(f'<script type="module" src="{static(PREFIX + entry["file"])}"></script>')
    return "\n".join(tags)


def island(name: str) -> Markup:
    """Everything a page needs to mount `frontend/src/islands/NAME.ts`."""
    entry = f"islands/{name}"
    return stylesheets(entry) + Markup("\n") + script(entry)
