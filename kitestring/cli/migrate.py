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

ONE_AT_A_TIME = 0x6B697465  # the advisory lock all machines on this database share: "kite"


def migrate(url: str) -> bool:
    """True if something was done."""
    wanted = fingerprint()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        if schema.noted(connection) == wanted:
            return False
        # Loaded by name and late: as a rule there is nothing to do, and Django takes a second to load.
        importlib.import_module("django").setup()
        management = importlib.import_module("django.core.management")
        management.call_command("migrate", interactive=False, verbosity=0)
        with connection.transaction():
            schema.note(connection, wanted)
    return True


if __name__ == "__main__":
    try:
        migrate(os.environ["DATABASE_URL"])
    except psycopg.OperationalError as error:
        sys.exit(f"The database at DATABASE_URL does not answer: {error}")
