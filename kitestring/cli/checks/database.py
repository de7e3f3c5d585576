"""The database: answers, has a fit version and schema, and a worker that is alive."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime

import psycopg

from kitestring.cli import schema
from kitestring.cli.checks.finding import Finding, note, well, wrong
from kitestring.cli.fingerprint import fingerprint
from kitestring.cli.instance import Instance
from kitestring.kit import clock
from kitestring.kit.postgres import Trouble, url_of_running

OLDEST = 150000  # server_version_num of PostgreSQL 15
SILENT_AFTER = 60  # seconds; a worker says every 10 that it lives


def look(instance: Instance) -> Iterator[Finding]:
    external = os.environ.get("DATABASE_URL")
    try:
        url = external or url_of_running(instance.home)
    except Trouble as trouble:
        yield wrong(str(trouble), "do as it says")
        return
    if not url:
        yield wrong("The instance is not running, so its database is not either.", "kitestring up")
        return
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            yield from _answering(connection, external=bool(external))
    except psycopg.OperationalError as error:
        cure = "see that it runs and that DATABASE_URL is right" if external else "restart kitestring up"
        yield wrong(f"The database does not answer: {str(error).strip()}", cure)


def _answering(connection: psycopg.Connection, *, external: bool) -> Iterator[Finding]:
    version = connection.info.server_version
    shown = f"PostgreSQL {version // 10000}.{version % 10000}"
    if version < OLDEST:
        yield wrong(f"The database is {shown}.", "Kitestring needs PostgreSQL 15 or newer")
    else:
        yield well(f"The database answers ({shown}, {'by DATABASE_URL' if external else 'embedded'}).")
    if schema.noted(connection) == fingerprint():
        yield well("The schema is the one this version wants.")
    else:
        yield wrong(
            "The schema is not the one this version wants.", "restart kitestring up: it brings it up to date"
        )
        return
    yield _worker(connection)


def _worker(connection: psycopg.Connection) -> Finding:
    row = connection.execute("SELECT max(last_heartbeat) FROM procrastinate_workers").fetchone()
    seen: datetime | None = row[0] if row else None
    if seen is None:
        return wrong(
            "No worker has said that it lives; nothing is published.", "kitestring up, or kitestring worker"
        )
    silent = (clock.now() - seen).total_seconds()
    if silent > SILENT_AFTER:
        return wrong(
            f"The last sign of life of a worker is {silent:.0f} s old; nothing is published.",
            "restart kitestring up, or start kitestring worker; its log says why it ended",
        )
    waiting = connection.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'").fetchone()
    failed = waiting[0] if waiting else 0
    return (
        note(f"A worker is alive; {failed} jobs have failed.", "see worker.log")
        if failed
        else well("A worker is alive.")
    )
