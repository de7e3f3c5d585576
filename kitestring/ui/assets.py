"""Finds built files by the names Vite's manifest gives them. Without a build, pages still render."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from markupsafe import Markup

BUILT = Path(__file__).parent / "static" / "ui" / "manifest.json"
PREFIX = "ui/"


@lru_cache(maxsize=4)
def _read(path: str, changed: int) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(Path(path).read_text("utf-8"))
    return found


def manifest() -> dict[str, dict[str, Any]]:
    """Entries by source name; empty before the first build. Read again when the file changes."""
    path = Path(getattr(settings, "ASSETS_MANIFEST", BUILT))
    try:
        return _read(str(path), path.stat().st_mtime_ns)
    except FileNotFoundError:
        return {}


def _entry(name: str) -> dict[str, Any]:
    return next((e for e in manifest().values() if e.get("name") == name and e.get("isEntry")), {})


def asset_url(source: str) -> str:
    """URL of one built file by its source name in the manifest; empty before the first build."""
    file = manifest().get(source, {}).get("file")
    return static(PREFIX + file) if file else ""


def _styles(entry: dict[str, Any], seen: set[str]) -> list[str]:
    found = list(entry.get("css", []))
    for key in entry.get("imports", []):
        if key not in seen:
            seen.add(key)
            found += _styles(manifest().get(key, {}), seen)
    return found


def stylesheets(name: str) -> Markup:
    """The `<link>` tags of an entry's styles."""
    links = [f'<link rel="stylesheet" href="{static(PREFIX + css)}">' for css in _styles(_entry(name), set())]
    return Markup("\n".join(links))  # noqa: S704


def script(name: str) -> Markup:
    """The module `<script>` of an entry, with its chunks preloaded."""
    entry = _entry(name)
    if not entry:
        return Markup("")
    chunks = [manifest()[key]["file"] for key in entry.get("imports", []) if key in manifest()]
    tags = [f'<link rel="modulepreload" href="{static(PREFIX + file)}">' for file in chunks]
    tags.append(f'<script type="module" src="{static(PREFIX + entry["file"])}"></script>')
    return Markup("\n".join(tags))  # noqa: S704


def island(name: str) -> Markup:
    """Everything a page needs to mount `frontend/src/islands/NAME.ts`."""
    entry = f"islands/{name}"
    return stylesheets(entry) + Markup("\n") + script(entry)
