"""Keeps one instance alive: owns the database, brings the schema up, starts web and worker and restarts what dies.

One thread that sleeps until a child ends, a signal comes or a pause is over; so it costs nothing while all is well.
Nothing of it survives its own death: children get a signal from the system, the locks fall, and the next `up` finds
a folder it can use. web and worker never own the database.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from types import FrameType

from kitestring.cli.child import Child
from kitestring.cli.instance import GATE, MARK, Address, Instance
from kitestring.cli.programs import children
from kitestring.cli.ready import answers, port_is_free
from kitestring.cli.strays import end_strays
from kitestring.cli.trouble import CommandFailed
from kitestring.kit.postgres import Cluster, Trouble
from kitestring.kit.postgres.lock import Lock
from kitestring.kit.postgres.make import open_log, tail

STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
STOP_WITHIN = 5.0  # seconds for web and worker; the database has the rest of ten
READY_WITHIN = 60.0
HOPELESS_AFTER = 3  # deaths of the web before its first page


class Supervisor:
    """One run of an instance. `run` returns the exit code."""

    def __init__(self, instance: Instance, address: Address, *, demo: bool = False) -> None:
        self.instance = instance
        self.address = address
        self.demo = demo
        self.cluster: Cluster | None = None
        self.children: list[Child] = []
        self.stopping = False
        self._database_due: float | None = None
        self._database_deaths = 0

    def run(self) -> int:
        """Start, keep alive, stop. Raises `Trouble` or `CommandFailed` if it cannot even start."""
        self.instance.make_folders()
        self.instance.lock.take()
        self._watch_signals()
        try:
            self._start()
            self._greet()
            while not self.stopping:
                self._tend()
                self._sleep()
            say("Stopping ...")
        finally:
            self._stop()
        say("Stopped. Nothing of this instance is running any more.")
        return 0

    def _start(self) -> None:
        home = self.instance.home
        gone = end_strays(home)
        if gone:
            say(f"Ended {gone} processes that an earlier run had left.")
        if not port_is_free(self.address):
            raise CommandFailed(
                f"{self.address.url} is already in use by another program. Nothing was started. "
                "Stop that program, or choose another address: kitestring up --bind 127.0.0.1:8421"
            )
        if self.instance.make_secrets():
            say(
                f"Made the secrets of this instance: {self.instance.secrets_file}. Back them up with `kitestring backup`."
            )
        url = os.environ.get("DATABASE_URL")
        if not url:
            self.cluster = Cluster(home)
            url = self.cluster.prepare()
        surroundings = {**self.instance.surroundings(url), MARK: str(home), GATE: str(home / "web.gate")}
        self.children = children(surroundings, self.address, self.instance.logs, demo=self.demo)
        gate = Lock(home / "web.gate")
        gate.take()
        self.children[0].start()
        self._bring_up_database(surroundings)
        gate.drop()

    def _bring_up_database(self, surroundings: dict[str, str]) -> None:
        if self.cluster is not None:
            self.cluster.start()
            if self.cluster.adopted:
                say("Took over the database of an earlier run.")
        log = self.instance.logs / "migrate.log"
        with open_log(log) as words:
            command = [sys.executable, "-m", "kitestring.cli.migrate"]
            # Its own session: a Ctrl-C is ours, and a migration that has begun is brought to its end.
            done = subprocess.run(
                command, env=surroundings, check=False, stdout=words, stderr=words, start_new_session=True
            )
        if done.returncode != 0:
            raise CommandFailed(
                "The database could not be brought up to this version; its data was left as it was. "
                f"The last words, from {log}:\n{tail(log, 3)}"
            )

    def _greet(self) -> None:
        """Say where the pages are once the first one can be had; only then the others start, to leave it the cores."""
        web, *others = self.children
        self.children = [web]
        deadline = time.monotonic() + READY_WITHIN
        while not self.stopping and not answers(self.address):
            self._tend()
            if web.deaths >= HOPELESS_AFTER or time.monotonic() > deadline:
                raise CommandFailed(
                    f"The web pages do not start. Their last words, from {web.log}:\n{web.last_words()}"
                )
            time.sleep(0.05)
        if not self.stopping:
            say(f"Kitestring is up:  {self.address.url}")
            say(f"  data folder      {self.instance.home}")
            say(f"  logs             {self.instance.logs}")
            say(f"  to stop          Ctrl-C, or from elsewhere: kill {os.getpid()}")
            for child in others:
                child.start()
            self.children += others

    def _tend(self) -> None:
        """Notice deaths, and start again what is due."""
        self._tend_database()
        for child in self.children:
            if child.due is None and not child.running:
                pause = child.mourn()
                say(
                    f"{child.name} ended (exit code {child.exit_code}); starting it again in {pause:.1f} s. See {child.log}"
                )
            elif child.due is not None and child.due <= time.monotonic():
                child.start()

    def _tend_database(self) -> None:
        if self.cluster is None or self.cluster.alive():
            return
        if self._database_due is None:
            self._database_due = time.monotonic() + 0.1
            say("The database ended; starting it again.")
        elif self._database_due <= time.monotonic():
            try:
                self.cluster.revive()
                self._database_due, self._database_deaths = None, 0
            except Trouble as trouble:
                self._database_deaths += 1
                pause = min(2.0**self._database_deaths, 30.0)
                self._database_due = time.monotonic() + pause
                say(f"{trouble}\nTrying again in {pause:.0f} s.")

    def _sleep(self) -> None:
        """Until something happens: a process ends, a signal comes, a pause is over."""
        now = time.monotonic()
        dues = [
            due for due in (self._database_due, *(child.due for child in self.children)) if due is not None
        ]
        living = [child.pid for child in self.children if child.running and child.pid]
        if self.cluster and self.cluster.pid and self._database_due is None:
            living.append(self.cluster.pid)
        with ExitStack() as handles:
            watched = [self._wakened]
            for pid in living:
                with suppress(ProcessLookupError):
                    watched.append(os.pidfd_open(pid))
                    handles.callback(os.close, watched[-1])
            if len(watched) <= len(living):
                return  # one ended just now
            select.select(watched, [], [], max(0.0, min(dues) - now) if dues else None)
        with suppress(BlockingIOError):
            os.read(self._wakened, 64)

    def _watch_signals(self) -> None:
        """A signal writes a byte into a pipe that `_sleep` watches, so none is missed between two looks."""
        self._wakened, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        for number in STOPPING:
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _stop(self) -> None:
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_WITHIN
        while any(child.running for child in self.children) and time.monotonic() < deadline:
            time.sleep(0.02)
        for child in self.children:
            child.kill()
        if self.cluster is not None:
            self.cluster.stop()
        self.instance.lock.drop()


def say(text: str) -> None:
    # A full disk or a closed pipe must not end what keeps everything else alive.
    with suppress(OSError):
        print(text, flush=True)
