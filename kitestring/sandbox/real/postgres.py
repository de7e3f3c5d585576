"""A PostgreSQL that is thrown away: a distribution's, because the AppView wants `pg_trgm` and the embedded one has none."""

from __future__ import annotations

import signal
from pathlib import Path

import psycopg
from psycopg import sql

from kitestring.sandbox.real.commands import run_as
from kitestring.sandbox.real.folders import RunFolder, unprivileged
from kitestring.sandbox.real.server import Server
from kitestring.sandbox.real.trouble import Absent

BINARIES = Path("/usr/lib/postgresql")
SHARED = Path("/usr/share/postgresql")
EXTENSION = "extension/pg_trgm.control"
SETTINGS = {  # nothing of it has to survive, so nothing is synced to disk
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "32MB",
}


def binaries() -> Path:
    """The folder of the newest distribution's PostgreSQL that has `pg_trgm`. Raises `Absent`."""
    fitting = [
        folder / "bin"
        for folder in BINARIES.glob("[0-9]*")
        if (folder / "bin/postgres").exists() and (SHARED / folder.name / EXTENSION).exists()
    ]
    if not fitting:
        raise Absent(
            "No PostgreSQL of the distribution, with pg_trgm, is installed. Run bin/system-packages real."
        )
    return max(fitting, key=lambda folder: int(folder.parent.name))


def start(folder: RunFolder, servers: list[Server], database: str) -> str:
    """Start one, note it in `servers`, make `database`; its address. Listens on a socket in a private folder only."""
    programs, user = binaries(), unprivileged("postgres")
    home = folder.sub("postgres", user)
    data = home / "data"
    making: list[str | Path] = [
        "--auth=trust",
        "--username=postgres",
        "--no-sync",
        "--encoding=UTF8",
        "--no-locale",
        "-D",
        data,
    ]
    run_as(user, "initdb", [programs / "initdb", *making], home)
    settings = SETTINGS | {"unix_socket_directories": str(home)}
    flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    server = Server(
        "PostgreSQL",
        [programs / "postgres", "-D", data, *flags],
        log=folder.path / "postgres.log",
        cwd=home,
        user=user,
        stop_signal=signal.SIGINT,  # does not wait for clients, unlike SIGTERM
    )
    servers.append(server)
    connection = server.until(lambda: _connected(f"postgresql://postgres@/postgres?host={home}"), 60)
    with connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    return f"postgresql://postgres@/{database}?host={home}"


def _connected(url: str) -> psycopg.Connection | None:
    try:
        return psycopg.connect(url, connect_timeout=2, autocommit=True)
    except psycopg.OperationalError:
        return None
