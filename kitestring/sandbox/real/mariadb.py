"""A MariaDB that is thrown away: in its own private folder, on a socket only, no network at all."""

from __future__ import annotations

import shutil
import signal
import socket
from pathlib import Path

from kitestring.sandbox.real.commands import run_as
from kitestring.sandbox.real.folders import RunFolder
from kitestring.sandbox.real.server import Server
from kitestring.sandbox.real.trouble import Absent

PROGRAMS = ("mariadbd", "mariadb-install-db", "mariadb")
ALSO_IN = "/usr/sbin:/usr/bin:/sbin:/bin"  # an ordinary user's PATH often lacks the first
SETTINGS = (
    "--skip-networking",
    "--skip-log-bin",
    "--performance-schema=OFF",
    "--innodb-buffer-pool-size=32M",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=0",
    "--pid-file=server.pid",
)


def programs() -> dict[str, str]:
    """Where MariaDB's programs are. Raises `Absent`."""
    found = {name: shutil.which(name) or shutil.which(name, path=ALSO_IN) for name in PROGRAMS}
    missing = [name for name, path in found.items() if path is None]
    if missing:
        raise Absent(f"Not installed: {', '.join(missing)}. Run bin/system-packages real.")
    return {name: str(path) for name, path in found.items()}


def start(folder: RunFolder, servers: list[Server], user: str | None, database: str) -> Path:
    """Start one as `user`, note it in `servers`, make `database`; the socket it listens on."""
    found = programs()
    home = folder.sub("mariadb", user)
    data, listens = f"--datadir={home / 'data'}", home / "s.sock"
    making = [found["mariadb-install-db"], "--no-defaults", data, "--skip-test-db"]
    run_as(user, "mariadb-install-db", [*making, "--auth-root-authentication-method=normal"], home)
    server = Server(
        "MariaDB",
        [found["mariadbd"], "--no-defaults", data, f"--socket={listens}", *SETTINGS],
        log=folder.path / "mariadb.log",
        cwd=home,
        user=user,
        stop_signal=signal.SIGKILL,  # an orderly end takes seconds and saves nothing that is wanted
    )
    servers.append(server)
    server.until(lambda: _listening(listens), 60)
    client = [found["mariadb"], "--no-defaults", f"--socket={listens}", "--user=root"]
    run_as(user, "mariadb", [*client, f"--execute=CREATE DATABASE {database} CHARACTER SET utf8mb4"], home)
    return listens


def _listening(path: Path) -> bool | None:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return None
    return True
