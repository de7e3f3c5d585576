"""Gives one run of the tests a PostgreSQL, a data folder and secrets of its own, before the settings are read.

Loaded by `-p tests.database` (pyproject.toml): the settings are read before any conftest is. The run's first process
owns one throwaway cluster; xdist's workers find its address in their surroundings. A DATABASE_URL that is set already
is used instead. Several runs at once do not meet: each has its own folder, gone at the end.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kitestring.kit.postgres import Busy, Cluster
from kitestring.kit.postgres.lock import Lock

FOLDERS = "ks-test-"
ENOUGH = 8 << 30  # bytes free in memory-backed storage
FIXED = {
    "KITESTRING_TESTING": "1",
    "KITESTRING_SECRET_KEY": "only-for-tests-and-the-same-in-every-run-of-them",
    "KITESTRING_CRYPTO_KEYS": "a2l0ZXN0cmluZy10ZXN0cy1vbmx5LWtleS1vbmUtMDE=",
    "KITESTRING_ALLOW_LOOPBACK": "1",
}
# What steers the tests themselves; every other name of ours would steer the product, and a shell may hold some.
KEPT = {
    "KITESTRING_CACHE",
    "KITESTRING_CHROMIUM",
    "KITESTRING_RAN_FILE",
    "KITESTRING_SPECS",
}

_folder: Path | None = None
_cluster: Cluster | None = None


@pytest.hookimpl(tryfirst=True)
def pytest_addoption(parser: pytest.Parser) -> None:
    """The earliest hook there is: only the surroundings are set here, nothing is started."""
    global _folder, _cluster
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    for name in [name for name in os.environ if name.startswith("KITESTRING_") and name not in KEPT]:
        del os.environ[name]
    os.environ.update(FIXED)
    _sweep()
    _folder = Path(tempfile.mkdtemp(prefix=FOLDERS, dir=roomy()))
    # PostgreSQL does not run as root: the user it runs as must be able to walk in here.
    _folder.chmod(0o711)
    os.environ["KITESTRING_HOME"] = str(_folder / "home")
    if "DATABASE_URL" not in os.environ:
        _cluster = Cluster(_folder / "database", durable=False)
        os.environ["DATABASE_URL"] = _cluster.prepare()


def pytest_configure(config: pytest.Config) -> None:
    if _cluster is not None and not config.option.collectonly and not config.option.help:
        _cluster.start()


def pytest_unconfigure() -> None:
    if _cluster is not None:
        _cluster.stop()
        os.environ.pop("DATABASE_URL", None)
    if _folder is not None:
        shutil.rmtree(_folder, ignore_errors=True)


def roomy() -> str:
    """Where short-lived databases go: memory if there is much of it, else the folder for temporary files."""
    try:
        memory = os.statvfs("/dev/shm")
    except OSError:
        return tempfile.gettempdir()
    return "/dev/shm" if memory.f_bavail * memory.f_frsize > ENOUGH else tempfile.gettempdir()


def _sweep() -> None:
    """Remove what a killed run left. Its server died with it, and its lock is free."""
    for left in Path(roomy()).glob(f"{FOLDERS}*/database/postgres/owner.lock"):
        try:
            with _held(left):
                shutil.rmtree(left.parents[2], ignore_errors=True)
        except (Busy, OSError):
            continue


@contextmanager
def _held(path: Path) -> Iterator[None]:
    lock = Lock(path)
    lock.take()
    try:
        yield
    finally:
        lock.drop()
