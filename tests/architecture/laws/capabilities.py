"""Laws 2 and 3: folder name = slug; a power is there because its file is, and the file because the manifest says so."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.architecture.laws.findings import Finding

NEEDED = ("__init__.py", "manifest.toml", "quality.toml", "icon.svg", "README.md")
API = ("client.py", "auth.py", "publishing.py", "emulator.py")
POWERS = ("publishing", "inbox", "metrics")


def faults(folder: Path, manifest: dict[str, Any], path: str) -> Iterator[Finding]:
    """What does not fit between a connector's folder and its manifest."""
    if manifest.get("slug") != folder.name:
        yield Finding(path, 0, f"the slug {manifest.get('slug')!r} is not the folder's name {folder.name!r}")
    wanted = NEEDED + (API if manifest.get("mode") == "api" else ())
    for name in wanted:
        if not (folder / name).is_file():
            yield Finding(path, 0, f"{name} is missing")
    yield from _both_ways(folder, manifest, path)


def _both_ways(folder: Path, manifest: dict[str, Any], path: str) -> Iterator[Finding]:
    declared = set(manifest.get("capabilities", ()))
    for power in POWERS:
        if power in declared and not (folder / f"{power}.py").is_file():
            yield Finding(path, 0, f"capabilities name {power!r}, but there is no {power}.py")
    apart = [tomllib.loads(path.read_text("utf-8")) for path in sorted(folder.glob("sentences*.toml"))]
    said = {*manifest.get("sentences", {}), *(key for table in apart for key in table)}
    for kind in manifest.get("account_types", ()):
        for key, sentence in kind.get("cannot", {}).items():
            if key not in declared:
                yield Finding(path, 0, f"{kind.get('key')} cannot {key!r}, which no capability is called")
            if sentence not in said:
                yield Finding(
                    path, 0, f"{kind.get('key')} cannot {key!r}, and no sentence {sentence!r} says why"
                )
    if bool(manifest.get("metrics")) != (folder / "metrics.py").is_file():
        yield Finding(path, 0, "[[metrics]] and metrics.py go together")
    if bool(manifest.get("hooks")) != (folder / "hooks.py").is_file():
        yield Finding(path, 0, "[hooks] and hooks.py go together")
    if manifest.get("message") and not (folder / "inbox.py").is_file() and not _pushed(manifest, "message"):
        yield Finding(path, 0, "[message] is stated, but neither inbox.py nor [hooks] brings any in")
    if manifest.get("mode") == "hand_off" and (folder / "publishing.py").is_file():
        yield Finding(path, 0, "a hand-off channel has publishing.py: a person publishes there")
    if manifest.get("reply") and not (folder / "inbox.py").is_file() and not _pushed(manifest, "comment"):
        yield Finding(path, 0, "[reply] is stated, but there is no inbox.py")
    text = (folder / "publishing.py").read_text("utf-8") if (folder / "publishing.py").is_file() else ""
    looks = "def look_up" in text
    if text and looks != (manifest.get("duplicate_safety") != "none"):
        yield Finding(path, 0, "`look_up` and duplicate_safety other than 'none' go together")
    if "NotImplementedError" in text:
        yield Finding(path, 0, "raises NotImplementedError: absent beats that")


def _pushed(manifest: dict[str, Any], sort: str) -> bool:
    """Whether the channel's calls bring what people write, so that nothing has to be asked for."""
    return sort in manifest.get("hooks", {}).get("brings", ())
