"""Homes for clusters of the tests' own, cleared whatever happens."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from kitestring.kit.postgres import Cluster
from kitestring.kit.postgres.running import postmaster
from tests.database import roomy

NewCluster = Callable[..., Cluster]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder everyone may walk into, unlike tmp_path, which is closed to all but its maker."""
    folder = Path(tempfile.mkdtemp(prefix="ks-own-", dir=roomy()))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def seed() -> Iterator[Path]:
    """A home whose database is made already: copying it is ten times quicker than making another."""
    home = Path(tempfile.mkdtemp(prefix="ks-seed-", dir=roomy()))
    home.chmod(0o711)
    with Cluster(home):
        pass
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def new_cluster(seed: Path) -> Iterator[NewCluster]:
    """Makes fast throwaway clusters and leaves nothing of them behind; `fresh` ones start from nothing."""
    made: list[Cluster] = []

    def make(home: Path, *, fresh: bool = False, **options: bool) -> Cluster:
        if not fresh and not home.exists():
            home.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "-a", seed, home], check=True)
        made.append(Cluster(home, **{"durable": False, **options}))
        return made[-1]

    yield make
    for cluster in made:
        if not hasattr(cluster, "place"):
            continue
        cluster.stop()
        pid = postmaster(cluster.place.data)
        if pid:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)
        shutil.rmtree(cluster.place.folder, ignore_errors=True)


@pytest.fixture
def stranger() -> pwd.struct_passwd:
    """An ordinary user to become; only root can."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    return pwd.getpwnam("nobody")
