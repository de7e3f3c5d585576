"""Brings the database's schema up to this version, once, whoever else is starting at the same moment.

Run by the supervisor as `python -m kitestring.cli.migrate` before anything else touches the database.
"""

from __future__ import annotations

import importlib
import os
import sys

import psycopg

from kitestring.cli import schema
from kitestring.cli.fingerprint import fingerprint
from kitestring.cli.trouble import CommandFailed
from kitestring.cli.version import running_version

ONE_AT_A_TIME = 0x6B697465  # the advisory lock all machines on this database share: "kite"


def migrate(url: str) -> bool:
    """True if something was done. Raises CommandFailed when a newer version made the schema."""
    wanted = fingerprint()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        if schema.noted(connection) == wanted:
            return False
        # Loaded by name and late: as a rule there is nothing to do, and Django takes a second to load.
        importlib.import_module("django").setup()
        _refuse_newer()
        management = importlib.import_module("django.core.management")
        management.call_command("migrate", interactive=False, verbosity=0)
        with connection.transaction():
            schema.note(connection, wanted)
    return True


def _refuse_newer() -> None:
    """Tables this version does not know may want what it would not write: then nothing is touched."""
    connection = importlib.import_module("django.db").connection
    loader = importlib.import_module("django.db.migrations.loader").MigrationLoader(connection)
    known = set(loader.disk_migrations)
    known |= {old for migration in loader.disk_migrations.values() for old in migration.replaces}
    unknown = sorted(f"{app}.{name}" for app, name in set(loader.applied_migrations) - known)
    if unknown:
        raise CommandFailed(
            f"The database was made by a newer version of Kitestring than this one ({running_version()}): it knows "
            f"{', '.join(unknown[:3])}. Nothing was changed. Install that version, or restore a backup that this one made."
        )


if __name__ == "__main__":
    try:
        migrate(os.environ["DATABASE_URL"])
    except CommandFailed as refused:
        sys.exit(str(refused))
    except psycopg.OperationalError as error:
        sys.exit(f"The database at DATABASE_URL does not answer: {error}")
