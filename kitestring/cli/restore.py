"""`kitestring restore FILE`: brings a backup back; what was there before is set aside, never deleted."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from kitestring.cli import archive
from kitestring.cli.database import beside, name_of, reachable, run_tool
from kitestring.cli.instance import Instance
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
    stamp = clock.now().strftime("%Y%m%d_%H%M%S")
    kept = _swap_database(url, unpacked.dump, stamp, keep=bool(held))
    if kept:
        print(f"Kept the former database as {kept} on the same server.")
    if media_held:
        aside = instance.media.rename(instance.media.with_name(f"media.before-{stamp}"))
        print(f"Kept the former media in {aside}.")
    else:
        instance.media.rmdir()
    unpacked.media.rename(instance.media)
    instance.media.chmod(0o700)
    _take_secrets(instance, unpacked.secrets, stamp)


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


def _swap_database(url: str, dump: Path, stamp: str, *, keep: bool) -> str | None:
    """Restore into a new database first; only when that succeeded does it take the old one's name."""
    current = name_of(url)
    fresh, aside = f"{current}_restored_{stamp}", f"{current}_before_{stamp}"
    with psycopg.connect(beside(url, "postgres"), autocommit=True) as server:
        _do(server, "CREATE DATABASE {} TEMPLATE template0", fresh)
        try:
            run_tool(
                "pg_restore", beside(url, fresh), "--no-owner", "--no-privileges", "--exit-on-error", dump
            )
            _do(server, "ALTER DATABASE {} RENAME TO {}", current, aside)
        except BaseException:
            _do(server, "DROP DATABASE {}", fresh)
            raise
        _do(server, "ALTER DATABASE {} RENAME TO {}", fresh, current)
        if keep:
            return aside
        _do(server, "DROP DATABASE {}", aside)
    return None


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


def _take_secrets(instance: Instance, restored: dict[str, Any] | None, stamp: str) -> None:
    """The backup's keys open the restored grants; keys made since stay, behind them."""
    if restored is None:
        print(
            "The backup holds no secrets: connected accounts open only with the keys they were sealed with."
        )
        return
    if instance.secrets_file.exists():
        present = instance.read_secrets()
        if present == restored:
            return
        instance.secrets_file.rename(instance.secrets_file.with_name(f"secrets.before-{stamp}.json"))
        keys = [*restored["crypto_keys"], *present["crypto_keys"]]
        restored = {**restored, "crypto_keys": list(dict.fromkeys(keys))}
    instance.write_secrets(restored)
