"""The first post of a slot arrives no later than 0.1 s after its second: the distribution over sixty slots, one a second.

One worker, a platform that answers after 30 ms, two accounts' posts due in each second. Lateness is counted from the due
second to the moment at which the platform has the post, its 30 ms left out. A quiet machine is meant: beside other loads the
tail tells of them. Argument: how many slots (60).
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SLOTS, A_SLOT = 60, 2
LEAD = 12.0
LIMIT = 0.1
STEP = 0.02  # seconds; width of a line of the distribution


def lay(member: Any, accounts: list[Any], slots: int) -> dict[str, float]:
    """Each duty's key with its due moment (seconds)."""
    from django.db import transaction

    from benchmarks import _burst_ground
    from benchmarks.delivery_burst import whole_second
    from kitestring.domains.publishing.actions.tell import wake_slots

    begin = whole_second(LEAD)
    dues = [begin + timedelta(seconds=n) for n in range(slots)]
    laid: dict[str, float] = {}
    with transaction.atomic():
        for due in dues:
            made = _burst_ground.duties(member, accounts, A_SLOT, due)
            laid |= {key: due.timestamp() for key, _body in made}
        wake_slots(dues)
    return laid


def firsts(laid: dict[str, float], came: list[tuple[str, float]]) -> list[float]:
    """How late the first of each slot was there, in order of size."""
    from benchmarks._burst_programs import ANSWERS_AFTER

    first: dict[float, float] = {}
    for key, at in came:
        due = laid[key]
        first[due] = min(first.get(due, at), at)
    return sorted(at - due - ANSWERS_AFTER for due, at in first.items())


def tell(late: list[float]) -> None:
    lines = Counter(int(one / STEP) for one in late)
    for line in range(max(lines) + 1):
        print(f"{line * STEP:6.2f} to {(line + 1) * STEP:4.2f} s {lines[line]:4} {'#' * lines[line]}")
    figures = {
        "median_s": statistics.median(late),
        "p90_s": late[int(len(late) * 0.9) - 1],
        "max_s": late[-1],
        "ratio": late[-1] / LIMIT,
    }
    print("slot_lateness", *(f"{key}={value:.3f}" for key, value in figures.items()), f"slots={len(late)}")


def _ground(address: str) -> tuple[Any, list[Any]]:
    from benchmarks import _burst_ground  # its models can be loaded only now

    return _burst_ground.accounts(A_SLOT, address)


def main() -> int:
    sys.path.insert(0, str(ROOT))
    from benchmarks._house import house
    from benchmarks.delivery_burst import came, program

    slots = int(sys.argv[1]) if len(sys.argv) > 1 else SLOTS
    with (
        house(KITESTRING_ALLOW_LOOPBACK="1"),
        program("-m", "benchmarks._burst_programs", "platform") as platform,
    ):
        address = (platform.stdout.readline() if platform.stdout else "").strip()
        member, accounts = _ground(address)
        with program("-m", "kitestring.cli", "worker", KITESTRING_ALLOW_LOOPBACK="1"):
            time.sleep(3)
            laid = lay(member, accounts, slots)
            time.sleep(max(0.0, max(laid.values()) - time.time()) + 3)
            tell(firsts(laid, came(address)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
