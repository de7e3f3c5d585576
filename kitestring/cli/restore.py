"""`kitestring restore FILE`: brings a backup back; what was there before is set aside, never deleted."""

from __future__ import annotations

import argparse
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from kitestring.cli import archive
from kitestring.cli.database import beside, name_of, reachable, run_tool
from kitestring.cli.doubted import doubt_open
from kitestring.cli.instance import KEY_NAMES, Instance
from kitestring.cli.takeover import take_media, take_secrets
from kitestring.cli.trouble import CommandFailed
from kitestring.kit import clock

# Tables that a fresh, empty instance fills by itself; rows elsewhere are somebody's work.
BOOKKEEPING = ("django\\_%", "auth\\_%", "kitestring\\_schema", "procrastinate\\_%")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a file written by `kitestring backup`")
    parser.add_argument(
        "--replace",
        action="store_true",
        help="restore over an instance that is not empty; what it holds is set aside",
    )


def run(arguments: argparse.Namespace) -> int:
    instance, file = Instance(), arguments.file.absolute()
    instance.make_folders()
    instance.lock.take()  # `kitestring up` must not be running on it
    try:
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=instance.home) as working:
            unpacked = archive.unpack(file, Path(working))
            with reachable(instance) as url:
                _restore(instance, url, unpacked, file, replace=arguments.replace)
    except OSError as error:
        raise CommandFailed(
            f"The restore broke off: {error.filename or instance.home}: {error.strerror}. Nothing was deleted. "
            f"What is no longer in its place lies in {instance.home}, in folders and files with “before” in their name."
        ) from error
    finally:
        instance.lock.drop()
    print(f"Restored {file} (made {unpacked.about['made_at']}). Start the instance with `kitestring up`.")
    return 0


def _restore(instance: Instance, url: str, unpacked: archive.Unpacked, file: Path, *, replace: bool) -> None:
    held = _tables_with_rows(url)
    media_held = any(instance.media.iterdir())
    if (held or media_held) and not replace:
        raise CommandFailed(
            f"This instance is not empty ({len(held)} tables hold rows). Nothing was changed. To restore over it run\n"
            f"  kitestring restore --replace {file}\n"
            "Its database and media are then kept beside the restored ones, under names that end in the time of day."
        )
    with ExitStack() as undo:
        stamp = clock.now().strftime("%Y%m%d_%H%M%S")
        fresh = _fresh_database(url, unpacked.dump, stamp, undo)
        doubted = _doubt(url, fresh, unpacked)
        try:
            _secrets(instance, unpacked.secrets, stamp, undo)
            media = take_media(instance, unpacked.media, stamp, undo)
        except OSError as error:
            raise CommandFailed(
                f"The files could not be put in place: {error.filename or instance.home}: {error.strerror}. "
                "Everything was put back; the instance is as it was. Make room or correct its rights, and try again."
            ) from error
        kept = _swap_database(url, fresh, stamp)
        undo.pop_all()
    if doubted:
        print(
            f"{doubted} deliveries may have gone out since the backup was made. They are looked for before anything "
            "is sent; where nobody can look, a person decides."
        )
    if held:
        print(f"Kept the former database as {kept} on the same server.")
    else:
        _drop(url, kept)
    if media:
        print(f"Kept the former media in {media}.")


def _tables_with_rows(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        names = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT tablename LIKE ANY (%s)",
            [list(BOOKKEEPING)],
        ).fetchall()
        filled = sql.SQL("SELECT EXISTS (SELECT FROM {})")
        return [
            name
            for (name,) in names
            if (connection.execute(filled.format(sql.Identifier(name))).fetchone() or (False,))[0]
        ]


def _fresh_database(url: str, dump: Path, stamp: str, undo: ExitStack) -> str:
    """The name of a new database with what the backup holds."""
    fresh = f"{name_of(url)}_restored_{stamp}"
    with psycopg.connect(beside(url, "postgres"), autocommit=True) as server:
        _do(server, "CREATE DATABASE {} TEMPLATE template0", fresh)
    undo.callback(_drop, url, fresh)
    run_tool("pg_restore", beside(url, fresh), "--no-owner", "--no-privileges", "--exit-on-error", dump)
    return fresh


def _doubt(url: str, fresh: str, unpacked: archive.Unpacked) -> int:
    with psycopg.connect(beside(url, fresh)) as database:
        return doubt_open(database, str(unpacked.about["made_at"]), clock.now())


def _swap_database(url: str, fresh: str, stamp: str) -> str:
    """Give the restored database the old one's name, both renamed or neither; returns what the old one is called now."""
    current = name_of(url)
    aside = f"{current}_before_{stamp}"
    with psycopg.connect(beside(url, "postgres")) as server:
        _do(server, "ALTER DATABASE {} RENAME TO {}", current, aside)
        _do(server, "ALTER DATABASE {} RENAME TO {}", fresh, current)
    return aside


def _drop(url: str, name: str) -> None:
    with psycopg.connect(beside(url, "postgres"), autocommit=True) as server:
        _do(server, "DROP DATABASE IF EXISTS {}", name)


def _do(server: psycopg.Connection, statement: str, *names: str) -> None:
    try:
        server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
    except psycopg.errors.ObjectInUse as error:
        raise CommandFailed(
            "The database is in use by another process. Nothing was changed. Stop `kitestring up` and every "
            "`kitestring worker` on it, on other machines too, and try again."
        ) from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise CommandFailed(
            "The database's user may not make and rename databases. Nothing was changed. "
            "Restore by hand as docs/operators/backup.md shows, or use a user who may."
        ) from error


def _secrets(instance: Instance, restored: dict[str, Any] | None, stamp: str, undo: ExitStack) -> None:
    if restored is None:
        print(
            "The backup holds no secrets: connected accounts open only with the keys they were sealed with."
        )
        return
    take_secrets(instance, restored, stamp, undo)
    named = [name for name in KEY_NAMES if os.environ.get(name)]
    if named:
        print(
            f"The backup's keys are in {instance.secrets_file}, but {', '.join(named)} in the environment "
            "counts over it: add the backup's keys there, or connected accounts do not open."
        )
