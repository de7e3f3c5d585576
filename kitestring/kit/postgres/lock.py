"""One owner at a time: a lock on the cluster's folder that the system itself drops when the holder dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from kitestring.kit.postgres.trouble import Busy


class Lock:
    """An advisory lock (flock) on a file that also says who holds it. The file's presence means nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def take(self) -> None:
        """Take the lock or raise `Busy`; taking it twice is harmless."""
        if self._handle is not None:
            return
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(handle, 32).decode(errors="replace").strip() or "unknown"
            os.close(handle)
            raise Busy(
                f"Another Kitestring (process {holder}) already runs on {self.path.parent}. "
                "Nothing was changed. Stop that one first, or choose another KITESTRING_HOME."
            ) from error
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        self._handle = handle

    def drop(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
