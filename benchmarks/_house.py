"""An instance of a benchmark's own: a folder, a database that is migrated, and Django set up on it; gone with the block."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import psutil
from django.core.management import call_command

from kitestring.kit.postgres import Cluster


def cpu_of(process: psutil.Process) -> float:
    """CPU seconds of a program: the process that was started and those it started."""
    return sum(sum(one.cpu_times()[:2]) for one in (process, *process.children(recursive=True)))


def memory_of(process: psutil.Process) -> float:
    """What a program takes of the machine's memory in MB: pages that its processes share are counted once."""
    return sum(one.memory_full_info().pss for one in (process, *process.children(recursive=True))) / 1e6


@contextmanager
def house(**more: str) -> Iterator[tuple[Path, Cluster]]:
    """The folder and the running database. `more` goes into the environment, which the programs it starts inherit."""
    folder = Path(tempfile.mkdtemp(prefix="ks-bench-"))
    folder.chmod(0o711)  # the database does not run as root and must be able to walk in
    os.environ |= {
        "KITESTRING_HOME": str(folder / "home"),
        "KITESTRING_SECRET_KEY": "only-for-benchmarks-and-the-same-in-every-run-of-them",
        "KITESTRING_CRYPTO_KEYS": "a2l0ZXN0cmluZy10ZXN0cy1vbmx5LWtleS1vbmUtMDE=",
        "DJANGO_SETTINGS_MODULE": "kitestring.config.settings",
        **more,
    }
    cluster = Cluster(folder / "database")
    try:
        os.environ["DATABASE_URL"] = cluster.prepare()
        cluster.start()
        django.setup()
        call_command("migrate", verbosity=0)
        yield folder, cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
