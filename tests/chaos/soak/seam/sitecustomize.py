"""What every Python of the soak loads before anything else: short times, and a clock that is moved while it runs.

Python finds it by PYTHONPATH, and only the soak sets that; outside tests it does nothing, and `kit.clock` refuses too.

    SOAK_TIMES      "lease call longest": the lease of a batch, the time-out of a call, the longest wait before another try
    SOAK_CLOCK      a file with the seconds by which the product's clock is moved; workers read it again and again
    SOAK_DATABASE   the name of the embedded server's database: `ks_now()` can be moved in one called test_... alone
"""

import os
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

AGAIN = 0.05  # seconds between two looks at the clock's file


def _follow(clock_file: Path) -> None:
    while True:
        _read(clock_file)
        time.sleep(AGAIN)


def _read(clock_file: Path) -> None:
    try:
        clock.move(timedelta(seconds=float(clock_file.read_text())))
    except (OSError, ValueError):
        return  # it is being written


def _begin() -> None:
    file = Path(os.environ["SOAK_CLOCK"])
    _read(file)
    threading.Thread(target=_follow, args=(file,), daemon=True).start()


if os.environ.get("KITESTRING_TESTING") == "1" and "SOAK_TIMES" in os.environ:
    from kitestring.domains.publishing.rules import waiting
    from kitestring.kit import clock
    from kitestring.kit.postgres import Cluster, running

    lease, call, longest = (float(word) for word in os.environ["SOAK_TIMES"].split())
    waiting.LEASE, waiting.CALL_TIMEOUT, waiting.LONGEST_WAIT = lease, call, longest
    clock.elapsed = time.monotonic  # the soak's clock is set, and no time passes by that
    name = os.environ["SOAK_DATABASE"]
    Cluster.url.__defaults__ = running.url_of_running.__defaults__ = (name,)
    if "worker" in sys.orig_argv:
        _begin()
        os.register_at_fork(after_in_child=_begin)  # a thread is not there in a fork
