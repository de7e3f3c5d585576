"""The processes of a run: `kitestring up` with its own database, more workers beside it, and the platform."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen

import psutil

from kitestring.domains.publishing.tests.harbour.manifests import WAYS
from kitestring.kit.postgres import Cluster, running
from kitestring.kit.postgres.place import noted_folder
from kitestring.kit.tether import tethered
from tests.chaos.soak import channel

ROOT: Final = Path(__file__).resolve().parents[3]
SEAM: Final = "tests/chaos/soak/seam"
DATABASE: Final = "test_soak"
UP: Final = -1  # the place of `kitestring up` beside the workers' places
NAME: Final = "soak-{place}"  # of a process's connections
# As short beside the other times of the soak as it is in the product.
HELD_UP: Final = "-c%20idle_in_transaction_session_timeout%3D4s"
GROWN: Final = 6.0  # seconds after which a worker has surely looked at the clock
UP_AGAIN: Final = 2.0  # seconds between two starts of it
UP_WITHIN: Final = 240.0  # seconds on a machine that has much else to do


class Fleet:
    """Everything that is started and killed; it ends with whoever started it. `folder` holds it all."""

    def __init__(self, folder: Path, seed: str, extras: int, before: Path | None = None) -> None:
        """`before`: the product's tree as it was; the workers beside the instance run it until an upgrade takes their place."""
        self.folder = folder
        self.before = before
        self.aged = set(range(extras)) if before else set()
        self.home = folder / "home"
        self.clock = folder / "clock"
        self.clock.write_text("0")
        channel.write(folder / "packages")
        self.platform, self.address = self._platform(seed)
        self.environment = self._surroundings()
        self.url = ""
        self.up: subprocess.Popen[bytes] | None = None
        self.extras: list[subprocess.Popen[bytes] | None] = [None] * extras
        self.port = _free_port()
        self.wanted = self.hands_off = False
        self.resting: set[int] = set()
        self._up_at = 0.0

    def _surroundings(self) -> dict[str, str]:
        plain = {k: v for k, v in os.environ.items() if not k.startswith(("KITESTRING_", "PG", "DJANGO_"))}
        plain.pop("DATABASE_URL", None)
        return plain | {
            "KITESTRING_TESTING": "1",
            "KITESTRING_HOME": str(self.home),
            "KITESTRING_SECRET_KEY": secrets.token_urlsafe(50),
            "KITESTRING_CRYPTO_KEYS": "a2l0ZXN0cmluZy10ZXN0cy1vbmx5LWtleS1vbmUtMDE=",
            "KITESTRING_ALLOW_LOOPBACK": "1",
            "KITESTRING_CHANNEL_URLS": json.dumps({channel.slug(w): {"api": self.address} for w in WAYS}),
            "DJANGO_SETTINGS_MODULE": "kitestring.config.settings",
            "PYTHONPATH": self._path(ROOT),
            "SOAK_TIMES": f"{channel.LEASE} {channel.CALL} {channel.LONGEST}",
            "SOAK_CLOCK": str(self.clock),
            "SOAK_DATABASE": DATABASE,
        }

    def _path(self, tree: Path) -> str:
        return os.pathsep.join(map(str, (tree / SEAM, self.folder / "packages", tree)))

    def _platform(self, seed: str) -> tuple[subprocess.Popen[bytes], str]:
        started = subprocess.Popen(
            tethered([sys.executable, "-m", "tests.chaos.soak.platform", seed], signal.SIGTERM),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=self._log("platform"),
            env=os.environ | {"PYTHONPATH": str(ROOT), "KITESTRING_TESTING": "1"},
        )
        assert started.stdout is not None
        return started, started.stdout.readline().decode().strip()

    def told(self) -> dict[str, Any]:
        with urlopen(f"{self.address}/told", timeout=60) as answer:  # noqa: S310 - our own address
            return dict(json.load(answer))

    def prepare(self) -> str:
        """Make the database under the name of a test's, bring its schema up; where it will be found."""
        self.home.mkdir(mode=0o711)
        with Cluster(self.home) as cluster:
            self.url = cluster.url(DATABASE)
            subprocess.run(
                [cluster.tool("psql"), cluster.url("postgres"), "-c", f"CREATE DATABASE {DATABASE}"],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            subprocess.run(
                [sys.executable, "-m", "kitestring.cli.migrate"],
                check=True,
                cwd=ROOT,
                env=self.environment | {"DATABASE_URL": self.url},
            )
        return self.url

    def start(self) -> None:
        """The instance with its own worker, and the workers beside it."""
        self.wanted = True
        self.start_up()
        deadline = time.monotonic() + UP_WITHIN
        while not self.up_worker():
            self.tend()
            if time.monotonic() > deadline:
                raise RuntimeError(f"kitestring up does not come up:\n{self.words('up')}")
            time.sleep(0.2)
        for place in range(len(self.extras)):
            self.start_extra(place)

    def start_up(self) -> None:
        self.resting.discard(UP)
        self._up_at = time.monotonic()
        self.up = self._program(
            "up", "up", "--bind", f"127.0.0.1:{self.port}", PGAPPNAME=NAME.format(place="up")
        )

    def start_extra(self, place: int) -> subprocess.Popen[bytes]:
        """One more worker, as on another machine: it knows the database's address and nothing else."""
        tree = self.before if self.before and place in self.aged else ROOT
        started = self._program(
            f"worker-{place}",
            "worker",
            tree=tree,
            DATABASE_URL=f"{self.url}{'&' if '?' in self.url else '?'}options={HELD_UP}",
            PGAPPNAME=NAME.format(place=place),
            PYTHONPATH=self._path(tree),
        )
        self.extras[place] = started
        return started

    def _program(self, name: str, *words: str, tree: Path = ROOT, **more: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            tethered([sys.executable, "-m", "kitestring.cli", *words], signal.SIGTERM),
            cwd=tree,
            env=self.environment | more,
            stdin=subprocess.DEVNULL,
            stdout=self._log(name),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def _log(self, name: str) -> Any:
        return (self.folder / f"{name}.log").open("ab")

    def words(self, name: str) -> str:
        """The last of what a program said."""
        return (self.folder / f"{name}.log").read_text("utf-8", "replace")[-3000:]

    def up_worker(self) -> psutil.Process | None:
        """Who keeps the supervisor's worker alive."""
        if self.up is None or self.up.poll() is not None:
            return None
        with suppress(psutil.Error):
            for child in psutil.Process(self.up.pid).children():
                if child.cmdline()[-1:] == ["worker"]:
                    return child
        return None

    def workers(self) -> list[psutil.Process]:
        """Every process that works now, the supervisor's last; those that keep them alive are left out."""
        found = [*map(self._at_work, range(len(self.extras))), self._at_work(UP)]
        return [one for one in found if one]

    def _at_work(self, place: int) -> psutil.Process | None:
        keeper = self.up_worker() if place == UP else self._extra(place)
        return at_work(keeper, alone=place in self.aged) if keeper else None

    def _extra(self, place: int) -> psutil.Process | None:
        one = self.extras[place]
        if one is not None and one.poll() is None:
            with suppress(psutil.Error):
                return psutil.Process(one.pid)
        return None

    def postmaster(self) -> int:
        """The process number of the embedded server."""
        pid = running.postmaster(noted_folder(self.home) / "data")
        if pid is None:
            raise ProcessLookupError("No server runs on that folder.")
        return pid

    @property
    def settled(self) -> bool:
        """Whether every worker has been there for a while and has looked at the clock."""
        living = self.workers()
        young = [one for one in living if time.time() - one.create_time() < GROWN]
        return len(living) == len(self.extras) + 1 - len(self.resting - {UP}) and not young

    def named(self, name: str) -> psutil.Process | None:
        """The worker that the database's server knows by this name."""
        places = {NAME.format(place=place): place for place in range(len(self.extras))}
        return self._at_work(places.get(name, UP))

    def tend(self) -> None:
        """Start again what ended, as whoever keeps programs running does; not what is `resting`."""
        if not self.wanted:
            return
        for place, one in enumerate(self.extras):
            if place not in self.resting and one is not None and one.poll() is not None:
                self.start_extra(place)
        ended = self.up is not None and self.up.poll() is not None
        if ended and UP not in self.resting and time.monotonic() - self._up_at > UP_AGAIN:
            self.start_up()

    def stop(self) -> None:
        """End everything, whatever state it is in."""
        self.wanted = False
        started = [one for one in (*self.extras, self.up, self.platform) if one is not None]
        for one in started:
            one.send_signal(signal.SIGTERM)
        for one in started:
            try:
                one.wait(30)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()


def at_work(keeper: psutil.Process, *, alone: bool = False) -> psutil.Process | None:
    """The fork that works for this keeper now; None between two of them. `alone`: older workers may have no keeper."""
    with suppress(psutil.Error):
        return next(iter(keeper.children()), keeper if alone else None)
    return None


def _free_port() -> int:

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
