"""What the web server loads: our pages, kept behind a gate until the database has the schema they want.

Loading takes longer than anything else in a start, so it goes on beside the database's start and its migration.
The supervisor holds the gate's lock meanwhile; the server takes no request before this file is loaded, so whoever
comes early waits instead of meeting half a schema.
"""

from __future__ import annotations

import fcntl
import os

from kitestring.cli.instance import GATE
from kitestring.config.wsgi import application
from kitestring.kit.heap import settle

__all__ = ["application"]


def wait_at(path: str) -> None:
    """Until nobody holds the lock on this file any more."""
    with open(path) as gate:
        fcntl.flock(gate, fcntl.LOCK_SH)


settle()  # before the gate: it takes its moment while the database is still being made ready
if GATE in os.environ:
    wait_at(os.environ[GATE])
