"""`python -m kitestring.sandbox.serve`: every channel's emulator and the audience behind them, until SIGTERM.

KITESTRING_HOME: the data folder. KITESTRING_SANDBOX_SPEED: how many times faster than life (1440: a day a minute).
KITESTRING_SANDBOX_SEED: the same number brings the same people with the same words.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from kitestring.config.environment import home
from kitestring.sandbox.addresses import Addresses, addresses, is_free
from kitestring.sandbox.audience.crowd import Crowd
from kitestring.sandbox.emulated import all_emulated
from kitestring.sandbox.running import running

SPEED = 60.0  # an hour in a minute
PATIENCE = 5.0


def main() -> int:
    place = home()
    where = addresses(place)
    speed = float(os.environ.get("KITESTRING_SANDBOX_SPEED") or SPEED)
    seed = int(os.environ.get("KITESTRING_SANDBOX_SEED") or 1)
    try:
        asyncio.run(_until_stopped(place, where, speed, seed))
    except OSError as error:
        sys.stderr.write(
            f"The sandbox cannot listen where this data folder's posts are kept ({error}). "
            "End the other program, or empty the demo with `kitestring demo --empty`.\n"
        )
        return 1
    return 0


async def _until_stopped(place: Path, where: Addresses, speed: float, seed: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await _others_gone(where)
    channels = all_emulated(place, where)
    async with running(channels, where, Crowd(channels, seed=seed, speed=speed)):
        sys.stdout.write(f"The sandbox is up: {where.index}\n")
        sys.stdout.flush()
        await stop.wait()


async def _others_gone(where: Addresses) -> None:
    """An earlier run may need a moment to let go of the ports."""
    for _ in range(int(PATIENCE / 0.1)):
        if all(is_free(port) for port in where.ports.values()):
            return
        await asyncio.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
