"""The walk of `bin/demo --once`: all eleven steps on an instance of its own, and nothing left of it afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

STEPS = (
    "1 brief", "2 ideas, votes, decision", "3 variants", "4 approval", "5 calendar", "6 delivery", "7 channels",
    "8 conversation", "9 metrics", "10 report", "11 links",
)  # fmt: skip
LONGEST = 900


def walk(out: Path, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run it with a temporary folder of its own, so that what it leaves can be seen."""
    surroundings = {
        k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    }
    surroundings |= {"TMPDIR": str(folder), **more}
    return subprocess.run(
        [sys.executable, "-m", "kitestring.sandbox.once", "--out", str(out)],
        env=surroundings, capture_output=True, text=True, timeout=LONGEST, check=False,
    )  # fmt: skip


def running_below(folder: str) -> list[str]:
    """Processes that carry this folder in their surroundings."""
    found = []
    for process in psutil.process_iter():
        try:
            if folder in process.environ().get("KITESTRING_HOME", ""):
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found


def test_the_whole_line_is_walked_and_leaves_only_the_report(tmp_path: Path) -> None:
    # A short path: the database's socket lies in it. Others must be able to walk through it when root runs this.
    with tempfile.TemporaryDirectory(prefix="once-", dir="/tmp") as short:
        folder = Path(short)
        folder.chmod(0o711)
        done = walk(tmp_path / "out", folder)
        assert done.returncode == 0, done.stdout + done.stderr
        lines = done.stdout.splitlines()
        for step in STEPS:
            assert any(line.startswith(step) for line in lines), f"{step} is missing in\n{done.stdout}"
        papers = list((tmp_path / "out").glob("*.pdf"))
        assert len(papers) == 1
        assert papers[0].read_bytes().startswith(b"%PDF")
        assert str(papers[0]) in lines[-1]
        assert not list(folder.glob("kitestring-once-*"))
        assert not running_below(short)
