"""Makes what a cluster consists of: the data files, the configuration, the database, the log."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import BinaryIO

from kitestring.kit.postgres.engine import MAJOR, Engine
from kitestring.kit.postgres.folders import make
from kitestring.kit.postgres.owner import clean_environment
from kitestring.kit.postgres.place import Place
from kitestring.kit.postgres.trouble import Trouble

DATABASE = "kitestring"
LOG_LIMIT = 5_000_000  # bytes; a longer log is set aside at the next start
# C.UTF-8 from PostgreSQL itself: sorts by code point and folds case in all scripts, the same on every system.
LOCALE = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")


def cluster(place: Place, engine: Engine) -> bool:
    """Have data files of our version; True if they were made now. They appear under their name only when whole."""
    stamp = place.data / "PG_VERSION"
    if place.data.exists():
        try:
            found = stamp.read_text().strip()
        except FileNotFoundError as error:
            raise Trouble(
                f"{place.data} is not a whole database: {stamp.name} is missing. Nothing was changed. "
                "Move that folder away and bring a backup back with `kitestring restore`."
            ) from error
        if found != str(MAJOR):
            raise Trouble(
                f"The database in {place.data} was made by PostgreSQL {found}; this Kitestring brings {MAJOR}. "
                "Nothing was changed. Back it up with the Kitestring that made it, then restore it with this one."
            )
        return False
    draft = place.folder / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    make(draft, 0o700, place.owner)
    done = place.owner.run(
        [engine.tool("initdb"), "-D", draft, "-U", "kitestring", "--auth-local=trust",
         "--auth-host=scram-sha-256", "--no-instructions", "--no-sync", *LOCALE]
    )  # fmt: skip
    if done.returncode != 0:
        shutil.rmtree(draft, ignore_errors=True)
        raise Trouble(
            f"The database could not be made in {place.folder}. PostgreSQL says:\n{done.stderr.strip()}"
        )
    draft.rename(place.data)
    return True


def put_on_disk(place: Place, engine: Engine) -> subprocess.Popen[bytes]:
    """Flush newly made files, beside the work that follows: saves the very first start a second or two."""
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        [engine.tool("initdb"), "--sync-only", "-D", place.data],
        stdin=quiet, stdout=quiet, stderr=quiet, env=clean_environment(), cwd="/", **place.owner.popen_options(),
    )  # fmt: skip


def configuration(place: Place, text: str) -> Path:
    """Write postgresql.conf beside the data, where only we write and the owner can read."""
    path = place.folder / "postgresql.conf"
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    draft.write_text(text)
    draft.chmod(0o644)
    draft.rename(path)
    return path


def database(engine: Engine, sockets: Path, role: str, name: str = DATABASE) -> None:
    """Create the database if it is absent."""
    if name not in _ask(engine, sockets, role, "SELECT datname FROM pg_database").split():
        _ask(engine, sockets, role, f'CREATE DATABASE "{name}"')


def _ask(engine: Engine, sockets: Path, role: str, statement: str) -> str:
    command: list[str | Path] = [
        engine.tool("psql"),
        "-X",
        "-h",
        sockets,
        "-U",
        role,
        "-d",
        "postgres",
        "-Atc",
        statement,
    ]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env=clean_environment(), timeout=60
    )
    if done.returncode != 0:
        raise Trouble(f"The database started but does not answer. It says:\n{done.stderr.strip()}")
    return done.stdout.strip()


def open_log(path: Path) -> BinaryIO:
    """The server's log, opened to append."""
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.rename(path.with_suffix(".log.1"))
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600), "wb")


def tail(path: Path, lines: int = 8) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
