"""`kitestring up` for real: it starts, survives the death of any part and of itself, and stops without a trace."""

from __future__ import annotations

import signal
import socket
import stat
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg

from kitestring.cli.tests.conftest import Up, until
from kitestring.kit.postgres import Cluster, url_of_running

NewUp = Callable[..., Up]


def test_the_first_start_makes_all_it_needs(seed: Path) -> None:
    assert stat.S_IMODE((seed / "secrets.json").stat().st_mode) == 0o600
    for closed in ("media", "logs", "reports"):
        assert stat.S_IMODE((seed / closed).stat().st_mode) == 0o700, closed
    said = seed.with_name("made").read_text()
    assert "Made the secrets" in said
    assert str(seed) in said
    assert "Stopped. Nothing of this instance is running any more." in said


def test_every_part_that_is_killed_comes_back(home: Path, new_up: NewUp) -> None:
    up = new_up(home).wait_until_up()
    for words in (("granian",), ("kitestring.cli", "worker"), ("postgres", "-D")):
        victim = up.one(*words)
        victim.kill()
        victim_gone = lambda v=victim: not v.is_running() or v.status() == psutil.STATUS_ZOMBIE  # noqa: E731 - read once, below
        until(victim_gone, f"{words} does not die")
        until(lambda w=words, v=victim: _another(up, w, v.pid), f"{words} did not come back: {up.words}")
        until(up.ready, "no page comes any more")
    inner = up.one("granian").children()[0]
    inner.kill()
    until(lambda: not inner.is_running() and up.ready(), "the web did not come back")
    url = url_of_running(home)
    assert url is not None
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) > 10 FROM django_migrations").fetchone() == (True,)


def _another(up: Up, words: tuple[str, ...], pid: int) -> bool:
    try:
        return up.one(*words).pid != pid
    except (StopIteration, psutil.Error):
        return False


def test_a_second_start_is_refused_and_a_stop_leaves_nothing_behind(home: Path, new_up: NewUp) -> None:
    up = new_up(home).wait_until_up()
    second = new_up(home)
    assert second.process.wait(20) == 1
    assert "already runs on" in second.words
    assert "Traceback" not in second.words
    assert f"kill {up.process.pid}" in up.words  # how to stop it from another terminal
    started = time.monotonic()
    assert up.stop() == 0, up.words
    assert time.monotonic() - started < 10
    assert up.left() == []
    assert not up.ready()


def test_after_a_kill_of_the_supervisor_the_next_start_recovers(home: Path, new_up: NewUp) -> None:
    first = new_up(home).wait_until_up()
    # The worst case: the web's own parent is killed with the supervisor, so its child is told by nobody.
    web, orphan = first.one("granian"), first.one("granian").children()[0]
    # Held still first: else it may notice the web's death before its own, and clean up.
    first.process.suspend()
    web.kill()
    first.process.kill()
    first.process.wait(5)
    assert orphan.is_running()
    second = new_up(home, port=first.address.port).wait_until_up()
    assert "an earlier run had left" in second.words
    assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE
    assert second.ready()
    assert second.stop() == 0
    assert second.left() == []


def test_everything_ends_when_the_supervisor_is_killed(home: Path, new_up: NewUp) -> None:
    up = new_up(home).wait_until_up()
    up.process.kill()
    up.process.wait(5)
    until(lambda: not up.left(), f"still there: {up.left()}", 15)


def test_a_taken_address_is_said_before_anything_starts(home: Path, new_up: NewUp) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        up = new_up(home, port=taken.getsockname()[1])
        assert up.process.wait(20) == 1
    assert "already in use by another program" in up.words
    assert up.left() == []


def test_a_named_database_is_used_and_never_stopped(home: Path, place: Path, new_up: NewUp) -> None:
    with Cluster(home) as named:
        up = new_up(place / "other", DATABASE_URL=named.url()).wait_until_up()
        assert not (place / "other" / "postgres").exists()
        assert up.stop() == 0
        assert named.alive()


def test_the_demo_has_its_sandbox_and_a_hangup_stops_it(home: Path, new_up: NewUp) -> None:
    up = new_up(home, "--demo").wait_until_up()
    found = up.one("granian").environ()
    assert found["KITESTRING_DEMO"] == "1"
    assert "http://127.0.0.1:" in found["KITESTRING_CHANNEL_URLS"]
    log = home / "logs" / "sandbox.log"
    until(lambda: log.exists() and "The sandbox is up" in log.read_text(), f"no sandbox: {up.words}")
    up.process.send_signal(signal.SIGHUP)
    assert up.process.wait(15) == 0
    assert up.left() == []
