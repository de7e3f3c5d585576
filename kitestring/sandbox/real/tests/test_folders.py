"""A run's folder goes with the run, and with the next run when its own was killed."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from kitestring.sandbox.real.folders import PREFIX, RunFolder, cache


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of this test. Short enough, or /tmp itself would be used instead."""
    with tempfile.TemporaryDirectory(dir="/tmp") as base:
        monkeypatch.setattr(tempfile, "tempdir", base)
        yield Path(base)


def test_leftovers_of_a_killed_run_are_swept(temporary: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = temporary / f"{PREFIX}{gone.pid}-bluesky-abc"
    (left / "data").mkdir(parents=True)
    living = temporary / f"{PREFIX}{os.getpid()}-wordpress-abc"
    living.mkdir()
    folder = RunFolder("bluesky")
    assert not left.exists()
    assert living.exists()
    folder.remove()
    assert not folder.path.exists()


def test_only_its_owner_can_read_a_server_s_folder() -> None:
    folder = RunFolder("bluesky")
    assert folder.sub("data", None).stat().st_mode & 0o777 == 0o700
    folder.remove()


def test_the_cache_can_be_moved(monkeypatch: pytest.MonkeyPatch, temporary: Path) -> None:
    monkeypatch.setenv("KITESTRING_CACHE", str(temporary))
    assert cache() == temporary
