"""Is a PostgreSQL running on this data folder, and what did a dead one leave behind?

`postmaster.pid` is believed only when the process it names runs on this very folder: after a kill it may be
half-written, or its number may belong to somebody else by now. Everything is read from what /proc shows to
anyone, so it also works for root in a container without ptrace rights.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from kitestring.kit.postgres.place import Place, noted_folder
from kitestring.kit.postgres.trouble import Trouble

ROLE = "kitestring"
PATIENCE = 10.0  # seconds for leftovers of a dead database to go


def postmaster(data: Path) -> int | None:
    """The process number of the living server of this data folder, else None."""
    pid = _noted_pid(data)
    if pid is None:
        return None
    words = _command_line(pid)
    if "-D" not in words or Path(words[0]).name != "postgres":
        return None
    named = Path(words[words.index("-D") + 1])
    with suppress(OSError):
        return pid if named.samefile(data) else None
    raise Trouble(
        f"A PostgreSQL (process {pid}) that was started on this database when it was still called {named} is "
        f"running. Nothing was changed. Stop it with `kill -INT {pid}` and try again."
    )


def is_ready(data: Path) -> bool:
    """Does it take connections? The server writes so on the eighth line of its pid file."""
    with suppress(OSError, IndexError):
        return _lines(data)[7].strip() == "ready"
    return False


def socket_folder(data: Path) -> Path | None:
    """Where the running server's socket is, by its own word."""
    with suppress(OSError, IndexError):
        return Path(_lines(data)[4].strip())
    return None


def url(sockets: Path, dbname: str) -> str:
    """The address for libpq, psycopg and our settings."""
    return f"postgresql://{ROLE}@/{quote(dbname)}?host={quote(str(sockets), safe='')}"


def url_of_running(home: Path, dbname: str = "kitestring") -> str | None:
    """The address of the server that somebody else runs on this home now; None if none takes connections."""
    data = noted_folder(home) / "data"
    if not (postmaster(data) and is_ready(data)):
        return None
    sockets = socket_folder(data)
    return url(sockets, dbname) if sockets else None


def clear_leftovers(place: Place, sockets: Path) -> None:
    """Take away what a dead server left: its orphans, a lying pid file, its sockets. Only under the lock."""
    strays = list(_strays(place))
    _end(strays)
    pid = _noted_pid(place.data)
    if pid is None or os.path.exists(f"/proc/{pid}"):
        # Half-written, or its number was given to another process. One that names a dead process stays:
        # PostgreSQL itself takes it over and frees the shared memory noted in it.
        (place.data / "postmaster.pid").unlink(missing_ok=True)
    for left in sockets.glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)


def _strays(place: Place) -> Iterator[int]:
    title = f"postgres: {place.name}:"
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with suppress(OSError):
                if entry.stat().st_uid == place.owner.uid and " ".join(
                    _command_line(int(entry.name))
                ).startswith(title):
                    yield int(entry.name)


def _end(pids: list[int]) -> None:
    """Backends of a dead server leave by themselves as a rule; those that do not are killed."""
    started = time.monotonic()
    while pids and time.monotonic() - started < PATIENCE:
        hard = time.monotonic() - started > 1.0
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL if hard else signal.SIGQUIT)
        time.sleep(0.05)
        pids = [pid for pid in pids if _command_line(pid)]


def _noted_pid(data: Path) -> int | None:
    with suppress(OSError, ValueError, IndexError):
        pid = int(_lines(data)[0])
        return pid if pid > 1 else None
    return None


def _lines(data: Path) -> list[str]:
    return (data / "postmaster.pid").read_text(errors="replace").splitlines()


def _command_line(pid: int) -> list[str]:
    """A living process's words; empty for a dead one and for a zombie."""
    with suppress(OSError):
        return [
            os.fsdecode(w) for w in Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0") if w
        ]
    return []
