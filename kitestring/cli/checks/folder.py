"""The data folder: there, writable, its secrets closed to others, room on its disk."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator

from kitestring.cli.checks.finding import Finding, note, well, wrong
from kitestring.cli.instance import Instance
from kitestring.config.environment import secrets

ROOM = 1 << 30  # bytes; below this a busy month of media does not fit


def look(instance: Instance) -> Iterator[Finding]:
    home = instance.home
    if not home.is_dir():
        yield wrong(f"There is no data folder {home} yet.", "kitestring up makes it at its first start")
        return
    closed = [
        f for f in (home, instance.media, instance.logs) if f.exists() and not os.access(f, os.W_OK | os.X_OK)
    ]
    if closed:
        yield wrong(
            f"{closed[0]} cannot be written by this user.", "start Kitestring as the user who owns it"
        )
    else:
        yield well(f"The data folder {home} can be written.")
    yield _secrets(instance)
    free = shutil.disk_usage(home).free
    told = f"{free / 1e9:.1f} GB are free on the data folder's disk."
    yield well(told) if free > ROOM else wrong(told, "make room: the database stops when the disk is full")


def _secrets(instance: Instance) -> Finding:
    path = instance.secrets_file
    try:
        key, sealing = secrets(instance.home)
    except (OSError, ValueError, KeyError) as error:
        return wrong(
            f"{path} cannot be read: {error}.", "bring it back from a backup; without it grants stay sealed"
        )
    if not key or not sealing:
        return wrong(
            "The secrets are not there.",
            f"kitestring up makes {path}; if this instance had one, bring it back from a backup first",
        )
    if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        return wrong(f"{path} can be read by others.", f"chmod 600 {path}")
    return well("The secrets are there.") if path.exists() else note("The secrets come from the environment.")
