"""Laws 2 and 3: the folder is the channel; what it can do is what lies in it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from tests.architecture.laws.capabilities import API, NEEDED, faults
from tests.architecture.laws.findings import keep
from tests.architecture.laws.tree import ROOT, files

RIGHT = (
    "the folder's name is the slug; `inbox.py` or `metrics.py` is there exactly when the manifest says so; absent beats "
    "NotImplementedError. See docs/contributors/connectors.md."
)


def test_folders_and_manifests_agree() -> None:
    found = []
    for path in files():
        if path.startswith("kitestring/connectors/") and path.endswith("/manifest.toml"):
            folder = (ROOT / path).parent
            manifest = tomllib.loads((ROOT / path).read_text("utf-8"))
            found += list(faults(folder, manifest, path.rpartition("/")[0]))
    keep(found, right=RIGHT)


def test_every_connector_folder_has_a_manifest() -> None:
    held = {
        path.split("/")[2]
        for path in files()
        if path.startswith("kitestring/connectors/") and path.count("/") > 2
    }
    bare = [
        name for name in held if not (ROOT / "kitestring" / "connectors" / name / "manifest.toml").is_file()
    ]
    assert not bare, f"folders without a manifest.toml: {sorted(bare)}"


def _made(folder: Path, **manifest: Any) -> list[str]:
    """A whole connector's folder in `folder`, then its faults."""
    for name in NEEDED + API:
        (folder / name).write_text("def look_up(): ...\n", "utf-8")
    whole = {
        "slug": folder.name,
        "mode": "api",
        "duplicate_safety": "native_key",
        "capabilities": ["publish"],
    }
    return [finding.wrong for finding in faults(folder, whole | manifest, folder.name)]


def test_the_law_sees_what_does_not_fit(tmp_path: Path) -> None:
    assert _made(tmp_path) == []
    assert _made(tmp_path, slug="other")
    assert _made(tmp_path, capabilities=["publish", "inbox"])
    assert _made(tmp_path, metrics=[{"key": "likes"}])
    assert _made(tmp_path, duplicate_safety="none")
    assert _made(tmp_path, reply={"key": "reply"})
    assert _made(tmp_path, mode="hand_off")
    silent = [{"key": "personal", "cannot": {"publish": "no_right"}}]
    assert _made(tmp_path, account_types=silent)
    assert _made(tmp_path, account_types=silent, sentences={"no_right": {}}) == []


def test_a_file_is_a_power_the_manifest_must_know(tmp_path: Path) -> None:
    assert _made(tmp_path) == []
    (tmp_path / "metrics.py").touch()
    assert _made(tmp_path)
