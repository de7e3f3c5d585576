"""An instance of its own for one walk: temporary data folder, sandbox, supervisor with web and worker; gone afterwards."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import URLError
from urllib.request import Request, urlopen

from kitestring.kit.postgres import url_of_running
from kitestring.kit.tether import tethered
from kitestring.sandbox.addresses import Addresses, addresses
from kitestring.sandbox.once.door import Door

T = TypeVar("T")
SPEED = "1440"  # the audience lives a day in a minute
UP_WITHIN = 90.0
STOP_WITHIN = 15.0


class NotReached(Exception):
    """Something did not come about in time; the text says what."""


@dataclass
class Stage:
    """`doors` by member key, `ids` of what was made on the way, `logins` on channels that are not emulated."""

    home: Path
    base: str
    where: Addresses
    out: Path
    doors: dict[str, Door] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)
    real: dict[str, Any] = field(default_factory=dict)

    def switch(self, slug: str, name: str, **asked: Any) -> Any:
        """One of the sandbox's switches (see `sandbox.control`)."""
        request = Request(  # noqa: S310 - our own sandbox
            f"{self.where.index}/control/{slug}/{name}",
            json.dumps(asked).encode(),
            {"X-Kitestring-Sandbox": "1", "Content-Type": "application/json"},
        )
        with urlopen(request, timeout=10) as answer:  # noqa: S310 - our own sandbox
            return json.loads(answer.read())

    def until(self, what: str, look: Callable[[], T | None], within: float = 60.0) -> T:
        """The first true result of `look`. Raises NotReached with `what`."""
        deadline = time.monotonic() + within
        while True:
            found = look()
            if found:
                return found
            if time.monotonic() > deadline:
                raise NotReached(f"{what} did not come about within {within:.0f} s")
            time.sleep(0.25)


@contextmanager
def staged(out: Path, real: dict[str, Any], urls: dict[str, dict[str, str]]) -> Iterator[Stage]:
    """The instance, up. `real`: channels that real servers play, by slug; `urls`: their addresses by name."""
    home = Path(tempfile.mkdtemp(prefix="kitestring-once-"))
    # Root's database runs as somebody else, who must be able to walk through.
    home.chmod(0o711)
    base = f"http://127.0.0.1:{_free_port()}"
    os.environ["KITESTRING_SANDBOX_WITHOUT"] = ",".join(real)
    surroundings = {
        **{
            k: v
            for k, v in os.environ.items()
            if not k.startswith("KITESTRING_") or k == "KITESTRING_SANDBOX_WITHOUT"
        },
        "KITESTRING_HOME": str(home),
        "KITESTRING_BIND": base.removeprefix("http://"),
        "KITESTRING_SANDBOX_SPEED": SPEED,
        "KITESTRING_SANDBOX_OTHERS": json.dumps(urls),
        "KITESTRING_ALLOW_LOOPBACK": "1",
    }
    surroundings.pop("DATABASE_URL", None)
    where = addresses(home)
    log = (home / "up.log").open("wb")
    command = [sys.executable, "-m", "kitestring.cli", "up", "--demo"]
    process = subprocess.Popen(
        tethered(command, signal.SIGTERM), env=surroundings, stdout=log, stderr=log, start_new_session=True
    )
    try:
        _wait_until_up(process, base, where, home)
        yield Stage(home, base, where, out, real=real)
    finally:
        log.close()
        _stop(process)
        shutil.rmtree(home, ignore_errors=True)


def database_of(home: Path) -> str:
    """Raises NotReached when the instance's database does not run."""
    url = url_of_running(home)
    if not url:
        raise NotReached("The instance's database does not run.")
    return url


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(process: subprocess.Popen[bytes], base: str, where: Addresses, home: Path) -> None:
    deadline = time.monotonic() + UP_WITHIN
    for address in (f"{base}/health", where.index):
        while not _answers(address):
            if process.poll() is not None or time.monotonic() > deadline:
                words = (home / "up.log").read_text("utf-8", "replace")[-1500:]
                raise NotReached(f"The instance did not start. Its last words:\n{words}")
            time.sleep(0.1)


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=2) as answer:  # noqa: S310 - our own sandbox
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
