"""Which processes make up an instance beside its database, and how each is started."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from kitestring.cli.child import Child
from kitestring.cli.instance import Address
from kitestring.cli.trouble import CommandFailed

# Each thread may hold a database connection; the embedded database allows 60. Figures: docs/decisions/0014.
WEB_THREADS = 8
SANDBOX = "kitestring.sandbox.serve"


def children(surroundings: Mapping[str, str], address: Address, logs: Path, *, demo: bool) -> list[Child]:
    """The web first; then the worker; in a demo the sandbox, if this installation has one."""
    common = {**surroundings, "KITESTRING_BIND": f"{address.host}:{address.port}"}
    common.setdefault("KITESTRING_URL", address.url)
    with_sandbox = demo and _exists(SANDBOX)
    if demo:
        common["KITESTRING_DEMO"] = "1"
    if with_sandbox:
        common.update(_of_sandbox(common))
    found = [
        Child("The web", web_command(address), common, logs / "web.log"),
        Child("The worker", [sys.executable, "-m", "kitestring.cli", "worker"], common, logs / "worker.log"),
    ]
    if with_sandbox:
        found.append(Child("The sandbox", [sys.executable, "-m", SANDBOX], common, logs / "sandbox.log"))
    return found


def _of_sandbox(surroundings: Mapping[str, str]) -> dict[str, str]:
    command = [sys.executable, "-m", "kitestring.cli.sandboxed"]
    done = subprocess.run(command, env=dict(surroundings), check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise CommandFailed(f"The sandbox has no addresses. It says: {done.stderr.strip()[-1000:]}")
    return dict(json.loads(done.stdout))


def web_command(address: Address) -> list[str]:
    processes = os.environ.get("KITESTRING_WEB_PROCESSES", "1")
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--http", "1"),
        *("--host", address.host, "--port", str(address.port)),
        *("--workers", processes, "--blocking-threads", str(WEB_THREADS), "--workers-kill-timeout", "3"),
        *("--log-level", "warning", "kitestring.cli.web:application"),
    ]


def _exists(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False
