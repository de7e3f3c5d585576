"""`kitestring up` answers its first page in at most 3 s on an existing data folder, 10 s on a new one; 350 MB in all.

Each run is the real command as a process of its own, on a data folder and port of its own, until /health answers 200.
`mb` is the proportional memory (PSS) of supervisor, web, worker and database together, after a page was served.
"""

from __future__ import annotations

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

RUNS = 5
LIMITS = {"seconds": 3.0, "first_seconds": 10.0, "mb": 350.0}
PATIENCE = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(home: Path, port: int) -> tuple[subprocess.Popen[bytes], float]:
    """The running command and the seconds until its first page."""
    environment = os.environ | {"KITESTRING_HOME": str(home), "KITESTRING_BIND": f"127.0.0.1:{port}"}
    environment.pop("DATABASE_URL", None)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed wheel has its compiled files
    begun = time.perf_counter()
    up = subprocess.Popen(
        [sys.executable, "-m", "kitestring.cli", "up"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    while time.perf_counter() - begun < PATIENCE:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/welcome/", timeout=5) as answer:
                if answer.status == 200:
                    return up, time.perf_counter() - begun
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
        if up.poll() is not None:
            break
    stop(up)
    raise SystemExit("kitestring up did not answer; see its logs in the data folder")


def stop(up: subprocess.Popen[bytes]) -> None:
    if up.poll() is None:
        up.send_signal(signal.SIGTERM)
        up.wait(timeout=30)


def memory(up: subprocess.Popen[bytes], home: Path) -> dict[str, float]:
    """PSS in MB by part. The database is no child when it was adopted, so it is found by its data folder."""
    whole = [psutil.Process(up.pid), *psutil.Process(up.pid).children(recursive=True)]
    seen = {p.pid for p in whole}
    for process in psutil.process_iter(["pid", "name"]):
        if process.pid not in seen and (process.info["name"] or "").startswith("postgres"):
            parents = {p.pid for p in process.parents()}
            if parents & seen or any(str(home) in part for part in process.cmdline()):
                whole.append(process)
    parts: dict[str, float] = {}
    for process in whole:
        try:
            name = "database" if process.name().startswith("postgres") else "python"
            parts[name] = parts.get(name, 0.0) + process.memory_full_info().pss / 1e6
        except psutil.Error:
            continue
    return parts


def main() -> int:
    rows: list[tuple[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="ks-bench-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)
        home, port = Path(folder) / "home", free_port()
        up, first = start(home, port)
        stop(up)
        rows.append(("first ever", first))
        again = []
        for number in range(RUNS):
            up, seconds = start(home, port)
            again.append(seconds)
            rows.append((f"existing folder, run {number + 1}", seconds))
            if number == RUNS - 1:
                time.sleep(5)
                used = memory(up, home)
            stop(up)
    median = statistics.median(again)
    mb = sum(used.values())
    for name, seconds in rows:
        print(f"{name:<28} {seconds:6.2f} s")
    for name, value in sorted(used.items()):
        print(f"memory, {name:<20} {value:6.0f} MB")
    print(
        f"ratio to the limits: {median / LIMITS['seconds']:.2f} {first / LIMITS['first_seconds']:.2f} {mb / LIMITS['mb']:.2f}"
    )
    print(f"cold_start seconds={median:.2f} first_seconds={first:.2f} mb={mb:.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
