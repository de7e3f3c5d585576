"""A real instance in processes of its own: started as a person would start it, on a free port, in a copied home."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from kitestring.cli.instance import MARK, Address
from kitestring.cli.ready import answers
from tests.database import roomy

PATIENCE = 45.0  # seconds; many things may run on the machine beside the tests


def surroundings(home: Path, **more: str) -> dict[str, str]:
    """The tests' own environment without what would steer an instance."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("KITESTRING_") and k != "DATABASE_URL"}
    return {**kept, "KITESTRING_HOME": str(home), "PYTHONUNBUFFERED": "1", **more}


def until(what: Callable[[], object], saying: str, patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not what():
        assert time.monotonic() < deadline, saying
        time.sleep(0.05)


class Up:
    """A running `kitestring up`."""

    def __init__(
        self,
        home: Path,
        *words: str,
        port: int = 0,
        python: str = sys.executable,
        user: int | None = None,
        group: int | None = None,
        **environment: str,
    ) -> None:
        self.home = home
        self.address = Address("127.0.0.1", port or free_port())
        self.said = Path(tempfile.mkstemp(prefix="ks-said-", dir=os.environ["KITESTRING_HOME"] + "/..")[1])
        bind = f"127.0.0.1:{self.address.port}"
        with self.said.open("w") as output:
            self.process = psutil.Popen(
                [python, "-m", "kitestring.cli", "up", "--bind", bind, *words],
                env=surroundings(home, **environment), stdout=output, stderr=output, cwd="/",
                user=user, group=group, extra_groups=None if user is None else [],
            )  # fmt: skip

    @property
    def words(self) -> str:
        return self.said.read_text()

    def wait_until_up(self) -> Up:
        until(lambda: "Kitestring is up" in self.words or self.process.poll() is not None, self.words)
        assert "Kitestring is up" in self.words, self.words
        return self

    def one(self, *words: str) -> psutil.Process:
        """The process of this instance, directly under the supervisor, whose command line has these words."""
        return next(
            c for c in self.process.children() if all(word in " ".join(c.cmdline()) for word in words)
        )

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return int(self.process.wait(15))

    def left(self) -> list[str]:
        """What still runs on this home: marked processes and the database's."""
        found = []
        for process in psutil.process_iter():
            try:
                line = process.cmdline()
                of_database = str(self.home) in " ".join(line) and "postgres" in line[0] if line else False
                if of_database or process.environ().get(MARK) == str(self.home):
                    found.append(f"{process.pid} {line}")
            except psutil.Error:
                continue
        return found

    def ready(self) -> bool:
        return answers(self.address)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def place() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="ks-cli-", dir=roomy()))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def seed() -> Path:
    """A home that was up once: its database is made and migrated, its secrets written. One for all of xdist's workers."""
    folder = Path(os.environ["KITESTRING_HOME"]).parent / "seed"
    with open(folder.with_name("seed.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            folder.mkdir(mode=0o755)
            up = Up(folder / "home")
            try:
                up.wait_until_up()
            finally:
                assert up.stop() == 0, up.words
            (folder / "made").write_text(up.words)
    return folder / "home"


@pytest.fixture
def home(seed: Path, place: Path) -> Path:
    subprocess.run(["cp", "-a", seed, place / "home"], check=True)
    return place / "home"


@pytest.fixture
def new_up() -> Iterator[Callable[..., Up]]:
    """Starts instances and ends whatever of them is left."""
    started: list[Up] = []

    def start(home: Path, *words: str, **options: str) -> Up:
        started.append(Up(home, *words, **options))
        return started[-1]

    yield start
    # All first, then the looks: two may share a home.
    for up in started:
        if up.process.poll() is None:
            up.stop()
    for up in started:
        until(lambda up=up: not up.left(), "processes outlived their supervisor", 15)
