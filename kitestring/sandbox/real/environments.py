"""Has a Python server's packages installed in an environment of their own, once per lock, and says why if that cannot be."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

from kitestring.sandbox.real.folders import alone, cache
from kitestring.sandbox.real.trouble import TAIL, Absent

WITHIN = 900.0  # seconds on a busy machine


def installed(name: str, lock: Path, say: Callable[[str], None]) -> Path:
    """The environment's folder, made if need be. Raises `Absent`."""
    digest = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = cache() / name / digest
    done = folder / "complete"
    if done.exists():
        return folder
    try:
        with alone(folder.parent / "install.lock"):
            if not done.exists():
                say(f"Installing {lock.parent.name} for tests ({name}), once: about a minute.")
                _install(folder, lock)
                done.touch()
    except PermissionError as refused:
        raise Absent(
            f"{folder} cannot be written. Set KITESTRING_CACHE to a folder of your own."
        ) from refused
    return folder


def _install(folder: Path, lock: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    try:
        venv.create(folder, with_pip=True, symlinks=True)
    except (subprocess.CalledProcessError, OSError) as failed:
        raise Absent(f"No Python environment could be made: {failed}") from failed
    pip = [str(folder / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    said = _run([*pip, "--only-binary", ":all:", "--require-hashes", "-r", str(lock)])
    if said is not None:
        raise Absent(f"pip could not install what {lock.parent.name} needs. Its last words:\n{said}")


def _run(command: Sequence[str]) -> str | None:
    """None when it ended well, else the end of what it said."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL,
            timeout=WITHIN, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"It did not end within {WITHIN:.0f} seconds."
    return None if done.returncode == 0 else (done.stdout + done.stderr)[-TAIL:]
