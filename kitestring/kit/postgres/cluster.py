"""The owner of one embedded PostgreSQL, from making it to stopping it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from kitestring.kit.postgres import conf, make, place, running
from kitestring.kit.postgres.engine import Engine, engine_for
from kitestring.kit.postgres.lock import Lock
from kitestring.kit.postgres.owner import clean_environment
from kitestring.kit.postgres.trouble import Trouble
from kitestring.kit.tether import tethered

START_WITHIN = 60.0  # seconds; a crash recovery replays at most max_wal_size
STOP_WITHIN = 4.0  # seconds for a clean stop before a hard one


class Cluster:
    """One PostgreSQL under `home`, owned by this process while it is started.

    home: the data folder (made if absent). durable: False gives up safety against power cuts for speed, for
    tests. tether: the server stops by itself when this process dies; start it from the main thread then.
    Raises `Trouble` with a sentence for the person, `Busy` if another process owns the folder.
    """

    def __init__(self, home: Path, *, durable: bool = True, tether: bool = True) -> None:
        self.home = home.absolute()
        self.durable = durable
        self.tether = tether
        self.pid: int | None = None
        self.adopted = False
        self.place: place.Place
        self.engine: Engine
        self.sockets: Path
        self._lock: Lock | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._flushing: subprocess.Popen[bytes] | None = None

    def prepare(self) -> str:
        """Own the folder and know the address, which is returned, before anything is started."""
        self.place = place.find(self.home)
        lock = Lock(self.place.folder / "owner.lock")
        lock.take()
        try:
            self.sockets = place.sockets(self.place)
        except BaseException:
            lock.drop()
            raise
        self._lock = lock
        return self.url()

    def start(self) -> None:
        """Have a running server that takes connections and holds the database `kitestring`."""
        if self._lock is None:
            self.prepare()
        try:
            self.engine = engine_for(self.place.owner)
            if make.cluster(self.place, self.engine) and self.durable:
                self._flushing = make.put_on_disk(self.place, self.engine)
            self._have_server()
            make.database(self.engine, self.sockets, running.ROLE)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server cleanly, harder after a while, and let go of the folder."""
        if self.pid is not None:
            for how, patience in ((signal.SIGINT, STOP_WITHIN), (signal.SIGQUIT, 2.0), (signal.SIGKILL, 2.0)):
                with suppress(ProcessLookupError):
                    os.kill(self.pid, how)
                if self._gone_within(patience):
                    break
        self.pid = self._child = None
        if self._flushing is not None:
            self._flushing.wait()
            self._flushing = None
        if self._lock is not None:
            with suppress(OSError):
                self.sockets.rmdir()
            self._lock.drop()
            self._lock = None

    def alive(self) -> bool:
        """Is the server process there? Cheap enough to ask often."""
        if self._child is not None:
            return self._child.poll() is None
        return self.pid is not None and running.postmaster(self.place.data) == self.pid

    def revive(self) -> None:
        """After the server died: clean up behind it and start it again. One that lingers is ended first."""
        self._end_unfit()
        self.sockets = place.sockets(self.place)
        self._have_server()

    def url(self, dbname: str = "kitestring") -> str:
        """The address of a database of this cluster, for DATABASE_URL, libpq and psycopg."""
        return running.url(self.sockets, dbname)

    def tool(self, name: str) -> Path:
        """The path of one of PostgreSQL's programs of the same version: pg_dump, pg_restore, psql."""
        return self.engine.tool(name)

    @property
    def log(self) -> Path:
        return self.place.folder / "server.log"

    def _have_server(self) -> None:
        if not self._adopt():
            running.clear_leftovers(self.place, self.sockets)
            self._launch()

    def _adopt(self) -> bool:
        """Take over a living server whose owner died; one that is just stopping is waited for."""
        pid = running.postmaster(self.place.data)
        if pid is None:
            return False
        self.pid = pid
        deadline = time.monotonic() + STOP_WITHIN
        while self.alive() and time.monotonic() < deadline:
            # Twice ready, a moment apart: the stop signal of a dying owner may still be on its way.
            ready = running.is_ready(self.place.data)
            time.sleep(0.05)
            sockets = running.socket_folder(self.place.data)
            if ready and self.alive() and running.is_ready(self.place.data) and sockets is not None:
                self.sockets, self.adopted = sockets, True
                return True
        self._end_unfit()
        return False

    def _end_unfit(self) -> None:
        if self.pid is not None and self.alive():
            os.kill(self.pid, signal.SIGQUIT)
            if not self._gone_within(3.0):
                os.kill(self.pid, signal.SIGKILL)
                self._gone_within(2.0)
        self.pid = self._child = None

    def _launch(self) -> None:
        config = make.configuration(
            self.place, conf.text(self.sockets, self.place.name, durable=self.durable)
        )
        server = str(self.engine.tool("postgres"))
        command = [server, "-D", str(self.place.data), "-c", f"config_file={config}"]
        owner, me = self.place.owner, os.geteuid()
        if self.tether:
            command = tethered(
                command, signal.SIGINT, uid=None if owner.uid == me else owner.uid, gid=owner.gid
            )
        become = owner.popen_options() if not self.tether else {}
        with make.open_log(self.log) as log:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                env=clean_environment(),
                **become,
            )
        self.pid, self.adopted = self._child.pid, False
        deadline = time.monotonic() + START_WITHIN
        while not (running.is_ready(self.place.data) and running.postmaster(self.place.data) == self.pid):
            if not self.alive() or time.monotonic() > deadline:
                raise Trouble(
                    f"The database did not start. Its own words, from {self.log}:\n{make.tail(self.log)}"
                )
            time.sleep(0.01)

    def _gone_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self.alive():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
