"""The live server counts the connections it is answering, so that a test can wait for the last of them.

Emptying the tables while a page that is closed already is still being answered ends in a deadlock, or leaves a row of
one test in the next.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connection

BUSY = """SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
    AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state IN ('active', 'idle in transaction'))"""


class Counting(ThreadedWSGIServer):
    """`Counting.open` is how many connections to live servers of this process have a thread of their own now."""

    open = 0
    _lock = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._add(1)  # before its thread begins: a thread that waits for its turn is at work too
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._add(-1)

    def _add(self, by: int) -> None:
        with Counting._lock:
            Counting.open += by


def wait_for_rest(at_most: float = 10.0) -> None:
    """Until every connection of a closed page is answered and no other one to this database has been at work for a
    moment; gives up after so many seconds."""
    end, quiet = time.monotonic() + at_most, 0
    while quiet < 3 and time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(BUSY)
            quiet = 0 if Counting.open or cursor.fetchone()[0] else quiet + 1
        time.sleep(0.02)
