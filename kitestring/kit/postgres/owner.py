"""Whom the database runs as: PostgreSQL refuses root, so root hands it to an unprivileged one."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kitestring.kit.postgres.trouble import Trouble

# A system user made for Kitestring is preferred; the others exist nearly everywhere.
CANDIDATES = ("kitestring", "postgres", "nobody")


@dataclass(frozen=True)
class Owner:
    """The system user who owns the database's files and runs it."""

    uid: int
    gid: int
    name: str

    @property
    def is_me(self) -> bool:
        return self.uid == os.geteuid()

    def run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run a short command as this owner and collect its output; never raises for its exit code."""
        return subprocess.run(
            [str(word) for word in command],
            check=False,
            capture_output=True,
            text=True,
            env=clean_environment(),
            cwd="/",
            **self.popen_options(),
        )

    def popen_options(self) -> dict[str, Any]:
        """What subprocess needs to start a program as this owner."""
        return {} if self.is_me else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, folder: Path) -> bool:
        """Can this owner walk into the folder? Asked of the system itself, so access lists count too."""
        if self.is_me:
            return os.access(folder, os.X_OK)
        return self.run(["/usr/bin/test", "-x", folder]).returncode == 0


def clean_environment() -> dict[str, str]:
    """What the database's programs may see of ours: nothing that steers PostgreSQL (PGDATA, PGOPTIONS...)."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def choose(data: Path) -> Owner:
    """The owner for a data folder: ourselves, or, for root, whoever owns it already, or a candidate."""
    if os.geteuid() != 0:
        return _named(os.geteuid(), os.getegid())
    if data.exists() and data.stat().st_uid != 0:
        found = data.stat()
        return _named(found.st_uid, found.st_gid)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(entry.pw_uid, entry.pw_gid, name)
    raise Trouble(
        "PostgreSQL does not run as root, and this system has none of the users "
        f"{', '.join(CANDIDATES)}. Make one with `useradd --system kitestring`, start Kitestring as an "
        "ordinary user, or set DATABASE_URL to a PostgreSQL of your own."
    )


def _named(uid: int, gid: int) -> Owner:
    try:
        return Owner(uid, gid, pwd.getpwuid(uid).pw_name)
    except KeyError:
        return Owner(uid, gid, str(uid))
