"""Runs one short command to its end, as another user if need be; its output only shows when it fails."""

from __future__ import annotations

import pwd
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kitestring.sandbox.real.trouble import TAIL, ServerFailed

PATIENCE = 120.0  # seconds


def run_as(
    user: str | None,
    name: str,
    command: Sequence[str | Path],
    folder: Path,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Standard output of `command` run in `folder`. user: None for ourselves. Raises `ServerFailed`."""
    who: dict[str, Any] = {}
    if user is not None:
        entry = pwd.getpwnam(user)
        who = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, errors="replace",
            stdin=subprocess.DEVNULL, timeout=PATIENCE, check=False, **who,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        raise ServerFailed(f"{name} did not end within {PATIENCE:.0f} seconds.") from late
    if done.returncode != 0:
        raise ServerFailed(f"{name} failed ({done.returncode}):\n{(done.stdout + done.stderr)[-TAIL:]}")
    return str(done.stdout)
