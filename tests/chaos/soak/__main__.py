"""`bin/chaos`: the soak. Its last line is `chaos deliveries=.. doubled=.. lost=.. stuck=.. unknown_open=.. ...`.

    bin/chaos [--minutes N | --deliveries N] [--seed S] [--workers N] [--beside REVISION] [--away SECONDS] [--keep]

Exit code 1 when anything is doubled, lost, stuck or still unknown, or when more than 0.5 % of the deliveries on channels
with a look-up ended with a person. No time is asserted: recoveries are printed beside their limits.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Final

import django

from tests.chaos.soak.fleet import ROOT, Fleet
from tests.chaos.soak.script import RATE

AROUND: Final = 75.0  # seconds of a run that are not laying: starting, and coming to rest
SHORTEST: Final = 40.0
EXTRAS: Final = 2


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/chaos", description="Delivery under faults, with real processes."
    )
    much = parser.add_mutually_exclusive_group()
    much.add_argument(
        "--minutes", type=float, default=3.0, help="about how long it runs (default %(default)s)"
    )
    much.add_argument("--deliveries", type=int, help="how many; 10000 is the full run")
    parser.add_argument("--seed", default="", help="the same seed draws the same faults (default: a new one)")
    parser.add_argument(
        "--away", type=float, help="seconds for which the database is gone (60; 10 in a short run)"
    )
    parser.add_argument(
        "--workers", type=int, default=EXTRAS, help="workers beside the instance's own (default %(default)s)"
    )
    parser.add_argument(
        "--beside", default="", help="the workers beside it run this earlier revision until an upgrade comes"
    )
    parser.add_argument("--keep", action="store_true", help="leave the folder with data and logs")
    return parser.parse_args()


def main() -> int:
    words = asked()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # whoever ends it ends all that it started
    seed = words.seed or secrets.token_hex(4)
    seconds = max(SHORTEST, words.minutes * 60 - AROUND)
    deliveries = words.deliveries or int(seconds * RATE)
    away = words.away or (60.0 if deliveries / RATE > 300 else 10.0)
    say(f"seed {seed}: {deliveries} deliveries, {deliveries / RATE:.0f} s of laying")
    folder = Path(tempfile.mkdtemp(prefix="ks-soak-"))
    folder.chmod(0o711)  # the database does not run as root and must be able to walk in
    before = _exported(words.beside, folder / "before") if words.beside else None
    fleet = Fleet(folder, seed, max(1, words.workers), before)
    try:
        return _soak(fleet, seed, deliveries, away)
    finally:
        fleet.stop()
        if words.keep:
            say(f"Kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _exported(revision: str, folder: Path) -> Path:
    """The product's tree as it was at a revision."""
    folder.mkdir()
    packed = subprocess.run(["git", "archive", revision], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", str(folder)], input=packed, check=True)
    return folder


def _soak(fleet: Fleet, seed: str, deliveries: int, away: float) -> int:
    url = fleet.prepare()
    os.environ.update(fleet.environment | {"DATABASE_URL": url})
    sys.path.insert(1, str(fleet.folder / "packages"))
    fleet.start()
    django.setup()
    # Models can be imported only once the settings are found, and those are the run's own.
    drive = import_module("tests.chaos.soak.drive")
    return int(drive.drive(fleet, seed, deliveries, away, say))


if __name__ == "__main__":
    sys.exit(main())
