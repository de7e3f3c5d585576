"""Where real servers keep things: a cache that outlives a run, and a folder of its own per run that does not."""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

PREFIX = "kitestring-real-"
LONGEST = 60  # characters; a socket's path ends at 107 and the servers add their own part


def cache() -> Path:
    """$KITESTRING_CACHE, else `.state` of the checkout, else the user's own cache folder."""
    chosen = os.environ.get("KITESTRING_CACHE")
    if chosen:
        return Path(chosen).expanduser().absolute()
    checkout = Path(__file__).parents[3]
    if (checkout / "pyproject.toml").exists():
        return checkout / ".state"
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "kitestring"


def unprivileged(*preferred: str) -> str | None:
    """Whom a server that refuses to be root runs as: None when we are not root, else the first of these that exists."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in (*preferred, "nobody") if name in known)


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Only one process at a time between here and the end; the others wait."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


class RunFolder:
    """A temporary folder of one run. Folders of runs that were killed are swept away by the next one."""

    def __init__(self, name: str) -> None:
        base = tempfile.gettempdir()
        base = base if len(base) <= LONGEST else "/tmp"  # noqa: S108 - mkdtemp makes the name and the rights
        _sweep(Path(base))
        self.path = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-{name}-", dir=base))
        self.path.chmod(0o711)  # servers that run as another user must be able to walk through

    def sub(self, name: str, user: str | None) -> Path:
        """A new folder inside that only its owner (None: ourselves) may read."""
        folder = self.path / name
        folder.mkdir(mode=0o700)
        if user is not None:
            entry = pwd.getpwnam(user)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
        return folder

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


def _sweep(base: Path) -> None:
    for left in base.glob(f"{PREFIX}*"):
        pid = left.name.removeprefix(PREFIX).partition("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(left, ignore_errors=True)
